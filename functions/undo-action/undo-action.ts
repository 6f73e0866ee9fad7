/**
 * The recorded inverse, once: catalog and input as they were before. What a rerun has written is left, and listed by its prefix. Where it
 * cannot be completed the job is frozen: nobody knows what a further action would act on.
 */

import { definitionOf } from '../execute-action/actions/index.ts';
import { KillSwitchEngagedError, Mutations } from '../execute-action/mutations.ts';
import type { Plan } from '../shared/actions.ts';
import type { Reading } from '../shared/define-step.ts';
import type { UndoSection } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { redact } from '../shared/redact.ts';
import { freezeJob } from '../shared/stores/frozen-jobs.ts';

type Document = Reading<'safety' | 'execution'>;

/** Characters of an error; the sentence that follows still fits into the section. */
const REASON_LIMIT = 800;
const MOST_EFFECTS = 499;

export async function undoAction(document: Document, ports: Ports): Promise<UndoSection> {
  const mutations = new Mutations(ports, document.incident.id);
  try {
    const ledger = await mutations.ledger.rows();
    await stopLiveRerun(document, mutations, ports);
    const undone = await definitionOf<Plan>(document.safety.plan).undo(document.safety.plan, ledger, mutations, ports);
    return section(
      undone ? 'undone' : 'nothing-to-undo',
      undone ? 'catalog and input are as they were before the action' : 'the action left nothing to take back',
      mutations,
    );
  } catch (error) {
    const status = error instanceof KillSwitchEngagedError ? 'stopped' : 'failed';
    const reason = redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, REASON_LIMIT);
    const { id: incidentId, jobName } = document.incident;
    await freezeJob(ports.operations, { jobName, incidentId, reason: `inverse ${status}: ${reason}`, at: ports.clock().toISOString() });
    const { effects, ...told } = await section(status, `${reason}; the job is frozen until a person lifts it`, mutations);
    return { ...told, effects: [...effects, { call: 'FreezeJob', target: jobName, result: 'frozen' }] };
  }
}

/** A rerun that is still live would write on while its input is taken away. */
async function stopLiveRerun({ incident, execution }: Document, mutations: Mutations, ports: Ports): Promise<void> {
  const { runId } = execution;
  if (runId === null) return;
  const run = await ports.jobRuns.getJobRun(incident.jobName, runId);
  if (!['STARTING', 'RUNNING', 'WAITING'].includes(run.state)) return;
  await mutations.make({
    call: 'StopJobRun',
    target: runId,
    before: null,
    effect: ({ jobStarter }) => jobStarter.stopJobRun(incident.jobName, runId),
  });
}

async function section(status: UndoSection['status'], reason: string, mutations: Mutations): Promise<UndoSection> {
  const inverses = (await mutations.ledger.rows()).filter((row) => row.call.startsWith('Restore') || row.call === 'StopJobRun');
  return {
    status,
    reason: reason.slice(0, 1000),
    effects: inverses.slice(0, MOST_EFFECTS).map(({ call, target, resultAt, result }) => ({
      call,
      target,
      result: (resultAt === null ? 'begun, no result' : JSON.stringify(result)).slice(0, 500),
    })),
  };
}
