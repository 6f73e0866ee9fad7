/**
 * Reads a date or a timestamp in the formats that logs, exports and people write, strictly: every field in range, nothing left over.
 * Where day and month could be either, month comes first (12/31 and 31/12 are told apart by their values); the format says which.
 */
import { daysInMonth } from './iso-date-time.ts';

export interface DateTimeValue {
  readonly kind: 'date' | 'datetime';
  /** `2014-04-26T17:24:37.318+02:00`; `+00:00` where the text names no offset. The fraction keeps its digits but trailing zeros. */
  readonly iso: string;
  /** In the letters of Java's and Spark's date patterns: `MM/dd/yyyy HH:mm`, `epoch seconds` for bare numbers. */
  readonly format: string;
  readonly hasZone: boolean;
  /** True where either of two numbers could be the day. */
  readonly ambiguous: boolean;
}

const LONGEST = 80;

/** Null where the whole text is no date. `dayFirst`: the order where both are possible. Bare numbers count by their length: `2014`, `20140601`, epoch seconds to nanoseconds. */
export function parseDateTime(text: string, dayFirst = false): DateTimeValue | null {
  const trimmed = text.trim();
  if (trimmed.length < 4 || trimmed.length > LONGEST || !/\d/.test(trimmed)) return null;
  return parseNumeric(trimmed) ?? parseComposed(trimmed, dayFirst);
}

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly format: string;
  readonly ambiguous?: boolean;
}

interface Time {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly fraction: string;
  readonly format: string;
}

interface Zone {
  /** `+00:00` */
  readonly offset: string;
  readonly format: string;
}

const NO_TIME: Time = { hours: 0, minutes: 0, seconds: 0, fraction: '', format: '' };
const EPOCH_UNITS: readonly (readonly [RegExp, bigint, string])[] = [
  [/^\d{9,10}$/, 1_000_000_000n, 'epoch seconds'],
  [/^\d{12,13}$/, 1_000_000n, 'epoch milliseconds'],
  [/^\d{15,16}$/, 1000n, 'epoch microseconds'],
  [/^\d{18,19}$/, 1n, 'epoch nanoseconds'],
];

/** Numbers without any sign between the digits. */
function parseNumeric(text: string): DateTimeValue | null {
  if (!/^\d+$/.test(text)) return null;
  if (text.length === 4) return compose({ year: Number(text), month: 1, day: 1, format: 'yyyy' }, null, null);
  const compact = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/.exec(text);
  if (compact && text.length !== 10) {
    const [year, month, day, hours, minutes, seconds] = compact.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const time =
      compact[4] === undefined ? null : { hours, minutes, seconds, fraction: '', format: `HHmm${compact[6] === undefined ? '' : 'ss'}` };
    return compose({ year, month, day, format: 'yyyyMMdd' }, time, null);
  }
  const unit = EPOCH_UNITS.find(([pattern]) => pattern.test(text));
  return unit ? fromEpoch(BigInt(text) * unit[1], unit[2]) : null;
}

function fromEpoch(nanoseconds: bigint, format: string): DateTimeValue {
  const seconds = nanoseconds / 1_000_000_000n;
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const iso = `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}+00:00`;
  return { kind: 'datetime', iso, format, hasZone: false, ambiguous: false };
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(uary|ruary|ch|il|e|y|ust|tember|t|ober|ember)?\\.?';
const FULL_MONTHS = 'january february march april may june july august september october november december sept'.split(' ');
const WEEKDAY = /^(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s+/i;

const YEAR_FIRST = /^(\d{4})([-/.:])(\d{1,2})\2(\d{1,2})(?!\d)/;
const MONTH_ONLY = /^(\d{4})([-./])(\d{2})$/;
const ORDINAL = /^(\d{4})-(\d{3})(?!\d)/;
const ISO_WEEK = /^(\d{4})-W(\d{2})-(\d)(?!\d)/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const IDEOGRAPHS = /^(\d{4})年(\d{1,2})月(\d{1,2})日/;
const BASIC = /^(\d{4})(\d\d)(\d\d)(?=T\d{4})/;
const MYSQL_LOG = /^(\d\d)(\d\d)(\d\d)(?=\s+\d{1,2}:\d\d:\d\d$)/;
const DAY_NAME_YEAR = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?([-/ ]|\\s+(?:of\\s+)?)${MONTH}(?:[-/]|,?\\s+)'?(\\d{4}|\\d{2})(?!\\d)`, 'i');
const NAME_DAY_YEAR = new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,\\s*|\\s+)'?(\\d{4}|\\d{2})(?![\\d:])`, 'i');
const YEAR_NAME_DAY = new RegExp(`^(\\d{4})[-/ ]${MONTH}[-/ ](\\d{1,2})(?!\\d)`, 'i');
/** `Mon Jan  2 15:04:05 MST 2006`: the year behind the time. */
const C_TIME = new RegExp(`^${MONTH}\\s+(\\d{1,2})\\s+(\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)\\s+(?:(\\S{1,12})\\s+)?(\\d{4})$`, 'i');

function parseComposed(whole: string, dayFirst: boolean): DateTimeValue | null {
  // a web server's log line keeps its time in brackets
  const bracketed = /^(?:\S+ \S+ \S+ )?\[([^[\]]+)\]$/.exec(whole);
  const text = (bracketed?.[1] ?? whole).trim();
  const weekday = WEEKDAY.exec(text)?.[0] ?? '';
  const bare = text.slice(weekday.length);
  const prefix = weekday === '' ? '' : 'EEE, ';
  const swapped = C_TIME.exec(bare);
  if (swapped) {
    const [, name = '', tail, day = '', time = '', zone, year = ''] = swapped;
    const rest = readTime(` ${time}`);
    const date = named(name, tail, day, year, `${prefix.replace(',', '')}MMM d`);
    const offset = zone === undefined ? null : readZone(zone);
    return !date || !rest || (zone !== undefined && !offset) ? null : compose(date, rest.time, offset);
  }
  for (const read of READERS) {
    const matched = read(bare, dayFirst);
    if (matched) return withTime({ ...matched.date, format: `${prefix}${matched.date.format}` }, bare.slice(matched.length));
  }
  return null;
}

type Reader = (text: string, dayFirst: boolean) => { date: Fields; length: number } | null;

const READERS: readonly Reader[] = [
  (text) => {
    const match = YEAR_FIRST.exec(text);
    if (!match) return null;
    const [whole, year, sign = '', month = '', day = ''] = match;
    const isLong = month.length === 2 && day.length === 2;
    return dated(whole, year, month, day, isLong ? `yyyy${sign}MM${sign}dd` : `yyyy${sign}M${sign}d`);
  },
  (text) => {
    const match = MONTH_ONLY.exec(text);
    return match && dated(match[0], match[1], match[3], '1', `yyyy${match[2]}MM`);
  },
  (text) => {
    const match = ORDINAL.exec(text);
    if (!match) return null;
    const [year, ordinal] = [Number(match[1]), Number(match[2])];
    const date = new Date(Date.UTC(year, 0, ordinal));
    return ordinal >= 1 && date.getUTCFullYear() === year
      ? dated(match[0], year, date.getUTCMonth() + 1, date.getUTCDate(), 'yyyy-DDD')
      : null;
  },
  (text) => {
    const match = ISO_WEEK.exec(text);
    return match && isoWeek(match[0], Number(match[1]), Number(match[2]), Number(match[3]));
  },
  readYearLast,
  (text) => {
    const match = IDEOGRAPHS.exec(text);
    return match && dated(match[0], match[1], match[2], match[3], 'yyyy年MM月dd日');
  },
  (text) => {
    const match = BASIC.exec(text);
    return match && dated(match[0], match[1], match[2], match[3], 'yyyyMMdd');
  },
  (text) => {
    const match = MYSQL_LOG.exec(text);
    return match && dated(match[0], fullYear(match[1] ?? ''), match[2], match[3], 'yyMMdd');
  },
  (text) => {
    const match = DAY_NAME_YEAR.exec(text);
    if (!match) return null;
    const [whole, day = '', sign = '', name = '', tail, year = ''] = match;
    const separator = /[-/]/.test(sign) ? sign : ' ';
    const date = named(name, tail, day, year, `d${separator}${monthLetters(name, tail)}${separator}${'y'.repeat(year.length)}`);
    return date && { date, length: whole.length };
  },
  (text) => {
    const match = NAME_DAY_YEAR.exec(text);
    if (!match) return null;
    const [whole, name = '', tail, day = '', year = ''] = match;
    const date = named(name, tail, day, year, `${monthLetters(name, tail)} d${whole.includes(',') ? ',' : ''} ${'y'.repeat(year.length)}`);
    return date && { date, length: whole.length };
  },
  (text) => {
    const match = YEAR_NAME_DAY.exec(text);
    if (!match) return null;
    const [whole, year = '', name = '', tail, day = ''] = match;
    const date = named(name, tail, day, year, `yyyy-${monthLetters(name, tail)}-dd`);
    return date && { date, length: whole.length };
  },
];

/** `03/31/2014`, `31.12.2020`: the order by the values; where both orders are dates, by what is usual with that sign. */
function readYearLast(text: string, preferDay: boolean): { date: Fields; length: number } | null {
  const match = YEAR_LAST.exec(text);
  if (!match) return null;
  const [whole, first = '', sign = '', second = '', year = ''] = match;
  const isShort = first.length === 1 || second.length === 1;
  // 1.2.34 is a version, not a date
  if (year.length === 2 && sign !== '/' && isShort) return null;
  const [a, b] = [Number(first), Number(second)];
  const ambiguous = a <= 12 && b <= 12;
  const dayFirst = a > 12 || (b <= 12 && (preferDay || sign !== '/'));
  const order = dayFirst ? ['d', 'M'] : ['M', 'd'];
  const letters = isShort ? order : order.map((letter) => letter.repeat(2));
  const format = [...letters, 'y'.repeat(year.length)].join(sign);
  const read = dated(whole, fullYear(year), dayFirst ? b : a, dayFirst ? a : b, format);
  return { ...read, date: { ...read.date, ambiguous } };
}

function dated(whole: string, year: unknown, month: unknown, day: unknown, format: string): { date: Fields; length: number } {
  return { date: { year: Number(year), month: Number(month), day: Number(day), format }, length: whole.length };
}

function isoWeek(whole: string, year: number, week: number, weekday: number): { date: Fields; length: number } | null {
  if (week < 1 || week > 53 || weekday < 1 || weekday > 7) return null;
  // the week with 4 January in it is the first
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * 86_400_000;
  const date = new Date(monday + ((week - 1) * 7 + weekday - 1) * 86_400_000);
  const thursday = new Date(date.getTime() + (4 - weekday) * 86_400_000);
  if (thursday.getUTCFullYear() !== year) return null;
  return dated(whole, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), "YYYY-'W'ww-u");
}

function named(name: string, tail: string | undefined, day: string, year: string, format: string): Fields | null {
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  const word = `${name}${tail ?? ''}`.toLowerCase();
  if (word.length > 3 && !FULL_MONTHS.includes(word)) return null;
  return { year: fullYear(year), month, day: Number(day), format };
}

const monthLetters = (name: string, tail: string | undefined) =>
  tail !== undefined && `${name}${tail}`.toLowerCase() !== 'sept' ? 'MMMM' : 'MMM';

/** Two digits: 70 to 99 are of the last century. */
const fullYear = (year: string) => (year.length > 2 ? Number(year) : Number(year) + (Number(year) >= 70 ? 1900 : 2000));

const TIME = /^(\s*,\s*|\s+at\s+|\s+|T|:|-)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?(\s*[ap]\.?m\.?(?![a-z]))?/i;
const BASIC_TIME = /^T(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?/;

function readTime(text: string): { time: Time; length: number } | null {
  const basic = BASIC_TIME.exec(text);
  const match = TIME.exec(text);
  if (basic) {
    const [whole, hours, minutes, seconds, fraction = ''] = basic;
    return timed(whole, hours, minutes, seconds, fraction, undefined, `'T'HHmm${seconds === undefined ? '' : 'ss'}`);
  }
  if (!match) return null;
  const [whole, sign = '', hours = '', minutes, seconds, fraction = '', half] = match;
  const separator = sign === 'T' ? "'T'" : sign === ':' ? ':' : sign.includes(',') ? ', ' : sign.trim() === 'at' ? " 'at' " : ' ';
  const letters = `${half === undefined ? 'HH' : 'h'}:mm${seconds === undefined ? '' : ':ss'}`;
  return timed(
    whole,
    hours,
    minutes,
    seconds,
    fraction,
    half,
    `${separator}${letters}${fraction === '' ? '' : `.${'S'.repeat(fraction.length)}`}${half === undefined ? '' : ' a'}`,
  );
}

function timed(
  whole: string,
  hours: string | undefined,
  minutes: string | undefined,
  seconds: string | undefined,
  fraction: string,
  half: string | undefined,
  format: string,
): { time: Time; length: number } | null {
  const written = Number(hours);
  if (half !== undefined && (written < 1 || written > 12)) return null;
  const hour = half === undefined ? written : (written % 12) + (/p/i.test(half) ? 12 : 0);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return null;
  const digits = fraction.replace(/0+$/, '');
  return { time: { hours: hour, minutes: Number(minutes), seconds: Number(seconds ?? 0), fraction: digits, format }, length: whole.length };
}

/** Abbreviations name no one zone (CST has three): they are taken as UTC, an offset beside them counts. */
const ZONE =
  /^(?:(z)|(?:(utc|gmt|[a-z]{2,5}))?([+-])(\d{2})(?::?(\d{2}))?|(utc|gmt|[a-z]{3,5}))(?:\s+(?:[+-]\d{2,4}|[a-z]{3,5}))?(?:\s*\([a-z0-9:+ -]{1,40}\))?(?:\s+m=[+-]\d+\.\d+)?$/i;

function readZone(text: string): Zone | null {
  const match = ZONE.exec(text);
  if (!match) return null;
  const [, zulu, , sign, hours, minutes] = match;
  if (zulu !== undefined) return { offset: '+00:00', format: 'XXX' };
  if (sign === undefined) return { offset: '+00:00', format: ' z' };
  if (Number(hours) > 18 || Number(minutes ?? 0) > 59) return null;
  return { offset: `${sign}${hours}:${minutes ?? '00'}`, format: text.includes(':') ? 'XXX' : minutes === undefined ? 'X' : 'XX' };
}

function withTime(date: Fields, rest: string): DateTimeValue | null {
  if (rest === '') return compose(date, null, null);
  const read = readTime(rest);
  const left = (read ? rest.slice(read.length) : rest).trimStart();
  if (left === '') return read && compose(date, read.time, null);
  // a date alone takes an offset only: `2020-07-20+08:00`
  if (!read && !/^(?:z|[+-]\d\d:?\d\d)$/i.test(left)) return null;
  const zone = readZone(left);
  return zone && compose(date, read?.time ?? NO_TIME, zone);
}

function compose(date: Fields, time: Time | null, zone: Zone | null): DateTimeValue | null {
  const { year, month, day } = date;
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return null;
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const { hours, minutes, seconds, fraction, format } = time ?? NO_TIME;
  const clock = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${fraction === '' ? '' : `.${fraction}`}`;
  return {
    kind: time || zone ? 'datetime' : 'date',
    iso: `${pad(year, 4)}-${pad(month)}-${pad(day)}T${clock}${zone?.offset ?? '+00:00'}`,
    format: `${date.format}${format}${zone?.format ?? ''}`,
    hasZone: zone !== null,
    ambiguous: date.ambiguous ?? false,
  };
}
