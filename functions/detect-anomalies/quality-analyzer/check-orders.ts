/** Consistency by order: rows where what should come first comes last, such as a start after its end. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import type { EncodedColumn } from './encode-column.ts';
import { scaleRows } from './learn-orders.ts';
import type { OrderBaseline, QualityBaseline } from './quality-baseline.ts';
import { showCell } from './show-cell.ts';

/** One order on the rows of the sample. */
interface OrderRows {
  readonly order: OrderBaseline;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A column's case in one broken row: how many orders it breaks, and how far its value is from what is usual for it. */
interface Suspect {
  readonly name: string;
  broken: number;
  readonly distance: number;
}

/** `badShares`: what the other checks found per column; a column that is known to be bad is blamed before the others. */
export function checkOrders(
  baseline: QualityBaseline,
  columns: readonly EncodedColumn[],
  badShares: ReadonlyMap<string, number>,
): [column: string, result: CheckResult][] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const orders: OrderRows[] = baseline.orders.flatMap((order) => {
    const [lower, upper] = [byName.get(order.lower), byName.get(order.upper)];
    return lower && upper ? [{ order, lower: scaleRows(lower, order.unit), upper: scaleRows(upper, order.unit) }] : [];
  });
  const distanceOf = usualDistances(baseline);
  const rowCount = columns[0]?.rowCount ?? 0;
  const firstGuess = blame(orders, rowCount, distanceOf, badShares);
  const suspicion = new Map(columns.map(({ name }) => [name, (badShares.get(name) ?? 0) + (firstGuess.get(name)?.length ?? 0) / rowCount]));
  return [...blame(orders, rowCount, distanceOf, suspicion)].map(([name, rows]) => [name, judge(name, rows, orders)]);
}

type DistanceOf = (name: string, value: number) => number;

function blame(
  orders: readonly OrderRows[],
  rowCount: number,
  distanceOf: DistanceOf,
  badShares: ReadonlyMap<string, number>,
): Map<string, number[]> {
  const blamed = new Map<string, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const broken = orders.filter(({ lower, upper }) => (lower[row] ?? Number.NaN) > (upper[row] ?? Number.NaN));
    for (const name of culprits(broken, row, distanceOf, badShares)) append(blamed, name, row);
  }
  return blamed;
}

function append(rowsOf: Map<string, number[]>, name: string, row: number): void {
  const rows = rowsOf.get(name);
  if (rows) rows.push(row);
  else rowsOf.set(name, [row]);
}

/** The column that breaks most orders first, weighed by how bad it is known to be, until every broken order has its culprit. */
function culprits(broken: readonly OrderRows[], row: number, distanceOf: DistanceOf, badShares: ReadonlyMap<string, number>): string[] {
  const found: string[] = [];
  let open = broken;
  while (open.length > 0) {
    const suspects = new Map<string, Suspect>();
    for (const { order, lower, upper } of open) {
      for (const [name, value] of [[order.lower, lower[row]] as const, [order.upper, upper[row]] as const]) {
        const suspect = suspects.get(name) ?? { name, broken: 0, distance: distanceOf(name, value ?? Number.NaN) };
        suspect.broken++;
        suspects.set(name, suspect);
      }
    }
    const weight = ({ name, broken: count }: Suspect) => count / -Math.log(Math.min(0.5, Math.max(0.001, badShares.get(name) ?? 0)));
    const [worst] = [...suspects.values()].sort((a, b) => weight(b) - weight(a) || b.distance - a.distance);
    if (!worst) break;
    found.push(worst.name);
    open = open.filter(({ order }) => order.lower !== worst.name && order.upper !== worst.name);
  }
  return found;
}

function judge(name: string, rows: readonly number[], orders: readonly OrderRows[]): CheckResult {
  const own = orders.filter(({ order }) => order.lower === name || order.upper === name);
  const checkedRows = (each: OrderRows) =>
    each.lower.reduce((sum, value, row) => (Number.isNaN(value) || Number.isNaN(each.upper[row]) ? sum : sum + 1), 0);
  const checked = Math.max(1, ...own.map(checkedRows));
  const violated = Math.max(...own.map(({ order }) => order.violated));
  const checkedBefore = Math.max(...own.map(({ order }) => order.checked));
  const badShare = rows.length / checked;
  const others = own.map(({ order }) => (order.lower === name ? `after ${showCell(order.upper)}` : `before ${showCell(order.lower)}`));
  return checkResult({
    metric: 'consistency',
    check: 'order',
    badShare,
    baselineShare: violated / checkedBefore,
    measured: checked,
    pValue: predictiveTail(violated, checkedBefore, rows.length, checked),
    rows,
    reason: `${percent(badShare)} of the values are out of order: ${others.slice(0, 3).join(', ')} (${percent(violated / checkedBefore)} expected)`,
  });
}

/** Distance from the median of the baseline, in units of its middle half. */
function usualDistances(baseline: QualityBaseline): DistanceOf {
  const usual = new Map(
    baseline.columns.map(({ name, ranges }) => {
      const range = ranges.find(({ unit }) => unit !== 'length');
      const points = range && range.quantiles.length > 0 ? range.quantiles : [range?.min ?? 0, range?.max ?? 0];
      const at = (share: number) => {
        const position = share * (points.length - 1);
        const [below = 0, above = below] = points.slice(Math.floor(position));
        return below + (above - below) * (position % 1);
      };
      return [name, { median: at(0.5), spread: Math.max(at(0.75) - at(0.25), Number.MIN_VALUE) }];
    }),
  );
  return (name, value) => {
    const { median, spread } = usual.get(name) ?? { median: 0, spread: 1 };
    return Math.abs(value - median) / spread;
  };
}
