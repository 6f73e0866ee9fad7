/**
 * The second line: should the state machine ever hand the executor what it must not do, the executor's own questions have to stop it. Every
 * document that it could be handed × everything that may be so in the stores by then.
 */
import {
  REFERENCE_EVIDENCE,
  REFERENCE_FREEZE,
  REFERENCE_INCIDENT,
  REFERENCE_PLANS,
  REFERENCE_TIME,
} from '../../functions/check-safety/reference-facts.ts';
import { refusalReason } from '../../functions/execute-action/assert-authority.ts';
import { ACTIONS, type Action } from '../../functions/shared/actions.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import { lineageOf } from '../../functions/shared/lineage.ts';
import type { JobRun, Ports } from '../../functions/shared/ports.ts';
import { ApprovalStore, approvalIdOf } from '../../functions/shared/stores/approvals.ts';
import { freezeJob, liftJobFreeze } from '../../functions/shared/stores/frozen-jobs.ts';
import { register } from '../../functions/shared/stores/registrations.ts';
import { setKillSwitch } from '../../functions/shared/stores/settings.ts';
import { MemoryItemTable } from '../../local/twins/memory-item-table.ts';
import { worldIn } from './scenario-parts.ts';
import type { Tally } from './tally.ts';
import { type Execution, UNSAFE_EXECUTIONS, unsafeIn } from './unsafe.ts';

type Refusal = typeof refusalReason;
type Document = Parameters<Refusal>[0];
type Stored = Pick<Execution, 'killSwitch' | 'freeze' | 'mode' | 'approval' | 'overtaken'>;

const VERDICTS = ['allow', 'needs-approval', 'escalate', 'deferred'] as const;
const CAPABILITIES = ['available', 'unavailable'] as const;
const PLANS = ['intact', 'another target', 'another action'] as const;
const KILL_SWITCHES = ['off', 'engaged', 'unreadable', 'never set'] as const;
const FREEZES = ['none', 'frozen', 'lifted', 'unreadable'] as const;
const MODES = ['shadow', 'approve', 'auto'] as const;
const APPROVALS = ['none', 'of this plan', 'of another plan', 'of another incident', 'pending', 'rejected', 'unknown'] as const;

/** `refusalOf` is the executor's own question unless a test plants another. */
export async function proveExecutor(tally: Tally, refusalOf: Refusal = refusalReason): Promise<void> {
  for (const action of ACTIONS)
    for (const killSwitch of KILL_SWITCHES)
      for (const freeze of FREEZES)
        for (const mode of MODES)
          for (const approval of APPROVALS)
            for (const overtaken of [false, true]) {
              const stored: Stored = { killSwitch, freeze, mode, approval, overtaken };
              const ports = await portsWith(action, stored);
              for (const handed of documentsOf(action, stored)) {
                const refused = (await refusalOf(handed.document, ports)) !== null;
                tally.way(refused ? 'refused by the executor' : 'let through by the executor');
                if (!refused) tally.found(unsafeIn(UNSAFE_EXECUTIONS, handed.execution), () => ({ ...handed.execution }));
              }
            }
}

function* documentsOf(action: Action, stored: Stored): Generator<{ document: Document; execution: Execution }> {
  for (const verdict of VERDICTS)
    for (const capability of CAPABILITIES)
      for (const seen of PLANS) {
        const plan =
          seen === 'intact'
            ? REFERENCE_PLANS[action]
            : seen === 'another target'
              ? { ...REFERENCE_PLANS[action], reason: 'tampered with' }
              : REFERENCE_PLANS[action === 'RETRY' ? 'QUARANTINE' : 'RETRY'];
        yield {
          execution: { action, verdict, capability, planIntact: seen === 'intact', ...stored },
          document: {
            incident: INCIDENT,
            evidence: REFERENCE_EVIDENCE,
            safety: {
              verdict,
              action,
              plan,
              planHash: seen === 'another action' ? canonicalHash(plan) : hashOf(action),
              mode: 'auto',
              reason: 'as it was judged',
              rulings: [],
              passedOver: [],
              guardrailVersion: 'any',
              approvalId: stored.approval === 'none' ? null : APPROVAL_ID,
            },
            capability: { verdict: capability, reason: 'as it was found', checks: [], suggestedPatch: null, delaySeconds: 0 },
          },
        };
      }
}

/** Of the lineage of a run without arguments, so that the good run is of it too. */
const INCIDENT = { ...REFERENCE_INCIDENT, lineage: lineageOf(REFERENCE_INCIDENT.jobName, {}) };
const APPROVAL_ID = approvalIdOf(REFERENCE_INCIDENT.id, 1);
const HASHES = new Map(ACTIONS.map((action) => [action, canonicalHash(REFERENCE_PLANS[action])]));
const hashOf = (action: Action) => HASHES.get(action) ?? '';

/** Stores in which all of this is so, written by the product's own stores where they can write it. */
async function portsWith(action: Action, { killSwitch, freeze, mode, approval, overtaken }: Stored): Promise<Ports> {
  const operations = new MemoryItemTable();
  const clock = () => new Date(REFERENCE_TIME);
  await register(operations, worldIn(mode).registration);
  if (killSwitch === 'unreadable') await operations.create({ pk: 'SETTINGS', sk: 'KILL_SWITCH' }, { engaged: 'perhaps' });
  else if (killSwitch !== 'never set') await setKillSwitch(operations, killSwitch === 'engaged', 'ada', killSwitch, clock());

  if (freeze === 'unreadable') await operations.create({ pk: 'FROZEN_JOBS', sk: REFERENCE_INCIDENT.jobName }, { frozen: 'perhaps' });
  else if (freeze !== 'none') await freezeJob(operations, REFERENCE_FREEZE);
  if (freeze === 'lifted') {
    await liftJobFreeze(operations, REFERENCE_INCIDENT.jobName, { by: 'ada', at: REFERENCE_TIME, reason: 'looked at it' });
  }

  if (approval !== 'none' && approval !== 'unknown') {
    const store = new ApprovalStore({ operations, clock });
    const plan = approval === 'of another plan' ? { ...REFERENCE_PLANS[action], reason: 'another one' } : REFERENCE_PLANS[action];
    const planHash = canonicalHash(plan);
    await store.open({
      approvalId: APPROVAL_ID,
      incidentId: approval === 'of another incident' ? 'inc-another' : REFERENCE_INCIDENT.id,
      jobName: REFERENCE_INCIDENT.jobName,
      deadline: new Date(clock().getTime() + 60_000).toISOString(),
      kind: 'needs-approval',
      reason: 'a person confirms it',
      options: [{ action, planHash, plan }],
      suggestedPatch: null,
      taskToken: 'token',
    });
    const decided = { approvalId: APPROVAL_ID, by: 'ada', identity: 'ada', channel: 'proof', reason: 'decided' };
    if (approval === 'rejected') await store.decide({ ...decided, decision: 'rejected', planHash: null });
    else if (approval !== 'pending') await store.decide({ ...decided, decision: 'approved', planHash });
  }

  const runs = overtaken ? [A_GOOD_RUN] : [];
  // Only what the executor asks before it acts: anything else that it might come to ask is not there, and fails the proof.
  return { clock, operations, jobRuns: { listJobRuns: async () => ({ runs }) } } as unknown as Ports;
}

const A_GOOD_RUN: JobRun = {
  id: 'jr_9',
  jobName: REFERENCE_INCIDENT.jobName,
  attempt: 0,
  previousRunId: null,
  triggerName: null,
  state: 'SUCCEEDED',
  stateDetail: null,
  errorMessage: null,
  startedOn: new Date(Date.parse(REFERENCE_TIME) + 1).toISOString(),
  completedOn: null,
  executionTimeSeconds: 1,
  timeoutMinutes: null,
  dpuSeconds: null,
  arguments: {},
  workerType: null,
  numberOfWorkers: null,
  maxCapacity: null,
  glueVersion: null,
  logGroupName: null,
  securityConfiguration: null,
  executionClass: null,
};
