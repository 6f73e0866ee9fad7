/** The two-sample Kolmogorov-Smirnov test, by its asymptotic distribution. */

/** P(D >= distance) for two samples of the same distribution. */
export function kolmogorovTail(distance: number, rowsA: number, rowsB: number): number {
  const root = Math.sqrt((rowsA * rowsB) / (rowsA + rowsB));
  // Stephens' correction makes the asymptotic series good from a handful of rows on.
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  if (!(lambda > 0.2)) return 1;
  let tail = 0;
  for (let k = 1; k <= 100; k++) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k ** 2 * lambda ** 2);
    tail += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, tail));
}
