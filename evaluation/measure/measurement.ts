/** One figure of a suite, with the goal it is held to; and the sums that the figures are made of. */

export interface Measurement {
  readonly measure: string;
  /** A share in [0,1] or a count; null where there was nothing to count. */
  readonly value: number | null;
  /** As printed: `0.9712`, `45/48`. */
  readonly shown: string;
  /** Null for what is only reported. */
  readonly goal: string | null;
  /** Null without a goal. A goal that nothing could be counted for is not met. */
  readonly met: boolean | null;
}

export interface SuiteResult {
  readonly measurements: readonly Measurement[];
  /** What was answered wrongly, one line each, in the order of the data. */
  readonly misses: readonly string[];
}

/** True positives, false positives, false negatives. */
export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

export const NO_COUNTS: Counts = { tp: 0, fp: 0, fn: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn };
}

/** What is expected against what was found. */
export function compareSets(expected: ReadonlySet<string>, found: ReadonlySet<string>): Counts {
  const tp = [...found].filter((each) => expected.has(each)).length;
  return { tp, fp: found.size - tp, fn: expected.size - tp };
}

/** 1 where nothing was claimed: nothing was claimed wrongly. */
export function precision({ tp, fp }: Counts): number {
  return tp + fp === 0 ? 1 : tp / (tp + fp);
}

/** 1 where there was nothing to find. */
export function recall({ tp, fn }: Counts): number {
  return tp + fn === 0 ? 1 : tp / (tp + fn);
}

export function f1(counts: Counts): number {
  const [p, r] = [precision(counts), recall(counts)];
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
}

/** A share that has been worked out, such as a precision. */
export function figure(measure: string, value: number, least: number | null = null): Measurement {
  return {
    measure,
    value,
    shown: value.toFixed(4),
    goal: least === null ? null : `≥ ${least}`,
    met: least === null ? null : value >= least,
  };
}

/** `right` of `total`, at least the share `least` of them; `least` 1 means all. */
export function share(measure: string, right: number, total: number, least: number | null = null): Measurement {
  const value = total === 0 ? null : right / total;
  const goal = least === null ? null : least === 1 ? 'all' : `≥ ${least}`;
  return { measure, value, shown: shownOf(right, total), goal, met: least === null ? null : value !== null && value >= least };
}

/** `wrong` of `total`, at most `most` of them. */
export function atMost(measure: string, wrong: number, total: number, most: number): Measurement {
  return { measure, value: total === 0 ? null : wrong, shown: shownOf(wrong, total), goal: `≤ ${most}`, met: total > 0 && wrong <= most };
}

function shownOf(count: number, total: number): string {
  return total === 0 ? 'nothing to count' : `${count}/${total}`;
}
