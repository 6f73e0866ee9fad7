/**
 * The risk scorer: a published sum of named terms. Each term has a value in [0,1] read from one of the tables below and a weight;
 * the score is the sum of value × weight, clamped to [0,1], and the level is where the score falls between the thresholds.
 */
import type { EvidenceSection, Risk } from '../../shared/incident.ts';
import type { JobRegistration } from '../../shared/job-registration.ts';
import type { DriftSeverity, FailureFamily, QualityCondition, RiskLevel } from '../../shared/rl-state.ts';

export interface RiskFacts {
  readonly family: FailureFamily;
  /** Of the classification, in [0,1]. */
  readonly confidence: number;
  readonly drift: DriftSeverity;
  readonly quality: QualityCondition;
  /** Remediations of this lineage that ran and failed before. */
  readonly retryCount: number;
  readonly criticality: JobRegistration['criticality'];
  /** What the failure touches: offending objects, their share of the input, tables whose catalog entry drifted. */
  readonly blastRadius: { readonly objects: number; readonly shareOfInput: number; readonly tables: number };
  readonly evidenceCompleteness: EvidenceSection['completeness'];
}

/** How much each term can add. They sum to more than 1 on purpose: no single fact makes an incident critical, several together do. */
export const RISK_WEIGHTS = {
  family: 0.3,
  drift: 0.22,
  quality: 0.25,
  uncertainty: 0.16,
  retries: 0.15,
  criticality: 0.22,
  blastRadius: 0.1,
  evidenceGaps: 0.05,
} as const;

/** The lowest score of each level. */
export const RISK_THRESHOLDS: Readonly<Record<RiskLevel, number>> = { low: 0, medium: 0.2, high: 0.5, critical: 0.7 };

/** How far a wrong remediation of such a failure can go: least where the service failed, most where the cause has no name. */
export const FAMILY_RISK: Readonly<Record<FailureFamily, number>> = {
  transient_infrastructure: 0.1,
  connectivity: 0.25,
  missing_input: 0.25,
  resource_exhaustion: 0.3,
  schema_drift: 0.5,
  configuration: 0.6,
  access_denied: 0.65,
  code_defect: 0.7,
  data_quality: 0.7,
  unknown: 0.8,
};
/** What could not be measured is not healthy: it counts a little, so that it never looks better than what was. */
export const DRIFT_RISK: Readonly<Record<DriftSeverity, number>> = { none: 0, compatible: 0.3, breaking: 1, unmeasured: 0.25 };
export const QUALITY_RISK: Readonly<Record<QualityCondition, number>> = { good: 0, degraded: 0.3, poor: 1, unmeasured: 0.2 };
export const CRITICALITY_RISK: Readonly<Record<JobRegistration['criticality'], number>> = { low: 0, medium: 0.25, high: 0.75, critical: 1 };
const OBJECTS_THAT_COUNT_FULLY = 50;
const TABLES_THAT_COUNT_FULLY = 5;

/** Scores one incident. Numbers outside their range are clamped; one that is not a number counts as the worst of its term. */
export function scoreRisk(facts: RiskFacts): Risk {
  const values: Record<keyof typeof RISK_WEIGHTS, number> = {
    family: FAMILY_RISK[facts.family],
    drift: DRIFT_RISK[facts.drift],
    quality: qualityValue(facts),
    uncertainty: 1 - facts.confidence,
    retries: facts.retryCount / 2,
    criticality: CRITICALITY_RISK[facts.criticality],
    blastRadius: blastRadiusValue(facts),
    evidenceGaps: facts.evidenceCompleteness === 'PARTIAL' ? 1 : 0,
  };
  const terms = (Object.keys(RISK_WEIGHTS) as (keyof typeof RISK_WEIGHTS)[]).map((name) => {
    const value = rounded(clampedToUnit(values[name]));
    const weight = RISK_WEIGHTS[name];
    return { name, value, weight, contribution: rounded(value * weight) };
  });
  const score = rounded(clampedToUnit(terms.reduce((sum, term) => sum + term.contribution, 0)));
  return { score, level: riskLevel(score), terms };
}

/** The level of a score in [0,1]. */
export function riskLevel(score: number): RiskLevel {
  if (score >= RISK_THRESHOLDS.critical) return 'critical';
  if (score >= RISK_THRESHOLDS.high) return 'high';
  return score >= RISK_THRESHOLDS.medium ? 'medium' : 'low';
}

/** In a schema drift, cells that do not fit are the drift seen a second time: one cause is not counted twice in full. */
function qualityValue({ family, quality }: RiskFacts): number {
  return QUALITY_RISK[quality] * (family === 'schema_drift' ? 0.5 : 1);
}

/** One table is what any catalog repair touches, so it adds nothing. A schema repair touches tables, not the objects that show the drift. */
function blastRadiusValue({ family, blastRadius: { objects, shareOfInput, tables } }: RiskFacts): number {
  const ofTables = (tables - 1) / (TABLES_THAT_COUNT_FULLY - 1);
  return family === 'schema_drift' ? ofTables : Math.max(ofTables, shareOfInput, objects / OBJECTS_THAT_COUNT_FULLY);
}

function clampedToUnit(value: number): number {
  return Number.isNaN(value) ? 1 : Math.min(1, Math.max(0, value));
}

/** Four decimals: what people read is what was compared with the thresholds. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
