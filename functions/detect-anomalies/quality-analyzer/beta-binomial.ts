/**
 * How surprising a count of bad rows is, given the baseline's: the posterior predictive probability under Jeffreys' prior
 * Beta(1/2, 1/2). It knows that a baseline without a bad row among 500 may have been lucky, which a plain binomial test does not.
 */
import { gammaln } from 'simple-statistics';

/**
 * P(K >= bad) where K counts bad rows among `rows` rows drawn like the baseline, of which `baselineBad` of `baselineTotal` were bad.
 * Returns 1 where the count is no higher than expected: one-sided, only more bad rows are a finding.
 */
export function predictiveTail(baselineBad: number, baselineTotal: number, bad: number, rows: number): number {
  const a = Math.min(baselineBad, baselineTotal) + 0.5;
  const b = Math.max(0, baselineTotal - baselineBad) + 0.5;
  // Shares of rows stay what they are, counts become whole: of rows counted in clumps, parts of a clump are no evidence.
  const total = Math.round(rows);
  const k = Math.min(Math.floor(bad), total);
  if (total <= 0 || k <= 0 || k / total <= a / (a + b)) return 1;
  // From k on the terms fall: sum them by their ratio until they no longer count.
  let term = Math.exp(logBetaBinomial(k, total, a, b));
  let tail = term;
  for (let j = k; j < total && term > tail * 1e-12; j++) {
    term *= ((total - j) / (j + 1)) * ((a + j) / (b + total - j - 1));
    tail += term;
  }
  return Math.min(1, tail);
}

function logBetaBinomial(k: number, n: number, a: number, b: number): number {
  const logChoose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
  return logChoose + logBeta(k + a, n - k + b) - logBeta(a, b);
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}
