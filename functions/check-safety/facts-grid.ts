/**
 * The fixed grid of facts on which the guardrails are fingerprinted: the reference incident, moved along one axis at a time, for every action.
 * Numbers stand at their limit and to both sides of it, for more than one limit, and at the ends of their range.
 */
import { ACTIONS, type Plan, type Rerun } from '../shared/actions.ts';
import type { FindingsSection } from '../shared/incident.ts';
import { type Limits, MODES } from '../shared/job-registration.ts';
import { FAILURE_FAMILIES, RISK_LEVELS } from '../shared/rl-state.ts';
import type { GuardrailFacts } from './guardrail.ts';
import {
  REFERENCE_FREEZE,
  REFERENCE_STATE,
  REFERENCE_TIME,
  referenceFacts,
  referenceFindings,
  referenceRegistration,
} from './reference-facts.ts';

export type Move = (facts: GuardrailFacts) => GuardrailFacts;

/** `value` under `limit`: what the grid varies together. */
export interface LimitAxis {
  readonly limit: keyof Limits;
  /** The smallest step of the value. */
  readonly step: number;
  /** Limits besides the default. */
  readonly others: readonly number[];
  place(facts: GuardrailFacts, value: number): GuardrailFacts;
}

const withUsage =
  (name: keyof GuardrailFacts['usage']) =>
  (facts: GuardrailFacts, value: number): GuardrailFacts => ({ ...facts, usage: { ...facts.usage, [name]: value } });

/** Each axis is named after the guardrail that watches it. */
export const LIMIT_AXES: Readonly<Record<string, LimitAxis>> = {
  'confidence-floor': {
    limit: 'confidenceFloor',
    step: 0.01,
    others: [0.01, 0.99],
    place: (facts, confidence) =>
      withFindings(facts, { classification: { ...facts.findings.classification, confidence: Math.min(Math.max(confidence, 0), 1) } }),
  },
  'retry-budget': { limit: 'retriesPerLineage', step: 1, others: [0, 1, 7], place: withUsage('lineageRetries') },
  'job-budget': { limit: 'remediationsPerJobPerDay', step: 1, others: [0, 1, 7], place: withUsage('jobRemediationsToday') },
  'fleet-budget': { limit: 'remediationsPerFleetPerHour', step: 1, others: [0, 1, 7], place: withUsage('fleetRemediationsThisHour') },
  cooldown: { limit: 'cooldownSeconds', step: 1, others: [1, 60], place: withUsage('secondsSinceLastOfJob') },
  'circuit-breaker': { limit: 'failedValidations', step: 1, others: [0, 1, 7], place: withUsage('failedValidationsInRow') },
  'blast-radius-objects': { limit: 'quarantineObjects', step: 1, others: [1, 7], place: withObjects },
  'blast-radius-bytes': {
    limit: 'quarantineBytes',
    step: 1,
    others: [0, 1, 4096],
    place: (facts, totalBytes) => withPlan(facts, { totalBytes }),
  },
  'blast-radius-share': {
    limit: 'quarantineShareOfInput',
    step: 0.01,
    others: [0.01, 0.99, 1],
    place: (facts, share) => withPlan(facts, { shareOfInput: Math.min(Math.max(share, 0), 1) }),
  },
  'dpu-hours': {
    limit: 'dpuHoursPerRerun',
    step: 0.25,
    others: [0, 0.5, 7],
    place: (facts, estimatedDpuHours) => withRerun(facts, { estimatedDpuHours }),
  },
  'dpu-hours-of-the-day': {
    limit: 'dpuHoursPerJobPerDay',
    step: 0.25,
    others: [1, 7],
    // What the rerun itself is estimated at counts towards the day.
    place: (facts, total) => withUsage('jobDpuHoursToday')(withRerun(facts, { estimatedDpuHours: 0.5 }), total - 0.5),
  },
};

/** The values of an axis around `limit`: below, at and above it, none of them negative. */
export function around({ step }: LimitAxis, limit: number): number[] {
  return [limit - step, limit, limit + step].map((value) => Math.round(value * 1e6) / 1e6).filter((value) => value >= 0);
}

/** Every point, in a fixed order. */
export function* factsGrid(): Generator<GuardrailFacts> {
  for (const action of ACTIONS) {
    const reference = referenceFacts(action);
    for (const move of MOVES) yield move(reference);
    for (const axis of Object.values(LIMIT_AXES)) {
      for (const limit of [reference.limits[axis.limit], ...axis.others]) {
        const limited = { ...reference, limits: { ...reference.limits, [axis.limit]: limit } };
        for (const value of [0, ...around(axis, limit)]) yield axis.place(limited, value);
      }
    }
  }
}

const FREEZE = 3_600_000;
const at = (offset: number) => new Date(Date.parse(REFERENCE_TIME) + offset);
const frozen = referenceRegistration({
  changeFreezes: [{ from: REFERENCE_TIME, to: at(FREEZE).toISOString(), reason: 'year end' }],
});

/** All that is not a number under a limit. */
const MOVES: readonly Move[] = [
  (facts) => facts,
  (facts) => ({ ...facts, killSwitch: { engaged: true, reason: 'engaged by ada: stop' } }),
  (facts) => ({ ...facts, freeze: REFERENCE_FREEZE }),
  (facts) => ({ ...facts, registration: null }),
  (facts) => ({ ...facts, registration: referenceRegistration({ protected: true }) }),
  (facts) => ({ ...facts, registration: referenceRegistration({ rerunSafe: false }) }),
  ...MODES.map(
    (mode): Move =>
      (facts) => ({ ...facts, mode }),
  ),
  ...[-1, 0, FREEZE - 1, FREEZE, FREEZE + 1].map(
    (offset): Move =>
      (facts) => ({ ...facts, registration: frozen, now: at(offset) }),
  ),
  ...RISK_LEVELS.map(
    (risk): Move =>
      (facts) => ({ ...facts, findings: referenceFindings({ ...REFERENCE_STATE, risk }) }),
  ),
  ...FAILURE_FAMILIES.map(
    (family): Move =>
      (facts) => ({ ...facts, findings: referenceFindings({ ...REFERENCE_STATE, family }) }),
  ),
  ...(['normal', 'no-evidence'] as const).map(
    (verdict): Move =>
      (facts) =>
        withFindings(facts, { verdict }),
  ),
  (facts) => withFindings(facts, { drift: [] }),
  (facts) => withFindings(facts, { drift: facts.findings.drift.filter(({ subject }) => subject === 'catalog') }),
  (facts) => withFindings(facts, { drift: facts.findings.drift.filter(({ subject }) => subject === 'data') }),
  (facts) => withFindings(facts, { drift: facts.findings.drift.map((each) => ({ ...each, severity: 'compatible' })) }),
  (facts) => withFindings(facts, { drift: facts.findings.drift.map((each) => ({ ...each, changes: [] })) }),
  (facts) => withFindings(facts, { offendingObjects: [] }),
  (facts) => withObjects(facts, 0),
  (facts) => withPlan(facts, { changes: [] }),
  (facts) => withPlan(facts, { table: null, database: null }),
  (facts) => ({ ...facts, limits: { ...facts.limits, tables: 0 } }),
  ...[0, 1, 2, 3].map(
    (foreignVersionsSinceGood): Move =>
      (facts) =>
        withTable(facts, { foreignVersionsSinceGood }),
  ),
  ...[1, 2].map(
    (partitionsInspected): Move =>
      (facts) =>
        withTable(facts, { partitionsInspected }),
  ),
  ...['SUCCEEDED', 'FAILED'].map(
    (state): Move =>
      (facts) =>
        withDataQualityRun(facts, state),
  ),
];

export function withFindings(facts: GuardrailFacts, changes: Partial<FindingsSection>): GuardrailFacts {
  return { ...facts, findings: { ...facts.findings, ...changes } };
}

/** Changes those of the plan's fields that its action has. */
export function withPlan(facts: GuardrailFacts, changes: Readonly<Record<string, unknown>>): GuardrailFacts {
  const known = Object.fromEntries(Object.entries(changes).filter(([name]) => name in facts.plan));
  return { ...facts, plan: { ...facts.plan, ...known } as Plan };
}

export function withRerun(facts: GuardrailFacts, changes: Partial<Rerun>): GuardrailFacts {
  return 'rerun' in facts.plan ? withPlan(facts, { rerun: { ...facts.plan.rerun, ...changes } }) : facts;
}

export function withObjects(facts: GuardrailFacts, count: number): GuardrailFacts {
  const objects = Array.from({ length: count }, (_, index) => ({ bucket: 'lake', key: `k${index}`, versionId: null, size: 1, etag: 'e' }));
  return withPlan(facts, { objects });
}

export function withTable(facts: GuardrailFacts, changes: Partial<GuardrailFacts['evidence']['tables'][number]>): GuardrailFacts {
  return { ...facts, evidence: { ...facts.evidence, tables: facts.evidence.tables.map((table) => ({ ...table, ...changes })) } };
}

export function withDataQualityRun(facts: GuardrailFacts, state: string): GuardrailFacts {
  return { ...facts, evidence: { ...facts.evidence, dataQualityRuns: [{ resultId: 'dq-1', state, score: 0.5, rulesFailed: 1 }] } };
}
