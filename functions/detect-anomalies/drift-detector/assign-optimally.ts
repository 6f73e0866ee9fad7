/** The one-to-one assignment with the largest total score (Kuhn and Munkres, shortest augmenting paths, O(n²·m)). */

/**
 * `scores[row][column]` ≥ 0. Returns for each row its column, or null where the row stays alone; pairs that score 0 are never made.
 */
export function assignOptimally(scores: readonly (readonly number[])[]): (number | null)[] {
  const rows = scores.length;
  const columns = scores[0]?.length ?? 0;
  if (rows > columns) return transposed(scores, rows, columns);
  const cost = (row: number, column: number) => -(scores[row - 1]?.[column - 1] ?? 0);
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  /** The row that holds each column; 0 is nobody. */
  const holder = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row += 1) {
    const way = new Int32Array(columns + 1);
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(columns + 1);
    holder[0] = row;
    let column = 0;
    do {
      used[column] = 1;
      const current = holder[column] ?? 0;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j += 1) {
        if (used[j]) continue;
        const reduced = cost(current, j) - (rowPotential[current] ?? 0) - (columnPotential[j] ?? 0);
        if (reduced < (slack[j] ?? 0)) {
          slack[j] = reduced;
          way[j] = column;
        }
        if ((slack[j] ?? 0) < delta) {
          delta = slack[j] ?? 0;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j += 1) {
        if (used[j]) {
          const held = holder[j] ?? 0;
          rowPotential[held] = (rowPotential[held] ?? 0) + delta;
          columnPotential[j] = (columnPotential[j] ?? 0) - delta;
        } else {
          slack[j] = (slack[j] ?? 0) - delta;
        }
      }
      column = next;
    } while ((holder[column] ?? 0) !== 0);
    while (column !== 0) {
      const previous = way[column] ?? 0;
      holder[column] = holder[previous] ?? 0;
      column = previous;
    }
  }
  const chosen: (number | null)[] = Array.from({ length: rows }, () => null);
  for (let j = 1; j <= columns; j += 1) {
    const row = (holder[j] ?? 0) - 1;
    if (row >= 0 && (scores[row]?.[j - 1] ?? 0) > 0) chosen[row] = j - 1;
  }
  return chosen;
}

function transposed(scores: readonly (readonly number[])[], rows: number, columns: number): (number | null)[] {
  const turned = Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (_, i) => scores[i]?.[j] ?? 0));
  const chosen: (number | null)[] = Array.from({ length: rows }, () => null);
  assignOptimally(turned).forEach((row, column) => {
    if (row !== null) chosen[row] = column;
  });
  return chosen;
}
