/** Adds the statistics of one path to those of another, as if their values had come under one. */
import type { ColumnStatistics } from './column-statistics.ts';

export function mergeStatistics(into: ColumnStatistics, from: ColumnStatistics): void {
  into.settle();
  from.settle();
  into.nulls += from.nulls;
  from.kinds.forEach((count, kind) => {
    into.kinds[kind] = (into.kinds[kind] ?? 0) + count;
  });
  from.isoFormatCounts.forEach((count, format) => {
    into.isoFormatCounts[format] = (into.isoFormatCounts[format] ?? 0) + count;
  });
  for (const key of ['markers', 'patterns', 'rareFormats'] as const) {
    for (const [name, count] of from[key]) into[key].set(name, (into[key].get(name) ?? 0) + count);
  }
  for (const key of ['trueCount', 'sum', 'nanCount', 'lengthSum', 'lengthCount'] as const) into[key] += from[key];
  for (const key of ['minNumber', 'minTime', 'minLength'] as const) into[key] = Math.min(into[key], from[key]);
  for (const key of ['maxNumber', 'maxTime', 'maxLength', 'maxIntegerDigits', 'maxScale'] as const)
    into[key] = Math.max(into[key], from[key]);
  for (const exact of [from.minBig, from.maxBig]) if (exact !== null) into.addExact(exact);
  into.distinct.merge(from.distinct);
  into.numbers.merge(from.numbers);
  into.times.merge(from.times);
  into.mergeTextRange(from);
}
