/** Carries out the plan that safety allowed and capability found possible: the action's own effect, then the rerun. */
import { isNotFound, isServiceError } from '../shared/aws-errors.ts';
import type { Reading } from '../shared/define-step.ts';
import { InputError } from '../shared/errors.ts';
import type { ExecutionSection } from '../shared/incident.ts';
import { LimitsSchema } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';
import type { LedgerRow } from '../shared/stores/action-ledger.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { rerunOf } from './actions/action.ts';
import { TableChangedError } from './actions/catalog-change.ts';
import { definitionOf } from './actions/index.ts';
import { ObjectChangedError } from './actions/quarantine.ts';
import { refusalReason } from './assert-authority.ts';
import { KillSwitchEngagedError, Mutations } from './mutations.ts';
import { mayHaveBegun, startRerun } from './start-rerun.ts';

type Document = Reading<'evidence' | 'safety' | 'capability'>;

const UNKNOWN_DURATION_SECONDS = 60;
const MAX_FIRST_WAIT_SECONDS = 900;

export async function executeAction(document: Document, ports: Ports): Promise<ExecutionSection> {
  const { safety, incident } = document;
  const mutations = new Mutations(ports, incident.id);
  const begun = (await mutations.ledger.rows()).some(mayHaveBegun);
  // What has begun is finished by the ledger: asking again whether it may begin would leave it half done.
  const refusal = begun ? null : ((await refusalReason(document, ports)) ?? (await budgetProblem(document, ports)));
  if (refusal !== null) return section(document, { status: 'refused', reason: refusal, runId: null, adopted: false, effects: [] }, ports);
  const budgets = new BudgetStore(ports);
  const claim = { incidentId: incident.id, jobName: incident.jobName, lineage: incident.lineage };
  const rerun = rerunOf(safety.plan);
  // Before anything is begun: stopped after the start, nobody may take it for a reservation that was never used.
  if (rerun) await budgets.spend(claim);
  try {
    await definitionOf(safety.plan).execute(safety.plan, mutations, ports);
    const started = rerun && (await startRerun(rerun, mutations, ports));
    if (started) await budgets.spend(claim);
    const effects = effectsOf(await mutations.ledger.rows());
    return section(
      document,
      {
        status: started ? 'started' : 'recorded',
        reason: safety.plan.reason,
        runId: started?.runId ?? null,
        adopted: started?.adopted ?? false,
        effects,
      },
      ports,
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const effects = effectsOf(await mutations.ledger.rows());
    const begunNow = effects.length > 0 ? ` (${effects.length} call(s) had begun: see the ledger)` : '';
    return section(
      document,
      { status: 'refused', reason: `${(error as Error).message}${begunNow}`, runId: null, adopted: false, effects },
      ports,
    );
  }
}

/** After a crash or a redrive the reservation of CheckSafety may have ended, and its place be somebody else's. Renewed it costs nothing. */
async function budgetProblem({ safety, incident }: Document, ports: Ports): Promise<string | null> {
  const rerun = rerunOf(safety.plan);
  if (!rerun) return null;
  const { limits } = (await registrationOf(ports.operations, incident.jobName)) ?? { limits: LimitsSchema.parse({}) };
  const claim = { incidentId: incident.id, jobName: incident.jobName, lineage: incident.lineage, dpuHours: rerun.estimatedDpuHours };
  const full = await new BudgetStore(ports).reserve(claim, limits);
  return full === undefined ? null : `E_BUDGET: the ${full} budget was used up by others while the plan waited`;
}

/** The environment's definite no: a person gets it with the reason. Anything else is an error of the step and may be tried again. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof KillSwitchEngagedError ||
    error instanceof TableChangedError ||
    error instanceof ObjectChangedError ||
    error instanceof InputError ||
    isNotFound(error) ||
    isServiceError(error, 'AccessDeniedException', 'AccessDenied', 'InvalidInputException', 'PreconditionFailed', 'KMS.DisabledException')
  );
}

function effectsOf(rows: readonly LedgerRow[]): ExecutionSection['effects'] {
  return rows
    .toSorted((a, b) => (a.intentAt < b.intentAt ? -1 : a.intentAt > b.intentAt ? 1 : 0))
    .slice(0, 500)
    .map(({ call, target, resultAt, result }) => ({
      call,
      target,
      result: (resultAt === null ? 'begun, no result' : JSON.stringify(result)).slice(0, 500),
    }));
}

function section(
  { safety, incident, evidence }: Document,
  outcome: Pick<ExecutionSection, 'status' | 'reason' | 'runId' | 'adopted' | 'effects'>,
  ports: Ports,
): ExecutionSection {
  const median = evidence.job.medianRunSeconds ?? UNKNOWN_DURATION_SECONDS;
  return {
    ...outcome,
    reason: outcome.reason.slice(0, 1000),
    action: safety.action,
    planHash: safety.planHash,
    remediationId: incident.id,
    executedAt: ports.clock().toISOString(),
    waitSeconds: Math.min(Math.max(Math.ceil(median), 1), MAX_FIRST_WAIT_SECONDS),
  };
}
