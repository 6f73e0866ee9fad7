/** Learns the model of good data that later data is compared with. */
import type { TableSample } from '../table-sample.ts';
import { type ColumnNature, isComparedBy, natureOf } from './column-nature.ts';
import { type EncodedColumn, encodeColumn } from './encode-column.ts';
import { findDuplicateRows } from './find-duplicate-rows.ts';
import { CHARACTERS_EACH, fingerprint, packFingerprints } from './fingerprints.ts';
import { learnDependencies } from './learn-dependencies.ts';
import { learnOrders } from './learn-orders.ts';
import { learnRanges } from './learn-ranges.ts';
import { countCategories, learnTrait } from './learn-trait.ts';
import { learnWords } from './learn-words.ts';
import type { ColumnBaseline, QualityBaseline, TraitBaseline, WordsBaseline } from './quality-baseline.ts';
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
  const vocabularies = learnVocabularies(columns);
  const { dependencies, ownBlame } = learnDependencies(columns, natures);
  return {
    version: 1,
    rows: sample.rowCount,
    duplicateRows: findDuplicateRows(columns, sample.rowCount).length,
    malformedRows: sample.malformedRows,
    columns: columns.map((column, index) =>
      learnColumn(
        column,
        natures[index] ?? natureOf(column),
        traits[index] ?? {},
        ownBlame[index] ?? { checked: 0, violated: 0 },
        vocabularies[index] ?? null,
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
  words: WordsBaseline | null,
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
    mostFrequent: column.counts.reduce((most, count) => Math.max(most, count), 0),
    isKey: nature.isKey,
    domain: showable ? [...column.values].sort() : [],
    commonFormat: commonFormat(column),
    traits,
    words,
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

/** Per column, its traits by name: the small ones first, as long as the budget lasts. */
function learnTraits(columns: readonly EncodedColumn[], natures: readonly ColumnNature[]): Record<string, TraitBaseline>[] {
  const found = columns.flatMap((column, index) =>
    TRAITS.filter((trait) => isComparedBy(natures[index] ?? natureOf(column), trait.name)).flatMap((trait) => {
      const learned = learnTrait(column, countCategories(column, trait));
      return learned ? [{ index, name: trait.name, learned }] : [];
    }),
  );
  const kept = smallestWithin(MOST_FINGERPRINTS, found, ({ learned }) => learned.distinct);
  return columns.map((_, index) =>
    Object.fromEntries(kept.filter((each) => each.index === index).map(({ name, learned }) => [name, learned])),
  );
}

function learnVocabularies(columns: readonly EncodedColumn[]): (WordsBaseline | null)[] {
  const found = columns.flatMap((column, index) => {
    const words = learnWords(column);
    return words ? [{ index, words }] : [];
  });
  const kept = smallestWithin(MOST_WORDS, found, ({ words }) => words.known.length / CHARACTERS_EACH);
  return columns.map((_, index) => kept.find((each) => each.index === index)?.words ?? null);
}

/** A set is kept whole or not at all: of a part of it one could not say how much of later data it should recognise. */
function smallestWithin<T>(budget: number, items: readonly T[], sizeOf: (item: T) => number): T[] {
  let left = budget;
  return [...items]
    .sort((a, b) => sizeOf(a) - sizeOf(b))
    .filter((item) => {
      left -= sizeOf(item);
      return left >= 0;
    });
}
