/** Makes evidence fit into the document, however large its sources are: what is left out is a gap, and the artefacts have it whole. */
import type { EvidenceSection, ObjectEvidence } from '../shared/incident.ts';
import { boundedText } from './bounded-text.ts';
import type { Gaps } from './gaps.ts';
import { logExcerpt } from './log-excerpt.ts';

type Evidence = Omit<EvidenceSection, 'completeness' | 'gaps'>;

/** Bytes: leaves most of the document's 200 KiB to the steps that follow. */
const LIMIT_BYTES = 96 * 1024;
/** Objects per input that stay in the document, fewer with each try. */
const INSPECTED = [20, 8, 3];
const EXCERPT_CHARACTERS = 4000;
const ARGUMENT_CHARACTERS = 100;

/** Pure but for the gaps it adds. */
export function fitEvidence(evidence: Evidence, gaps: Gaps, limitBytes = LIMIT_BYTES): Evidence {
  let fitting = evidence;
  for (const limit of INSPECTED) {
    if (bytesOf(fitting) <= limitBytes) return fitting;
    fitting = {
      ...fitting,
      datasets: fitting.datasets.map((dataset) => ({ ...dataset, inspected: tellingObjects(dataset.inspected, limit) })),
    };
  }
  if (bytesOf(fitting) > limitBytes) fitting = withShorterTexts(fitting);
  while (fitting.tables.length > 0 && bytesOf(fitting) > limitBytes) fitting = withoutLargestTable(fitting, gaps);
  while (fitting.datasets.length > 0 && bytesOf(fitting) > limitBytes) fitting = withoutLastDataset(fitting, gaps);
  return fitting;
}

/** Those that could not be read, then new ones; otherwise in their order. */
function tellingObjects(objects: readonly ObjectEvidence[], limit: number): ObjectEvidence[] {
  const rank = (object: ObjectEvidence) => (object.readError ? 0 : object.isNew ? 1 : 2);
  return objects.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit);
}

function withShorterTexts(evidence: Evidence): Evidence {
  const shorter = Object.entries(evidence.run.arguments).map(([name, value]) => [name, boundedText(value, ARGUMENT_CHARACTERS)]);
  return {
    ...evidence,
    run: { ...evidence.run, arguments: Object.fromEntries(shorter) },
    log: { ...evidence.log, excerpt: logExcerpt(evidence.log.excerpt, EXCERPT_CHARACTERS) },
  };
}

function withoutLargestTable(evidence: Evidence, gaps: Gaps): Evidence {
  const largest = evidence.tables.toSorted((a, b) => bytesOf(b) - bytesOf(a))[0];
  gaps.add(`table ${largest?.database}.${largest?.name}`, `its ${largest?.columns.length} columns are too large for the document`);
  return { ...evidence, tables: evidence.tables.filter((table) => table !== largest) };
}

function withoutLastDataset(evidence: Evidence, gaps: Gaps): Evidence {
  gaps.add(`input ${evidence.datasets.at(-1)?.input}`, 'too many inputs for the document');
  return { ...evidence, datasets: evidence.datasets.slice(0, -1) };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
