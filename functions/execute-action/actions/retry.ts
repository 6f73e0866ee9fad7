/** RETRY: the same run again, later, or with the next rung of the registered ladder where memory or disk ran out. */
import type { FailureFamily } from '../../shared/rl-state.ts';
import { capacityOf, dpuOf } from '../../shared/worker-types.ts';
import type { ActionDefinition, Planned, PlanningFacts } from './action.ts';
import { planRerun } from './plan-rerun.ts';

const MAX_DELAY_SECONDS = 3600;

/** Families that time may cure; for all others the same run fails the same way. */
const TIME_MAY_CURE: readonly FailureFamily[] = ['transient_infrastructure', 'connectivity', 'missing_input', 'unknown'];

export const retry: ActionDefinition<'RETRY'> = {
  action: 'RETRY',

  plan(facts): Planned<'RETRY'> {
    const { family } = facts.findings.state;
    if (family === 'resource_exhaustion') return planNextRung(facts);
    if (!TIME_MAY_CURE.includes(family))
      return { plan: null, reason: `the same run over the same input would fail the same way (${family})` };
    const delaySeconds = Math.min((facts.registration?.retryDelaySeconds ?? 60) * 2 ** facts.incident.retryCount, MAX_DELAY_SECONDS);
    return {
      plan: { action: 'RETRY', reason: `time may cure ${family}: wait ${delaySeconds} s`, delaySeconds, rung: 0, rerun: planRerun(facts) },
    };
  },

  /** The rerun is all there is. */
  async execute() {},

  async postconditions() {
    return [];
  },

  /** Stopping a live rerun is done where the rerun is known; a finished run cannot be taken back. */
  async undo() {
    return false;
  },
};

function planNextRung(facts: PlanningFacts): Planned<'RETRY'> {
  const failed = capacityOf(facts.evidence.run);
  const perWorker = (workerType: string) => dpuOf(workerType, 1) ?? 0;
  const failedPerWorker = facts.evidence.run.workerType === null ? 0 : perWorker(facts.evidence.run.workerType);
  const ladder = facts.registration?.ladder ?? [];
  const index = ladder.findIndex((rung) => {
    const dpu = dpuOf(rung.workerType, rung.numberOfWorkers);
    return dpu !== null && (dpu > (failed ?? 0) || perWorker(rung.workerType) > failedPerWorker);
  });
  const rung = ladder[index];
  if (!rung) return { plan: null, reason: `no rung of the registered ladder is above ${failed ?? 'unknown'} DPU` };
  return {
    plan: {
      action: 'RETRY',
      reason: `${failed ?? '?'} DPU were not enough: next rung is ${rung.numberOfWorkers} × ${rung.workerType}`,
      delaySeconds: 0,
      rung: index + 1,
      rerun: planRerun(facts, { capacity: rung }),
    },
  };
}
