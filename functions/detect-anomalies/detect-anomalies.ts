/** Turns evidence into facts: what failed, what drifted, how good the data is, which objects are to blame, and how risky it all is. */
import type { InputSample } from '../gather-evidence/merge-samples.ts';
import type { Anomaly, EvidenceSection, FindingsSection, IncidentSection } from '../shared/incident.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import { type DriftSeverity, type QualityCondition, type RlState, retryCountOf, stateId } from '../shared/rl-state.ts';
import {
  dataDrift,
  dataQuality,
  driftFinding,
  type OffendingObject,
  objectsOfOffendingRows,
  offendingObjects,
} from './data-against-baseline.ts';
import type { DatasetBaseline } from './dataset-baseline.ts';
import { detectDrift } from './drift-detector/detect-drift.ts';
import { classify } from './error-classifier/classify.ts';
import { scoreRisk } from './risk-scorer/score-risk.ts';

/** Each gap in the evidence takes this much off the confidence, down to half of it. */
const CONFIDENCE_PER_GAP = 0.05;
const OFFENDING_OBJECTS = 1000;

export interface DetectionFacts {
  readonly incident: IncidentSection;
  readonly evidence: EvidenceSection;
  readonly log: string;
  readonly registration: JobRegistration | null;
  /** Per registered input; null where the sample or the baseline is not there. */
  readonly samples: ReadonlyMap<string, InputSample>;
  readonly baselines: ReadonlyMap<string, DatasetBaseline>;
}

/** Pure and deterministic. */
export function detectAnomalies(facts: DetectionFacts): FindingsSection {
  const { evidence } = facts;
  const classified = classify({ errorMessage: evidence.run.errorMessage, log: facts.log });
  const { drift, quality, offending } = judgeDatasets(facts);
  const classification: FindingsSection['classification'] = {
    family: settledFamily(familyOf(classified.family, facts), drift, offending),
    confidence: lessForGaps(classified.confidence, evidence.gaps.length),
    signature: classified.signature,
    evidenceLine: classified.evidenceLine?.slice(0, 1000) ?? null,
    rootCauseLine: classified.rootCauseLine?.slice(0, 1000) ?? null,
  };
  const severity = worst(
    drift.map((each) => each.severity),
    ['breaking', 'compatible', 'none', 'unmeasured'],
  );
  const condition = worst(
    quality.map((each) => each.condition),
    ['poor', 'degraded', 'good', 'unmeasured'],
  );
  const family = classification.family === 'none' ? 'unknown' : classification.family;
  const risk = scoreRisk({
    family,
    confidence: classification.confidence,
    drift: severity,
    quality: condition,
    retryCount: facts.incident.retryCount,
    criticality: facts.registration?.criticality ?? 'medium',
    blastRadius: blastRadius(evidence, offending, drift),
    evidenceCompleteness: evidence.completeness,
  });
  const state: RlState = {
    family,
    risk: risk.level,
    retryCount: retryCountOf(facts.incident.retryCount),
    drift: severity,
    quality: condition,
  };
  const anomalies = anomaliesOf(classification, drift, quality, offending, evidence);
  return {
    verdict: verdictOf(anomalies),
    classification,
    drift,
    quality,
    anomalies,
    offendingObjects: offending.slice(0, OFFENDING_OBJECTS),
    risk,
    state,
    stateId: stateId(state),
  };
}

/**
 * What was measured settles what the log leaves open: values that do not fit are bad data where few objects hold them, and a
 * drifted schema where the whole input has changed its type or format.
 */
function settledFamily(
  family: FindingsSection['classification']['family'],
  drift: FindingsSection['drift'],
  offending: readonly OffendingObject[],
) {
  const typesHaveChanged = drift.some(
    (each) => each.subject === 'data' && each.changes.some((change) => ['type_changed', 'format_changed'].includes(change.kind)),
  );
  return family === 'data_quality' && offending.length === 0 && typesHaveChanged ? 'schema_drift' : family;
}

/** A ruleset that failed in a run that succeeded is a failure of the data, though no log line says so. */
function familyOf(family: ReturnType<typeof classify>['family'], facts: DetectionFacts): FindingsSection['classification']['family'] {
  if (facts.incident.source === 'data-quality' && (family === 'none' || family === 'unknown')) return 'data_quality';
  // Glue says that the run failed: a log without a failure line leaves the cause unknown, not the run healthy.
  return family === 'none' &&
    ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'].includes(facts.evidence.run.state) &&
    facts.evidence.run.errorMessage !== null
    ? 'unknown'
    : family;
}

function lessForGaps(confidence: number, gaps: number): number {
  const factor = Math.max(1 - CONFIDENCE_PER_GAP * gaps, 0.5);
  return Math.round(Math.min(Math.max(confidence * factor, 0), 1) * 1000) / 1000;
}

function judgeDatasets(facts: DetectionFacts): {
  drift: FindingsSection['drift'];
  quality: FindingsSection['quality'];
  offending: OffendingObject[];
} {
  const drift: FindingsSection['drift'] = facts.evidence.tables.flatMap((table) =>
    table.lastGoodColumns === null
      ? []
      : [
          driftFinding(
            'catalog',
            `${table.database}.${table.name}`,
            detectDrift(
              { columns: table.lastGoodColumns, partitionKeys: table.lastGoodPartitionKeys ?? [] },
              { columns: table.columns, partitionKeys: table.partitionKeys },
              { caseInsensitive: true },
            ),
          ),
        ],
  );
  const quality: FindingsSection['quality'] = [];
  const offending: OffendingObject[] = [];
  for (const dataset of facts.evidence.datasets) {
    offending.push(...offendingObjects(dataset, facts.log));
    const sample = facts.samples.get(dataset.input);
    const baseline = facts.baselines.get(dataset.input);
    // With no new object the sample is of old ones: they say nothing about this failure.
    if (!sample || !baseline || dataset.newObjectCount === 0) continue;
    drift.push(dataDrift(dataset.input, baseline, sample));
    const { finding, report } = dataQuality(dataset.input, baseline, sample);
    quality.push(finding);
    if (offending.length === 0) offending.push(...objectsOfOffendingRows(dataset, sample, report));
  }
  return { drift, quality, offending };
}

function worst<T extends DriftSeverity | QualityCondition>(values: readonly T[], worstFirst: readonly T[]): T {
  return worstFirst.find((each) => values.includes(each)) ?? ('unmeasured' as T);
}

function blastRadius(evidence: EvidenceSection, offending: readonly OffendingObject[], drift: FindingsSection['drift']) {
  const newObjects = evidence.datasets.reduce((sum, dataset) => sum + dataset.newObjectCount, 0);
  return {
    objects: offending.length,
    shareOfInput: newObjects === 0 ? 0 : Math.min(offending.length / newObjects, 1),
    tables: drift.filter((each) => each.subject === 'catalog' && each.severity !== 'none').length,
  };
}

function anomaliesOf(
  classification: FindingsSection['classification'],
  drift: FindingsSection['drift'],
  quality: FindingsSection['quality'],
  offending: readonly OffendingObject[],
  evidence: EvidenceSection,
): Anomaly[] {
  const anomalies: Anomaly[] = [
    {
      rule: 'error-classifier',
      verdict: classification.family === 'none' ? 'normal' : classification.evidenceLine === null ? 'no-evidence' : 'anomalous',
      value: classification.family,
      expected: 'no failure reported',
      evidence: classification.rootCauseLine ?? classification.evidenceLine ?? 'no line',
    },
  ];
  for (const each of drift) {
    anomalies.push({
      rule: `${each.subject}-drift`,
      verdict: each.severity === 'unmeasured' ? 'no-evidence' : each.severity === 'none' ? 'normal' : 'anomalous',
      value: each.severity,
      expected: 'as in the last validated good run',
      evidence:
        `${each.name}: ${each.changes.map((change) => `${change.path} ${change.kind} ${change.from ?? ''} → ${change.to ?? ''}`).join('; ')}`.slice(
          0,
          1000,
        ),
    });
  }
  for (const each of quality) {
    anomalies.push({
      rule: 'data-quality',
      verdict: each.condition === 'unmeasured' ? 'no-evidence' : each.condition === 'good' ? 'normal' : 'anomalous',
      value: `${each.condition} (${each.score ?? '-'})`,
      expected: 'good',
      evidence: `${each.input}: ${each.columns.map((column) => `${column.name}: ${column.reasons[0] ?? ''}`).join('; ')}`.slice(0, 1000),
    });
  }
  if (evidence.datasets.length > 0) {
    anomalies.push({
      rule: 'offending-objects',
      verdict: offending.length > 0 ? 'anomalous' : 'normal',
      value: `${offending.length} objects`,
      expected: 'none',
      evidence: offending
        .map((object) => `${object.key}: ${object.reason}`)
        .join('; ')
        .slice(0, 1000),
    });
  }
  return anomalies.slice(0, 60);
}

function verdictOf(anomalies: readonly Anomaly[]): FindingsSection['verdict'] {
  if (anomalies.some((anomaly) => anomaly.verdict === 'anomalous')) return 'anomalous';
  return anomalies.some((anomaly) => anomaly.verdict === 'normal') ? 'normal' : 'no-evidence';
}
