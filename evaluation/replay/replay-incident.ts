/**
 * An incident decided again from its audit trail: by the same code it is the same to the byte. Read-only: under another policy, other
 * guardrails or other limits it shows beside what was decided what would have been.
 */
import { GUARDRAIL_SETS } from '../../functions/check-safety/guardrail-sets.ts';
import { CANDIDATE, CandidatePolicySchema, descriptionKey } from '../../functions/propose-action/policy-items.ts';
import { PolicyStore } from '../../functions/propose-action/policy-store.ts';
import type { ProposalWeighed } from '../../functions/propose-action/proposal-decision.ts';
import { rowHash } from '../../functions/propose-action/q-table.ts';
import { RULES_HASH, RULES_VERSION } from '../../functions/propose-action/rules-policy.ts';
import { shippedWarmStart } from '../../functions/propose-action/warm-start.ts';
import { getArtefact } from '../../functions/shared/artefacts.ts';
import { InputError, IntegrityError, quoteForMessage } from '../../functions/shared/errors.ts';
import { documentOf } from '../../functions/shared/incident-report.ts';
import { type Limits, LimitsSchema } from '../../functions/shared/job-registration.ts';
import type { Ports } from '../../functions/shared/ports.ts';
import { RELEASE } from '../../functions/shared/release.ts';
import { AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { read } from '../../functions/shared/stores/compare-and-set.ts';
import definition from '../../statemachine/glue-medic.asl.json' with { type: 'json' };
import { compileMachine } from '../prove/machine.ts';
import { type Counterfactual, counterfactual, type Otherwise } from './counterfactual.ts';
import { recordedDecisions } from './recorded-decisions.ts';
import { type ReplayedStep, redecide } from './redecide.ts';

export interface ReplayRequest {
  /** A frozen version, `candidate` or `rules`. */
  readonly policy?: string | undefined;
  readonly guardrails?: string | undefined;
  /** Limits that are to be other than the job's. */
  readonly limits?: unknown;
}

export interface Replay {
  readonly incidentId: string;
  readonly job: string;
  readonly release: string;
  /** Entries of the trail, whose chain is intact. */
  readonly entries: number;
  /** `same`: every decision that can be made again, and at the least every one from the proposal on. */
  readonly verdict: 'same' | 'different' | 'NOT_EVALUABLE';
  readonly steps: readonly ReplayedStep[];
  /** Null where nothing was asked for. */
  readonly counterfactual: Counterfactual | null;
}

export type ReplayPorts = Pick<Ports, 'audit' | 'operations' | 'qTable' | 'objects' | 'clock'>;

/**
 * Errors: E_INCIDENT_ID where it is unknown; E_AUDIT (IntegrityError) where its chain is broken; E_VERSION where other code decided, or
 * a policy or guardrail set is unknown; E_CONFIG for limits that are none; E_POLICY and E_ARTEFACT where what is stored was changed.
 */
export async function replayIncident(incidentId: string, request: ReplayRequest, ports: ReplayPorts): Promise<Replay> {
  const trail = new AuditTrail(ports);
  const chain = await trail.verify(incidentId);
  if (chain.verdict === 'broken') {
    const { firstBadEntry, reason } = chain;
    throw new IntegrityError('E_AUDIT', `entry #${firstBadEntry} of ${incidentId} ${reason}; nothing is replayed from a broken trail`);
  }
  const entries = await trail.entries(incidentId);
  if (entries.length === 0) throw new InputError('E_INCIDENT_ID', `${quoteForMessage(incidentId, 40)} is unknown`);
  const document = documentOf(entries);
  const decisions = recordedDecisions(entries);
  const steps: ReplayedStep[] = [];
  for (const decision of decisions) steps.push(await redecide(decision, (pointer) => getArtefact(ports, pointer)));

  const otherwise = await otherwiseOf(request, document.findings?.stateId, ports);
  const last = Math.max(...decisions.map(({ opening }) => opening));
  return {
    incidentId,
    job: document.incident?.jobName ?? '',
    release: RELEASE,
    entries: entries.length,
    verdict: verdictOf(steps),
    steps,
    counterfactual:
      otherwise &&
      counterfactual(
        compileMachine(definition),
        decisions.filter(({ opening }) => opening === last),
        document.approval,
        otherwise,
      ),
  };
}

/** Artefacts are kept for a time only: findings whose evidence is gone are still what all that followed was decided on. */
function verdictOf(steps: readonly ReplayedStep[]): Replay['verdict'] {
  if (steps.some(({ verdict }) => verdict === 'different')) return 'different';
  const isOpen = ({ step, verdict }: ReplayedStep) => verdict === 'NOT_EVALUABLE' && !step.startsWith('DetectAnomalies');
  return steps.some(isOpen) ? 'NOT_EVALUABLE' : 'same';
}

async function otherwiseOf(
  { policy, guardrails, limits }: ReplayRequest,
  stateId: string | undefined,
  ports: ReplayPorts,
): Promise<Otherwise | null> {
  if (policy === undefined && guardrails === undefined && limits === undefined) return null;
  return {
    ...(policy === undefined ? {} : { policy: await policyNamed(policy, stateId ?? '', ports) }),
    ...(guardrails === undefined ? {} : { guardrails: guardrailSetNamed(guardrails) }),
    ...(limits === undefined ? {} : { limits: limitsIn(limits) }),
  };
}

function guardrailSetNamed(version: string) {
  const set = Object.hasOwn(GUARDRAIL_SETS, version) ? GUARDRAIL_SETS[version] : undefined;
  if (set) return set;
  throw new InputError(
    'E_VERSION',
    `${quoteForMessage(version)} is no guardrail set of this release; known are ${Object.keys(GUARDRAIL_SETS).join(', ')}`,
  );
}

async function policyNamed(version: string, stateId: string, ports: ReplayPorts): Promise<ProposalWeighed['policy']> {
  if (version === RULES_VERSION) return { version, hash: RULES_HASH, fallbackReason: null, row: null };
  const store = new PolicyStore(ports);
  if ((await ports.qTable.get(descriptionKey(version))) === undefined) throw unknownPolicy(version, (await store.active()).version);
  if (version !== CANDIDATE) return trusted(await store.lookUp(version, stateId));
  const candidate = await read(ports.qTable, descriptionKey(CANDIDATE), CandidatePolicySchema);
  const base = trusted(await store.lookUp(candidate?.base.version ?? RULES_VERSION, stateId));
  const row = (await store.candidateRow(stateId)) ?? base.row;
  // A draft has no hash: what it knows of this state identifies what is used of it.
  return { version, hash: row === null ? base.hash : rowHash(row), fallbackReason: null, row };
}

/** Where the incident acts by the rules, a question about a policy is not answered by them. */
function trusted<Reading extends ProposalWeighed['policy']>(reading: Reading): Reading {
  if (reading.fallbackReason === null) return reading;
  throw new IntegrityError('E_POLICY', reading.fallbackReason.replace(/^E_\w+: /, ''));
}

function unknownPolicy(version: string, active: string): InputError {
  const known = [...new Set([RULES_VERSION, active, shippedWarmStart().version])];
  return new InputError(
    'E_VERSION',
    version === CANDIDATE
      ? 'there is no candidate yet: nothing has been learned'
      : `${quoteForMessage(version)} is no policy here; known are ${known.join(', ')}, ${CANDIDATE} and whatever was frozen`,
  );
}

function limitsIn(named: unknown): Partial<Limits> {
  const parsed = LimitsSchema.safeParse(named);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError('E_CONFIG', `limits${issue?.path.length ? `.${issue.path.join('.')}` : ''}: ${issue?.message}`);
  }
  // Only what was named: defaults are no change.
  const names = Object.keys(named as object) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, parsed.data[name]]));
}
