/** Turns the statistics of one path into its entry in the profile: the type that holds all its values, and what they look like. */
import type { ColumnProfile } from '../dataset-profile.ts';
import { BOOLEAN, DATE, DECIMAL, INTEGER, NULL_MARKER, TEXT, TIMESTAMP, TIMESTAMP_TZ } from './classify-text.ts';
import type { ColumnStatistics } from './column-statistics.ts';
import { isoFormats } from './iso-date-time.ts';

const MOST_LISTED = 10;
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const KIND_NAMES: readonly (readonly [number, string])[] = [
  [NULL_MARKER, 'nullMarker'],
  [BOOLEAN, 'boolean'],
  [INTEGER, 'integer'],
  [DECIMAL, 'decimal'],
  [DATE, 'date'],
  [TIMESTAMP, 'timestamp'],
  [TIMESTAMP_TZ, 'timestamptz'],
  [TEXT, 'text'],
];
/** Digits that a double keeps. */
const DOUBLE_DIGITS = 15;
const LARGEST_BIGINT = 2n ** 63n;

/** The narrowest Glue type that holds every value seen, null markers left aside; `void` without values. */
export function typeOf(statistics: ColumnStatistics): string {
  statistics.settle();
  const has = (kind: number) => (statistics.kinds[kind] ?? 0) > 0;
  if (has(TEXT)) return 'string';
  const isNumeric = has(INTEGER) || has(DECIMAL);
  const isTemporal = has(DATE) || has(TIMESTAMP) || has(TIMESTAMP_TZ);
  if (Number(isNumeric) + Number(isTemporal) + Number(has(BOOLEAN)) > 1) return 'string';
  if (has(BOOLEAN)) return 'boolean';
  if (isNumeric) return numericType(statistics, has(DECIMAL));
  if (has(TIMESTAMP)) return 'timestamp';
  if (has(TIMESTAMP_TZ)) return has(DATE) ? 'timestamp' : 'timestamptz';
  if (has(DATE)) return 'date';
  // markers alone: `NaN` throughout is text that nobody can tell from a missing value
  return 'void';
}

function numericType(statistics: ColumnStatistics, hasDecimals: boolean): string {
  const { maxIntegerDigits, maxScale, minBig, maxBig } = statistics;
  if (!hasDecimals) {
    const fits = (minBig === null || minBig >= -LARGEST_BIGINT) && (maxBig === null || maxBig < LARGEST_BIGINT) && maxIntegerDigits <= 19;
    return fits ? 'bigint' : maxIntegerDigits <= 38 ? `decimal(${maxIntegerDigits},0)` : 'string';
  }
  const digits = maxIntegerDigits + maxScale;
  // more digits than a double keeps, and all of them written: money or identifiers, not measurements
  return digits > DOUBLE_DIGITS + 2 && digits <= 38 && maxScale > 0 && maxScale <= 10 && Number.isFinite(statistics.maxNumber)
    ? `decimal(${digits},${maxScale})`
    : 'double';
}

/** `count`: the values under the path, nulls included. `declared`: the type where the file declares one. */
export function summarizeColumn(path: string, count: number, statistics: ColumnStatistics, declared?: string): ColumnProfile {
  statistics.settle();
  const type = declared ?? typeOf(statistics);
  const isText = type === 'string';
  const markers = declared === undefined && !isText ? (statistics.kinds[NULL_MARKER] ?? 0) : 0;
  const [min, max] = rangeOf(statistics, type);
  return {
    path,
    type,
    count,
    nulls: statistics.nulls + markers,
    distinct: Math.max(
      Math.min(statistics.distinct.count() - (markers > 0 ? statistics.markers.size : 0), count - statistics.nulls - markers),
      0,
    ),
    min,
    max,
    ...numericShape(statistics, type),
    ...textShape(statistics, isText || type === 'binary'),
    ...(type === 'boolean' && statistics.trueCount >= 0
      ? { trueShare: share(statistics.trueCount, count - statistics.nulls - markers) }
      : {}),
    ...listed('nullMarkers', statistics.markers, (marker, times) => ({ marker, count: times })),
    ...listed('dateFormats', dateFormatsOf(statistics), (format, times) => ({ format, count: times })),
    ...(declared === undefined ? kindsOf(statistics) : {}),
  };
}

type Value = ColumnProfile['min'];

function rangeOf(statistics: ColumnStatistics, type: string): [Value, Value] {
  if (type === 'string' || type === 'binary') return statistics.textRange() ?? [null, null];
  if (type === 'boolean') {
    const values = statistics.kinds[BOOLEAN] ?? 0;
    return values === 0 ? [null, null] : [statistics.trueCount === values, statistics.trueCount > 0];
  }
  if (isTemporalType(type))
    return statistics.minTime > statistics.maxTime ? [null, null] : [isoOf(statistics.minTime, type), isoOf(statistics.maxTime, type)];
  if (statistics.minNumber > statistics.maxNumber) return [null, null];
  const { minNumber, maxNumber, minBig, maxBig } = statistics;
  return [exact(minNumber, minBig, type), exact(maxNumber, maxBig, type)];
}

/** The integer in full where a number cannot hold it. */
function exact(number: number, big: bigint | null, type: string): Value {
  if (type === 'double' || type === 'float' || big === null || Math.abs(number) < 2 ** 53) return jsonNumber(number);
  return big.toString();
}

/** JSON knows no infinity. */
const jsonNumber = (value: number): Value => (Number.isFinite(value) ? value : String(value));

const isTemporalType = (type: string) => type === 'date' || type.startsWith('timestamp');

/** A date, or a timestamp in UTC without a zone where the type has none; the number itself where it is out of every calendar. */
export function isoOf(milliseconds: number, type: string): string {
  const date = new Date(Math.floor(milliseconds));
  if (Number.isNaN(date.getTime())) return String(milliseconds);
  const iso = date.toISOString();
  if (type === 'date') return iso.slice(0, -14);
  const plain = iso.endsWith('.000Z') ? iso.slice(0, -5) : iso.slice(0, -1);
  return type === 'timestamptz' ? `${plain}Z` : plain;
}

function numericShape(statistics: ColumnStatistics, type: string): Partial<ColumnProfile> {
  if (isTemporalType(type)) return quantilesOf(statistics.times.quantiles(SHARES)?.map((value) => isoOf(value, type)));
  if (type === 'string' || type === 'boolean' || type === 'binary') return {};
  const values = statistics.numbers.quantiles(SHARES);
  if (values === null) return {};
  const counted = (statistics.kinds[INTEGER] ?? 0) + (statistics.kinds[DECIMAL] ?? 0) - statistics.nanCount;
  const mean = statistics.sum / counted;
  return { ...(Number.isFinite(mean) ? { mean } : {}), ...quantilesOf(values.map(jsonNumber)) };
}

function quantilesOf(values: Value[] | undefined): Partial<ColumnProfile> {
  if (values === undefined) return {};
  const [p05 = null, p25 = null, p50 = null, p75 = null, p95 = null] = values;
  return { quantiles: { p05, p25, p50, p75, p95 } };
}

function textShape(statistics: ColumnStatistics, isText: boolean): Partial<ColumnProfile> {
  if (statistics.lengthCount === 0 || !isText) return {};
  const { minLength, maxLength, lengthSum, lengthCount, patterns } = statistics;
  return {
    lengths: { min: minLength, mean: Number((lengthSum / lengthCount).toPrecision(6)), max: maxLength },
    ...listed('patterns', patterns, (pattern, count) => ({ pattern, count })),
  };
}

/** Every format seen; where only one order of day and month can be meant in this column, the doubtful ones take it. */
function dateFormatsOf({ isoFormatCounts, rareFormats }: ColumnStatistics): Map<string, number> {
  const formats = new Map<string, number>();
  const add = (format: string, count: number) => formats.set(format, (formats.get(format) ?? 0) + count);
  isoFormatCounts.forEach((count, index) => {
    if (count > 0) add(isoFormats[index] ?? '', count);
  });
  for (const [format, count] of rareFormats) if (!format.endsWith('?')) add(format, count);
  for (const [key, count] of rareFormats) {
    if (!key.endsWith('?')) continue;
    const format = key.slice(0, -1);
    const swapped = swapDayAndMonth(format);
    add(!formats.has(format) && formats.has(swapped) ? swapped : format, count);
  }
  for (const [format, count] of [...formats]) {
    // `MM/dd` beside `M/d` is the same format: some months just have two digits
    const loose = format.replace('MM', 'M').replace('dd', 'd');
    if (loose !== format && formats.has(loose)) {
      formats.delete(format);
      add(loose, count);
    }
  }
  return formats;
}

const swapDayAndMonth = (format: string) => format.replace(/([dM]+)([-/.])([dM]+)/, '$3$2$1');

function listed<Key extends string, Entry>(
  key: Key,
  counts: ReadonlyMap<string, number>,
  entry: (name: string, count: number) => Entry,
): { [K in Key]?: Entry[] } {
  if (counts.size === 0) return {};
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_LISTED);
  return { [key]: sorted.map(([name, count]) => entry(name, count)) } as { [K in Key]?: Entry[] };
}

function kindsOf({ kinds }: ColumnStatistics): Partial<ColumnProfile> {
  const seen = KIND_NAMES.flatMap(([kind, name]) => ((kinds[kind] ?? 0) > 0 ? [[name, kinds[kind] ?? 0] as const] : []));
  return seen.length > 1 ? { kinds: Object.fromEntries(seen) } : {};
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : Number((part / whole).toPrecision(6)));
