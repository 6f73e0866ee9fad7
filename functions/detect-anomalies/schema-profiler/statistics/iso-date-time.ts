/** Reads ISO dates and timestamps straight from bytes: the formats that nearly every file uses, without a string per cell. */

/** What the last successful read found; one object, rewritten each time. */
export const isoValue = {
  /** Milliseconds since 1970, UTC where the text names no zone. */
  value: 0,
  /** Index into `isoFormats`. */
  format: 0,
};

const DAY = 86_400_000;
const ZONES = ['', 'XXX', 'XXX', 'XX', 'X'];
const FRACTIONS = 10;
/** 0: a date; then time without seconds and with 0 to 9 digits of a second's fraction, for ` ` and `T`, for each kind of zone. */
export const isoFormats: readonly string[] = [
  'yyyy-MM-dd',
  ...[' ', "'T'"].flatMap((separator) =>
    ZONES.flatMap((zone) => [
      `yyyy-MM-dd${separator}HH:mm${zone}`,
      ...Array.from(
        { length: FRACTIONS },
        (_, digits) => `yyyy-MM-dd${separator}HH:mm:ss${digits === 0 ? '' : `.${'S'.repeat(digits)}`}${zone}`,
      ),
    ]),
  ),
];
const PER_ZONE = FRACTIONS + 1;
const PER_SEPARATOR = PER_ZONE * ZONES.length;

/** 0: no such text; 1: a date; 2: a timestamp without a zone; 3: with one. `isoValue` then holds the rest. */
export function readIsoDateTime(bytes: Uint8Array, start: number, end: number): 0 | 1 | 2 | 3 {
  const length = end - start;
  if (length < 10 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return 0;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return 0;
  const date = daysSince1970(year, month, day) * DAY;
  if (length === 10) {
    isoValue.value = date;
    isoValue.format = 0;
    return 1;
  }
  const separator = bytes[start + 10];
  if (length < 16 || (separator !== 0x20 && separator !== 0x54) || bytes[start + 13] !== 0x3a) return 0;
  const hours = two(bytes, start + 11);
  const minutes = two(bytes, start + 14);
  if (!(hours <= 23 && minutes <= 59)) return 0;
  let at = start + 16;
  let seconds = 0;
  let milliseconds = 0;
  let precision = 0;
  if (at < end && bytes[at] === 0x3a) {
    seconds = end - at >= 3 ? two(bytes, at + 1) : Number.NaN;
    if (!(seconds <= 59)) return 0;
    precision = 1;
    at += 3;
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      let scale = 100;
      let digits = 0;
      for (at += 1; at < end && isDigit(bytes[at] as number) && digits < 9; at += 1, digits += 1) {
        milliseconds += ((bytes[at] as number) - 0x30) * scale;
        scale /= 10;
      }
      if (digits === 0) return 0;
      precision += digits;
    }
  }
  const zone = readZone(bytes, at, end);
  if (zone < 0) return 0;
  isoValue.value = date + ((hours * 60 + minutes - zoneOffset) * 60 + seconds) * 1000 + milliseconds;
  isoValue.format = 1 + (separator === 0x20 ? 0 : PER_SEPARATOR) + zone * PER_ZONE + precision;
  return zone === 0 ? 2 : 3;
}

let zoneOffset = 0;

/** The kind of zone (an index into ZONES) that fills the rest, -1 for anything else; minutes east of UTC go to `zoneOffset`. */
function readZone(bytes: Uint8Array, start: number, end: number): number {
  zoneOffset = 0;
  if (start === end) return 0;
  const sign = bytes[start];
  if (sign === 0x5a) return end - start === 1 ? 1 : -1;
  if (sign !== 0x2b && sign !== 0x2d) return -1;
  const length = end - start;
  const hours = length >= 3 ? two(bytes, start + 1) : Number.NaN;
  const minutes =
    length === 6 && bytes[start + 3] === 0x3a
      ? two(bytes, start + 4)
      : length === 5
        ? two(bytes, start + 3)
        : length === 3
          ? 0
          : Number.NaN;
  if (!(hours <= 18 && minutes <= 59)) return -1;
  zoneOffset = (sign === 0x2b ? 1 : -1) * (hours * 60 + minutes);
  return length === 6 ? 2 : length === 5 ? 3 : 4;
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** Two digits as a number, NaN where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** The proleptic Gregorian calendar, by Howard Hinnant's `days_from_civil`. */
export function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
