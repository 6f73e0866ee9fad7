/** Learns the model of good data that later data is compared with. */
import type { TableSample } from '../table-sample.ts';
import { type ColumnNature, isComparedBy, natureOf } from './column-nature.ts';
import { type EncodedColumn, encodeColumn } from './encode-column.ts';
import { findDuplicateRows } from './find-duplicate-rows.ts';
import { fingerprint, packFingerprints } from './fingerprints.ts';
import { learnDependencies } from './learn-dependencies.ts';
import { learnOrders } from './learn-orders.ts';
import { learnRanges } from './learn-ranges.ts';
import { countCategories, learnTrait } from './learn-trait.ts';
import { learnWords } from './learn-words.ts';
import type { ColumnBaseline, QualityBaseline, TraitBaseline } from './quality-baseline.ts';
import { formatOf, TRAITS } from './traits.ts';

/** Together at most: bounds the size of the baseline. */
const MOST_FINGERPRINTS = 22_000;
const MOST_WORDS = 8_000;
const DOMAIN_AT_MOST = 12;
const DOMAIN_LONGEST = 40;

/** Deterministic; at most about 200 KB as JSON for 50 columns. Values are kept as fingerprints, except small domains. */
export function learnBaseline(sample: TableSample): QualityBaseline {
  const columns = sample.columns.map(encodeColumn);
  const natures = columns.map(natureOf);
  const traits = learnTraits(columns, natures);
  const { dependencies, ownBlame } = learnDependencies(columns, natures);
  return {
    version: 1,
    rows: sample.rowCount,
    duplicateRows: findDuplicateRows(columns, sample.rowCount).length,
    columns: columns.map((column, index) =>
      learnColumn(
        column,
        natures[index] ?? natureOf(column),
        traits[index] ?? {},
        ownBlame[index] ?? { checked: 0, violated: 0 },
        Math.floor(MOST_WORDS / columns.length),
      ),
    ),
    dependencies,
    orders: learnOrders(columns, natures),
  };
}

function learnColumn(
  column: EncodedColumn,
  nature: ColumnNature,
  traits: Record<string, TraitBaseline>,
  dependencies: ColumnBaseline['dependencies'],
  wordLimit: number,
): ColumnBaseline {
  const present = column.rowCount - column.missing;
  const showable = column.values.length <= DOMAIN_AT_MOST && column.values.every((text) => text.length <= DOMAIN_LONGEST);
  return {
    name: column.name,
    type: column.type,
    rows: column.rowCount,
    missing: column.missing,
    missingSpellings: packFingerprints(column.spellings.slice(0, 20).map(fingerprint)),
    distinct: column.values.length,
    repeated: present - column.values.length,
    isKey: nature.isKey,
    domain: showable ? [...column.values].sort() : [],
    commonFormat: commonFormat(column),
    traits,
    words: learnWords(column, wordLimit),
    ranges: learnRanges(column, nature),
    dependencies,
  };
}

function commonFormat(column: EncodedColumn): string {
  const rows = new Map<string, number>();
  for (const [code, text] of column.values.entries()) {
    const format = formatOf(text);
    rows.set(format, (rows.get(format) ?? 0) + (column.counts[code] ?? 0));
  }
  return [...rows].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0] as [string, number])[0];
}

/** All traits of all columns share one budget: small ones are kept whole, the large ones get equal parts of what is left. */
function learnTraits(columns: readonly EncodedColumn[], natures: readonly ColumnNature[]): Record<string, TraitBaseline>[] {
  const learned: Record<string, TraitBaseline>[] = columns.map(() => ({}));
  const wanted = columns
    .flatMap((column, index) =>
      TRAITS.filter((trait) => isComparedBy(natures[index] ?? natureOf(column), trait.name)).map((trait) => ({
        column,
        index,
        census: countCategories(column, trait),
      })),
    )
    .filter(({ column, census }) => learnTrait(column, census, Number.POSITIVE_INFINITY) !== null)
    .sort((a, b) => a.census.categories.length - b.census.categories.length);
  let left = MOST_FINGERPRINTS;
  for (const [position, { column, index, census }] of wanted.entries()) {
    const limit = Math.floor(left / (wanted.length - position));
    const trait = learnTrait(column, census, limit);
    const target = learned[index];
    if (!trait || !target) continue;
    target[census.trait.name] = trait;
    left -= Math.min(limit, census.categories.length);
  }
  return learned;
}
