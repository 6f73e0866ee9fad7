/**
 * Judges the effect on the data, not the answer of the API: the run succeeded, the action's own postconditions hold, output was
 * written, and what the run read is as the baseline expects. Read-only but for the good-run ledger, which only this may extend.
 */

import { dataDrift, dataQuality } from '../detect-anomalies/data-against-baseline.ts';
import { parseBaseline } from '../detect-anomalies/dataset-baseline.ts';
import type { Postcondition } from '../execute-action/actions/action.ts';
import { definitionOf } from '../execute-action/actions/index.ts';
import { Gaps } from '../gather-evidence/gaps.ts';
import { sampleInput } from '../gather-evidence/sample-inputs.ts';
import type { Plan } from '../shared/actions.ts';
import { getArtefact } from '../shared/artefacts.ts';
import type { Reading } from '../shared/define-step.ts';
import type { ValidationSection } from '../shared/incident.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import { ActionLedger } from '../shared/stores/action-ledger.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { lastGoodRun } from '../shared/stores/good-runs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';

type Document = Reading<'evidence' | 'findings' | 'safety' | 'execution'>;

const TERMINAL = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];
/** Waits double from the job's median run time up to this. */
const MAX_WAIT_SECONDS = 900;
/** A run that is not over after so many looks (about 30 hours at the longest wait) goes to a person. */
const MAX_POLLS = 120;
const OUTPUT_PAGES = 20;

export async function validateOutcome(document: Document, ports: Ports): Promise<ValidationSection> {
  const poll = (document.validation?.poll ?? 0) + 1;
  const { runId } = document.execution;
  if (runId === null) return verdict('unknown', 'no run was started that could be validated', 'NONE', poll, [], null);
  const run = await ports.jobRuns.getJobRun(document.incident.jobName, runId);
  if (!TERMINAL.includes(run.state))
    return poll < MAX_POLLS
      ? pending(document, run, poll)
      : verdict('unknown', `the run is still ${run.state}`, run.state, poll, [], run.dpuSeconds);
  if (run.state === 'STOPPED')
    return verdict('unknown', 'the rerun was stopped, which is a human intent', run.state, poll, [], run.dpuSeconds);

  const checks = run.state === 'SUCCEEDED' ? await checkData(document, run, ports) : [];
  const all: Postcondition[] = [
    {
      postcondition: 'the rerun succeeded',
      verdict: run.state === 'SUCCEEDED' ? 'holds' : 'fails',
      value: `${run.state} ${run.errorMessage ?? ''}`.trim().slice(0, 300),
      expected: 'SUCCEEDED',
    },
    ...checks,
  ];
  const failing = all.filter((check) => check.verdict === 'fails');
  const judged = failing.length === 0 ? 'validated' : 'failed';
  await new BudgetStore(ports).recordValidation(document.incident.jobName, judged);
  const reason =
    judged === 'validated'
      ? `${all.filter((check) => check.verdict === 'holds').length} postconditions hold`
      : failing.map((check) => `${check.postcondition}: ${check.value}`).join('; ');
  return verdict(judged, reason, run.state, poll, all, run.dpuSeconds);
}

function pending(document: Document, run: JobRun, poll: number): ValidationSection {
  const previous = document.validation?.waitSeconds ?? document.execution.waitSeconds;
  return {
    ...verdict('pending', `the rerun is ${run.state}`, run.state, poll, [], null),
    waitSeconds: Math.min(Math.max(previous, 1) * (poll === 1 ? 1 : 2), MAX_WAIT_SECONDS),
  };
}

function verdict(
  judged: ValidationSection['verdict'],
  reason: string,
  runState: string,
  poll: number,
  checks: Postcondition[],
  dpuSeconds: number | null,
): ValidationSection {
  return { verdict: judged, reason: reason.slice(0, 1000), runState, poll, waitSeconds: 0, checks, dpuSeconds };
}

async function checkData(document: Document, run: JobRun, ports: Ports): Promise<Postcondition[]> {
  const registration = await registrationOf(ports.operations, document.incident.jobName);
  const ledger = await new ActionLedger(ports, document.incident.id).rows();
  return [
    ...(await definitionOf<Plan>(document.safety.plan).postconditions(document.safety.plan, ledger, ports)),
    ...(await outputChecks(registration, run, ports)),
    ...(await inputChecks(document, registration, ports)),
  ];
}

/** Success by empty output is no success. */
async function outputChecks(registration: JobRegistration | null, run: JobRun, ports: Ports): Promise<Postcondition[]> {
  return Promise.all(
    (registration?.outputs ?? []).map(async ({ bucket, prefix }): Promise<Postcondition> => {
      let bytes = 0;
      let nextToken: string | undefined;
      for (let page = 0; page < OUTPUT_PAGES; page += 1) {
        const listed = await ports.objects.listObjects(bucket, prefix, { limit: 1000, ...(nextToken === undefined ? {} : { nextToken }) });
        bytes += listed.objects.filter((object) => object.lastModified >= run.startedOn).reduce((sum, object) => sum + object.size, 0);
        nextToken = listed.nextToken;
        if (nextToken === undefined || bytes > 0) break;
      }
      return {
        postcondition: `the rerun wrote output below ${prefix}`.slice(0, 200),
        verdict: bytes > 0 ? 'holds' : 'fails',
        value: bytes > 0 ? 'output present' : '0 bytes since the start',
        expected: 'more than 0 bytes',
      };
    }),
  );
}

/** The input that the rerun read shows no anomaly beyond those that the plan addressed. */
async function inputChecks(document: Document, registration: JobRegistration | null, ports: Ports): Promise<Postcondition[]> {
  const gaps = new Gaps();
  const goodRun = await lastGoodRun(ports.operations, document.incident.jobName);
  const checks: Postcondition[] = [];
  for (const input of registration?.inputs ?? []) {
    const { evidence, sample } = await sampleInput(input, goodRun, `validation/${document.incident.id}`, ports, gaps);
    const unreadable = evidence.inspected.filter((object) => object.readError !== null);
    checks.push({
      postcondition: `every object of ${input.name} can be read`.slice(0, 200),
      verdict: evidence.inspected.length === 0 ? 'fails' : unreadable.length === 0 ? 'holds' : 'fails',
      value: `${evidence.inspected.length - unreadable.length} of ${evidence.inspected.length} inspected`,
      expected: 'all, and at least one',
    });
    if (!sample || !evidence.baseline) continue;
    const baseline = parseBaseline(await getArtefact(ports, evidence.baseline));
    const { finding } = dataQuality(input.name, baseline, sample);
    checks.push({
      postcondition: `the quality of ${input.name} is within its baseline`.slice(0, 200),
      verdict:
        finding.condition === 'poor' && !explainedByPlan(document, input.name, dataDrift(input.name, baseline, sample))
          ? 'fails'
          : finding.condition === 'unmeasured'
            ? 'unmeasured'
            : 'holds',
      value: `${finding.condition} (${finding.score ?? '-'})`,
      expected: 'not poor, or explained by the schema change that was made',
    });
  }
  return checks;
}

/** A widened column's values lie outside the old range: that is what was repaired, not new damage. */
function explainedByPlan(document: Document, inputName: string, drift: ReturnType<typeof dataDrift>): boolean {
  const { plan } = document.safety;
  if (plan.action !== 'COERCE_SCHEMA') return false;
  const before = document.findings.drift.find((each) => each.subject === 'data' && each.name === inputName);
  const known = new Set(before?.changes.map((change) => `${change.kind} ${change.path}`));
  return drift.changes.every((change) => known.has(`${change.kind} ${change.path}`));
}
