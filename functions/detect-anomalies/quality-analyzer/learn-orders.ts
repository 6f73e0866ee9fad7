/** Finds pairs of columns where one is never above the other, such as start and end. */
import type { ColumnNature } from './column-nature.ts';
import { comparable } from './comparable.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { OrderBaseline } from './quality-baseline.ts';

const MOST_COLUMNS = 40;
const MOST_ORDERS = 40;
const FEWEST_CHECKED = 50;
const MOST_VIOLATED = 0.005;
/** Rows paired at random must break the order this often, or the order says nothing. */
const LEAST_VIOLATED_AT_RANDOM = 0.05;

export function learnOrders(columns: readonly EncodedColumn[], natures: readonly ColumnNature[]): OrderBaseline[] {
  const scaled = columns.slice(0, MOST_COLUMNS).flatMap((column, index) => {
    const unit = natures[index]?.unit ?? null;
    return unit === null ? [] : [{ name: column.name, unit, perRow: scaleRows(column, unit) }];
  });
  const orders: OrderBaseline[] = [];
  for (const lower of scaled) {
    for (const upper of scaled) {
      if (lower === upper || lower.unit !== upper.unit || orders.length >= MOST_ORDERS) continue;
      const rows = lower.perRow.length;
      const own = countViolations(lower.perRow, upper.perRow, 0);
      if (own.checked < FEWEST_CHECKED || own.violated > MOST_VIOLATED * own.checked) continue;
      const random = countViolations(lower.perRow, upper.perRow, Math.floor(rows / 2) || 1);
      if (random.violated < LEAST_VIOLATED_AT_RANDOM * random.checked) continue;
      orders.push({ lower: lower.name, upper: upper.name, unit: lower.unit, ...own });
    }
  }
  return orders;
}

/** Per row its value on the scale of `unit`, NaN where there is none. */
export function scaleRows(column: EncodedColumn, unit: OrderBaseline['unit']): Float64Array {
  const ofValue = column.values.map((text) => {
    const value = comparable(text);
    return value?.unit === unit ? value.value : Number.NaN;
  });
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : (ofValue[code] ?? Number.NaN)));
}

function countViolations(lower: Float64Array, upper: Float64Array, shift: number) {
  let [checked, violated] = [0, 0];
  for (let row = 0; row < lower.length; row++) {
    const [a = Number.NaN, b = Number.NaN] = [lower[row], upper[(row + shift) % upper.length]];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    checked++;
    if (a > b) violated++;
  }
  return { checked, violated };
}
