/** Compares the new objects of one input with its baseline: drift of the schema, quality of the values, objects that stand out. */

import type * as z from 'zod';
import type { InputSample } from '../gather-evidence/merge-samples.ts';
import { isDamaged } from '../gather-evidence/sample-inputs.ts';
import type { DatasetEvidence, DriftFindingSchema, FindingsSection, QualityFindingSchema } from '../shared/incident.ts';
import type { DatasetBaseline } from './dataset-baseline.ts';
import { detectDrift } from './drift-detector/detect-drift.ts';
import type { Drift } from './drift-detector/drift.ts';
import { analyzeQuality } from './quality-analyzer/analyze-quality.ts';
import type { QualityReport } from './quality-analyzer/quality-report.ts';

const CHANGES = 100;
const COLUMNS = 50;

type DriftFinding = z.infer<typeof DriftFindingSchema>;
type QualityFinding = z.infer<typeof QualityFindingSchema>;
export type OffendingObject = FindingsSection['offendingObjects'][number];

export function driftFinding(subject: DriftFinding['subject'], name: string, drift: Drift): DriftFinding {
  return {
    subject,
    name,
    severity: drift.severity,
    changes: drift.changes
      .slice(0, CHANGES)
      .map(({ path, kind, from, to, verdict }) => ({ path, kind, from: from ?? null, to: to ?? null, verdict: verdict ?? '' })),
    changesOmitted: Math.max(drift.changes.length - CHANGES, 0),
  };
}

/** Null where there is nothing to compare: no baseline yet, or no new row could be read. */
export function dataDrift(input: string, baseline: DatasetBaseline, sample: InputSample): DriftFinding {
  const drift = detectDrift(
    { columns: baseline.columns, sample: baseline.sample },
    { columns: sample.table.columns.map(({ name, type }) => ({ name, type })), sample: sample.table },
  );
  return driftFinding('data', input, drift);
}

export function dataQuality(
  input: string,
  baseline: DatasetBaseline,
  sample: InputSample,
): { finding: QualityFinding; report: QualityReport } {
  // Every offending row is needed to tell which object it came from.
  const report = analyzeQuality(baseline.quality, sample.table, { maxOffendingRows: sample.table.rowCount });
  return {
    report,
    finding: {
      input,
      condition: report.condition,
      score: report.score,
      columns: report.columns
        .filter((column) => column.degraded)
        .slice(0, COLUMNS)
        .map((column) => ({
          name: column.name.slice(0, 200),
          completeness: column.completeness,
          validity: column.validity,
          consistency: column.consistency,
          uniqueness: column.uniqueness,
          reasons: column.reasons.slice(0, 8).map((reason) => reason.slice(0, 300)),
        })),
    },
  };
}

/**
 * Objects that evidence shows to be the cause: damaged ones, or else the one new object that the log names.
 */
export function offendingObjects(dataset: DatasetEvidence, log: string): OffendingObject[] {
  const unreadable = dataset.inspected.filter(isDamaged);
  const named = dataset.inspected.filter((object) => object.isNew && object.readError === null && log.includes(object.key));
  const reasonOf = (object: DatasetEvidence['inspected'][number]) =>
    object.readError
      ? `cannot be read: ${object.readError.code}: ${object.readError.message}`
      : 'named in the log as the object that failed';
  // Named alone is too little where unreadable objects explain the failure: logs name every object they read.
  const chosen = unreadable.length > 0 ? unreadable : named.length === 1 ? named : [];
  return chosen.map((object) => ({
    bucket: object.bucket,
    key: object.key,
    versionId: object.versionId,
    size: object.size,
    etag: object.etag,
    input: dataset.input,
    reason: reasonOf(object).slice(0, 300),
  }));
}

/** Objects that hold nearly all of the offending rows although they hold few of the rows. */
export function objectsOfOffendingRows(dataset: DatasetEvidence, sample: InputSample, report: QualityReport): OffendingObject[] {
  const offending = new Set(report.findings.flatMap((finding) => [...finding.offendingRows]));
  if (offending.size === 0 || sample.objects.length < 3) return [];
  const suspects = sample.objects
    .map((object) => {
      const rows = object.toRow - object.fromRow;
      const bad = [...offending].filter((row) => row >= object.fromRow && row < object.toRow).length;
      return { key: object.key, rows, bad };
    })
    .filter((object) => object.rows > 0 && object.bad / object.rows >= 0.5);
  const explained = suspects.reduce((sum, object) => sum + object.bad, 0) / offending.size;
  if (suspects.length === 0 || suspects.length > sample.objects.length / 3 || explained < 0.9) return [];
  return suspects.flatMap(({ key, bad, rows }) => {
    const object = dataset.inspected.find((each) => each.key === key);
    if (!object) return [];
    const { bucket, versionId, size, etag } = object;
    return [
      {
        bucket,
        key,
        versionId,
        size,
        etag,
        input: dataset.input,
        reason: `${bad} of ${rows} sampled rows offend, nearly all that do in this input`,
      },
    ];
  });
}
