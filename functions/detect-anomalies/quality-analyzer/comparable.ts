/** Texts as numbers, where they have an order: numbers, dates, times of day. */
export type Unit = 'number' | 'date' | 'time';

/** A value on its unit's scale: the number itself, milliseconds since 1970, or seconds since midnight. */
export interface Comparable {
  readonly unit: Unit;
  readonly value: number;
}

const NUMBER = /^[+-]?(?:\d{1,38}(?:\.\d{0,38})?|\.\d{1,38})(?:[eE][+-]?\d{1,3})?$/;
const DATE = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/;
/** Dots are written between day, month and year, in this order, wherever they are written between them. */
const DOTTED_DATE = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{2}):(\d{2})(?::(\d{2}))?)?$/;
/** Which of the first two is the month, one value alone does not say. */
const OTHER_DATE = /^\d{1,2}([-/])\d{1,2}\1\d{4}(?:[T ,]|$)/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})? ?([ap])?\.?(?:m\.?)?$/i;

export function comparable(text: string): Comparable | null {
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { unit: 'number', value } : null;
  }
  const date = DATE.exec(text);
  const dotted = date ? null : DOTTED_DATE.exec(text);
  if (date || dotted) {
    const parts = (date ?? dotted ?? []).slice(1).map((part) => Number(part ?? 0));
    const [hours = 0, minutes = 0, seconds = 0] = parts.slice(3);
    const [year = 0, month = 1, day = 1] = dotted ? parts.slice(0, 3).reverse() : parts;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31
      ? { unit: 'date', value: Date.UTC(year, month - 1, day, hours, minutes, seconds) }
      : null;
  }
  const time = TIME.exec(text);
  if (!time) return null;
  const [hours, minutes, seconds] = [Number(time[1]), Number(time[2]), Number(time[3] ?? 0)];
  if (hours > 24 || minutes > 59 || seconds > 59) return null;
  const half = time[4]?.toLowerCase();
  return { unit: 'time', value: ((half ? (hours % 12) + (half === 'p' ? 12 : 0) : hours) * 60 + minutes) * 60 + seconds };
}

/** Whether a text is a date, also one of which only the whole column could tell the order of day and month. */
export function isDate(text: string): boolean {
  return OTHER_DATE.test(text) || comparable(text)?.unit === 'date';
}
