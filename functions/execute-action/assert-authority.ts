/** Asserts, right before acting, what other steps have said: safety, capability, approval, mode, and that nothing has overtaken it. */
import { isActive } from '../shared/actions.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { Reading } from '../shared/define-step.ts';
import { modeOf } from '../shared/job-registration.ts';
import { lineageOf, REMEDIATION_ID } from '../shared/lineage.ts';
import type { Ports } from '../shared/ports.ts';
import { ApprovalStore } from '../shared/stores/approvals.ts';
import { readJobFreeze } from '../shared/stores/frozen-jobs.ts';
import { lastGoodRun } from '../shared/stores/good-runs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { readKillSwitch } from '../shared/stores/settings.ts';

type Document = Reading<'evidence' | 'safety' | 'capability'>;
const RECENT_RUNS = 50;

/** Why the plan must not be carried out; null where it may. Nothing is taken from the document that can be asked again. */
export async function refusalReason(document: Document, ports: Ports): Promise<string | null> {
  const { safety, capability, incident } = document;
  if (safety.verdict !== 'allow') return `safety says ${safety.verdict}, not allow`;
  if (capability.verdict !== 'available') return `capability says ${capability.verdict}, not available`;
  if (canonicalHash(safety.plan) !== safety.planHash || safety.plan.action !== safety.action)
    return 'E_PLAN_CHANGED: the plan is not the one that was judged';
  if (!isActive(safety.action)) return null;
  const killSwitch = await readKillSwitch(ports.operations);
  if (killSwitch.engaged) return `E_KILL_SWITCH: ${killSwitch.reason}`;
  const freeze = await readJobFreeze(ports.operations, incident.jobName);
  if (freeze) return `E_JOB_FROZEN: frozen by ${freeze.incidentId}: ${freeze.reason}`;
  const mode = modeOf(await registrationOf(ports.operations, incident.jobName), safety.action);
  if (mode === 'shadow') return 'E_MODE: the job is in shadow by now';
  if (mode === 'approve' && safety.approvalId === null) return 'E_MODE: this action has to be approved by now';
  return (await approvalProblem(document, ports)) ?? (await overtakenBy(document, ports));
}

async function approvalProblem({ safety, incident }: Document, ports: Ports): Promise<string | null> {
  if (safety.approvalId === null) return null;
  const approval = await new ApprovalStore(ports).get(safety.approvalId);
  if (approval?.incidentId !== incident.id) return `E_APPROVAL_ID: ${safety.approvalId} is no approval of this incident`;
  if (approval.status !== 'approved') return `E_APPROVAL_ID: ${safety.approvalId} is ${approval.status}`;
  return approval.decision?.planHash === safety.planHash ? null : `E_PLAN_CHANGED: ${safety.approvalId} approved another plan`;
}

/** A newer good run of the lineage has done the work already. */
async function overtakenBy({ incident, evidence }: Document, ports: Ports): Promise<string | null> {
  const good = await lastGoodRun(ports.operations, incident.jobName);
  const { runs } = await ports.jobRuns.listJobRuns(incident.jobName, { limit: RECENT_RUNS });
  const newer = runs.find(
    (run) =>
      run.state === 'SUCCEEDED' &&
      run.startedOn > evidence.run.startedOn &&
      run.arguments[REMEDIATION_ID] !== incident.id &&
      (run.id === good?.runId || lineageOf(run.jobName, run.arguments) === incident.lineage),
  );
  return newer ? `overtaken: run ${newer.id.slice(0, 80)} has succeeded meanwhile` : null;
}
