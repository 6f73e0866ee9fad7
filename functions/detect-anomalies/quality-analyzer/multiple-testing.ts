/** Corrections for asking many questions at once: without them one clean column in twenty would be called degraded. */

/** Simes: one p-value for "at least one of these holds". Valid for independent and for positively dependent tests. */
export function simes(pValues: readonly number[]): number {
  const sorted = [...pValues].sort((a, b) => a - b);
  return sorted.reduce((least, p, index) => Math.min(least, (p * sorted.length) / (index + 1)), 1);
}

/** Benjamini-Hochberg adjusted p-values, in the order given: the share of false ones among those below q is at most q. */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[b] ?? 1) - (pValues[a] ?? 1));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let least = 1;
  for (const [position, index] of order.entries()) {
    const rank = pValues.length - position;
    least = Math.min(least, ((pValues[index] ?? 1) * pValues.length) / rank);
    adjusted[index] = least;
  }
  return adjusted;
}
