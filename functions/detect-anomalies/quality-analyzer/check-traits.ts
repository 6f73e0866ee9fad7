/** Validity by traits: cells whose kind, format, spelling or value the baseline would not have recognised, or that became too frequent. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import { countCategories, type TraitCensus } from './learn-trait.ts';
import type { ColumnBaseline, TraitBaseline } from './quality-baseline.ts';
import { showCell } from './show-cell.ts';
import { TRAITS, type TraitName } from './traits.ts';
import { isNearKnown, wordsOf } from './words.ts';

const WHAT: Readonly<Record<TraitName, string>> = {
  kind: 'are not of a known kind',
  outline: 'are not built like the known ones',
  shape: 'do not have a known shape',
  format: 'do not have a known format',
  characters: 'contain characters that were not seen before',
  spelling: 'contain letter pairs that were not seen before',
  domain: 'were not seen before',
};
/** How much more frequent a known category must have become: in points, and as a multiple. */
const LEAST_RISE = { structure: 0.05, value: 0.1 } as const;
const LEAST_MULTIPLE = { structure: 1.5, value: 3 } as const;

export function checkTraits(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  return TRAITS.flatMap((trait) => {
    const learned = baseline.traits[trait.name];
    if (!learned || column.values.length === 0) return [];
    const census = countCategories(column, trait);
    const novelty = checkNovelty(baseline, learned, column, census);
    return trait.sharesCompared ? [novelty, checkRise(learned, column, census)] : [novelty];
  });
}

function checkNovelty(baseline: ColumnBaseline, learned: TraitBaseline, column: EncodedColumn, census: TraitCensus): CheckResult {
  const known = new Set(unpackFingerprints(learned.known));
  const isNew = census.ofValue.map((categories) => categories.some((category) => !known.has(category)));
  const rows = column.counts.reduce((sum, count, code) => (isNew[code] ? sum + count : sum), 0);
  const { name } = census.trait;
  const differentNew = name === 'domain' ? isNew.filter(Boolean).length : null;
  const badShare = rows / census.rows;
  const expected =
    baseline.domain.length > 0
      ? `one of ${baseline.domain.map(showCell).join(', ')}`
      : `mostly of the form ${showCell(baseline.commonFormat)}`;
  return checkResult({
    metric: 'validity',
    check: name,
    badShare,
    baselineShare: learned.unrecognised / learned.rows,
    measured: census.rows,
    pValue: noveltyPValue(learned, { isNew: rows, all: census.rows }, differentNew),
    rows: rowsWhere(column, (code) => isNew[code] ?? false),
    reason: `${percent(badShare)} of the values ${WHAT[name]} (${percent(learned.unrecognised / learned.rows)} expected); known ones are ${expected}`,
  });
}

/**
 * Either there are too many new rows, counted in units of the clumps in which unseen rows come (in a larger sample they are larger);
 * or, of values, too many different new ones: misspellings come one by one.
 */
function noveltyPValue(
  learned: TraitBaseline,
  rows: { readonly isNew: number; readonly all: number },
  differentNew: number | null,
): number {
  const clump = learned.clump * Math.max(1, rows.all / learned.rows);
  const tooManyRows = predictiveTail(learned.unrecognised / clump, learned.rows / clump, rows.isNew / clump, rows.all / clump);
  if (differentNew === null) return tooManyRows;
  const tooManyDifferent = predictiveTail(learned.unrecognised, learned.rows, differentNew, rows.all);
  return Math.min(1, 2 * Math.min(tooManyRows, tooManyDifferent));
}

/** A known category that became much more frequent: a default that took over, a format that spread. */
function checkRise(learned: TraitBaseline, column: EncodedColumn, census: TraitCensus): CheckResult {
  const kind = census.trait.name === 'domain' ? 'value' : 'structure';
  const before = new Map(
    unpackFingerprints(learned.known)
      .slice(0, learned.counts.length)
      .map((category, index) => [category, learned.counts[index] ?? 0]),
  );
  let risen = { category: 0, share: 0, was: 0, pValue: 1 };
  for (const [category, rows] of census.categories) {
    const was = before.get(category);
    if (was === undefined) continue;
    const [share, shareWas] = [rows / census.rows, was / learned.rows];
    if (share - shareWas < LEAST_RISE[kind] || share < LEAST_MULTIPLE[kind] * shareWas) continue;
    const pValue = Math.min(1, predictiveTail(was, learned.rows, rows, census.rows) * before.size);
    if (pValue < risen.pValue) risen = { category, share, was: shareWas, pValue };
  }
  return {
    metric: 'validity',
    check: `${census.trait.name}-share`,
    badShare: risen.share,
    baselineShare: risen.was,
    measured: census.rows,
    pValue: risen.pValue,
    rows: risen.pValue < 1 ? rowsWhere(column, (code) => census.ofValue[code]?.[0] === risen.category) : [],
    reason: `one ${kind === 'value' ? 'value' : census.trait.name} makes up ${percent(risen.share)} of the values (${percent(risen.was)} expected)`,
  };
}

/** Words that the baseline does not know and that are one letter away from one that is frequent in it. */
export function checkWords(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  const { words } = baseline;
  if (!words || column.values.length === 0) return [];
  const order = unpackFingerprints(words.known);
  const [known, frequent] = [new Set(order), new Set(order.slice(0, words.frequent))];
  const looksWrong = column.values.map((text) =>
    wordsOf(text).some((word) => !known.has(fingerprint(word)) && isNearKnown(word, frequent)),
  );
  const rows = rowsWhere(column, (code) => looksWrong[code] ?? false);
  const present = column.rowCount - column.missing;
  const clump = words.clump * Math.max(1, present / words.rows);
  return [
    checkResult({
      metric: 'validity',
      check: 'misspelling',
      badShare: rows.length / present,
      baselineShare: words.nearMisses / words.rows,
      measured: present,
      pValue: predictiveTail(words.nearMisses / clump, words.rows / clump, rows.length / clump, present / clump),
      rows,
      reason: `${percent(rows.length / present)} of the values have a word that looks misspelled (${percent(words.nearMisses / words.rows)} expected)`,
    }),
  ];
}

export function rowsWhere(column: EncodedColumn, holds: (code: number) => boolean): number[] {
  const rows: number[] = [];
  for (const [row, code] of column.codes.entries()) if (code >= 0 && holds(code)) rows.push(row);
  return rows;
}
