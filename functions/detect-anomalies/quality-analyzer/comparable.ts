/** Texts as numbers, where they have an order: numbers, dates, times of day. */
export type Unit = 'number' | 'date' | 'time';

/** A value on its unit's scale: the number itself, milliseconds since 1970, or seconds since midnight. */
export interface Comparable {
  readonly unit: Unit;
  readonly value: number;
}

const NUMBER = /^[+-]?(?:\d{1,38}(?:\.\d{0,38})?|\.\d{1,38})(?:[eE][+-]?\d{1,3})?$/;
const DATE = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})? ?([ap])?\.?(?:m\.?)?$/i;

export function comparable(text: string): Comparable | null {
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { unit: 'number', value } : null;
  }
  const date = DATE.exec(text);
  if (date) {
    const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = date.slice(1).map((part) => Number(part ?? 0));
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
