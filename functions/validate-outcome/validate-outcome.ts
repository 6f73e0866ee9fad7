/**
 * Judges the effect on the data, not the answer of the API: the run succeeded, the action's own postconditions hold, output was
 * written, and what the run read is as the baseline expects. Read-only but for the good-run ledger, which only this may extend.
 */

import { dataDrift, dataQuality } from '../detect-anomalies/data-against-baseline.ts';
import { parseBaseline } from '../detect-anomalies/dataset-baseline.ts';
import type { Postcondition } from '../execute-action/actions/action.ts';
import { definitionOf } from '../execute-action/actions/index.ts';
import { boundedText } from '../gather-evidence/bounded-text.ts';
import { Gaps } from '../gather-evidence/gaps.ts';
import { isDamaged, isMarker, type Sampled, sampleInput } from '../gather-evidence/sample-inputs.ts';
import type { Plan } from '../shared/actions.ts';
import { getArtefact } from '../shared/artefacts.ts';
import type { Reading } from '../shared/define-step.ts';
import type { ValidationSection } from '../shared/incident.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import { redact } from '../shared/redact.ts';
import { ActionLedger, type LedgerRow } from '../shared/stores/action-ledger.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { lastGoodRun } from '../shared/stores/good-runs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { isRetryDue, lastAttemptOf } from './last-attempt.ts';

type Document = Reading<'evidence' | 'findings' | 'safety' | 'execution'>;

const TERMINAL = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];
/** Waits double from the job's median run time up to this. */
const MAX_WAIT_SECONDS = 900;
/** A run that is not over after so many looks (about 30 hours at the longest wait) goes to a person. */
const MAX_POLLS = 120;
const OUTPUT_PAGES = 20;
const RECENT_RUNS = 200;

export async function validateOutcome(document: Document, ports: Ports): Promise<ValidationSection> {
  const poll = (document.validation?.poll ?? 0) + 1;
  const { incident, execution, evidence } = document;
  if (execution.runId === null) return verdict('unknown', 'no run was started that could be validated', 'NONE', poll, [], null);
  const { maxRetries } = evidence.job;
  const run = await lastAttemptOf(incident.jobName, execution.runId, maxRetries, ports.jobRuns);
  if (!TERMINAL.includes(run.state) || isRetryDue(run, maxRetries, ports.clock()))
    return poll < MAX_POLLS
      ? pending(document, run, poll)
      : verdict('unknown', `the run is still ${run.state}`, run.state, poll, [], run.dpuSeconds);
  if (run.state === 'STOPPED')
    return verdict('unknown', 'the rerun was stopped, which is a human intent', run.state, poll, [], run.dpuSeconds);
  // A step that stopped after it had recorded the good run would now compare that run with itself.
  if ((await lastGoodRun(ports.operations, incident.jobName))?.runId === run.id)
    return verdict('validated', 'validated before, and on record as a good run', run.state, poll, [succeeded(run)], run.dpuSeconds);

  const { checks, unseen } = run.state === 'SUCCEEDED' ? await checkData(document, run, ports) : { checks: [], unseen: [] };
  const all = [succeeded(run), ...checks];
  const failing = all.filter((check) => check.verdict === 'fails');
  if (failing.length === 0 && unseen.length > 0)
    return verdict('unknown', `could not be looked at: ${unseen.join('; ')}`, run.state, poll, all, run.dpuSeconds);
  const judged = failing.length === 0 ? 'validated' : 'failed';
  await new BudgetStore(ports).recordValidation(incident.jobName, incident.id, judged);
  const reason =
    judged === 'validated'
      ? `${all.filter((check) => check.verdict === 'holds').length} postconditions hold`
      : failing.map((check) => `${check.postcondition}: ${check.value}`).join('; ');
  return verdict(judged, reason, run.state, poll, all, run.dpuSeconds);
}

function succeeded(run: JobRun): Postcondition {
  return {
    postcondition: 'the rerun succeeded',
    verdict: run.state === 'SUCCEEDED' ? 'holds' : 'fails',
    value: boundedText(`${run.state} ${redact(run.errorMessage ?? '')}`.trim(), 300),
    expected: 'SUCCEEDED',
  };
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
  return { verdict: judged, reason: boundedText(reason, 1000), runState, poll, waitSeconds: 0, checks, dpuSeconds };
}

interface Looked {
  readonly checks: Postcondition[];
  /** What had to be looked at and could not be: then nobody knows. */
  readonly unseen: string[];
}

async function checkData(document: Document, run: JobRun, ports: Ports): Promise<Looked> {
  const registration = await registrationOf(ports.operations, document.incident.jobName);
  const ledger = await new ActionLedger(ports, document.incident.id).rows();
  const postconditions = await definitionOf<Plan>(document.safety.plan).postconditions(document.safety.plan, ledger, ports);
  const looks = [
    await secondRuns(document, ledger, run, ports),
    await outputChecks(registration, run, ports),
    await inputChecks(document, registration, ports),
  ];
  return { checks: [...postconditions, ...looks.flatMap(({ checks }) => checks)], unseen: looks.flatMap(({ unseen }) => unseen) };
}

/** Where a start was in doubt a second run may show up late. Stopping it is not ours: a person gets it. */
async function secondRuns({ incident, execution }: Document, ledger: readonly LedgerRow[], run: JobRun, ports: Ports): Promise<Looked> {
  const attempts = ledger.filter((row) => row.call.startsWith('StartJobRun'));
  if (attempts.length < 2 && !execution.adopted) return { checks: [], unseen: [] };
  const stopped = new Set(ledger.filter((row) => row.call.startsWith('StopJobRun:')).map((row) => row.target));
  const { runs } = await ports.jobRuns.listJobRuns(incident.jobName, { limit: RECENT_RUNS });
  const second = runs.find(
    (other) =>
      other.arguments[REMEDIATION_ID] === incident.id &&
      other.attempt === 0 &&
      other.id !== execution.runId &&
      other.id !== run.id &&
      !stopped.has(other.id),
  );
  return { checks: [], unseen: second ? [`a second run of this remediation, ${second.id.slice(0, 80)}, is ${second.state}`] : [] };
}

/** Success by empty output is no success. */
async function outputChecks(registration: JobRegistration | null, run: JobRun, ports: Ports): Promise<Looked> {
  const checks = await Promise.all(
    (registration?.outputs ?? []).map(async ({ bucket, prefix }): Promise<Postcondition> => {
      let bytes = 0;
      let nextToken: string | undefined;
      for (let page = 0; page < OUTPUT_PAGES; page += 1) {
        const listed = await ports.objects.listObjects(bucket, prefix, { limit: 1000, ...(nextToken === undefined ? {} : { nextToken }) });
        const written = listed.objects.filter((object) => !isMarker(object) && object.lastModified >= run.startedOn);
        bytes += written.reduce((sum, object) => sum + object.size, 0);
        nextToken = listed.nextToken;
        if (nextToken === undefined || bytes > 0) break;
      }
      return {
        postcondition: boundedText(`the rerun wrote output below ${prefix}`, 200),
        verdict: bytes > 0 ? 'holds' : nextToken === undefined ? 'fails' : 'unmeasured',
        value: bytes > 0 ? 'output present' : '0 bytes since the start',
        expected: 'more than 0 bytes',
      };
    }),
  );
  const unseen = checks.filter((check) => check.verdict === 'unmeasured');
  return { checks, unseen: unseen.map((check) => `${check.postcondition}: none among the first ${OUTPUT_PAGES * 1000} objects`) };
}

/** The input that the rerun read shows no anomaly beyond those that the plan addressed. */
async function inputChecks(document: Document, registration: JobRegistration | null, ports: Ports): Promise<Looked> {
  const gaps = new Gaps();
  const goodRun = await lastGoodRun(ports.operations, document.incident.jobName);
  const checks: Postcondition[] = [];
  const unseen: string[] = [];
  for (const input of registration?.inputs ?? []) {
    const sampled = await sampleInput(input, goodRun, `validation/${document.incident.id}`, ports, gaps);
    const { evidence, sample } = sampled;
    const readability = readabilityOf(sampled, document.safety.plan);
    checks.push(readability);
    if (readability.verdict === 'unmeasured') unseen.push(`${readability.postcondition}: ${readability.value}`);
    if (!sample || !evidence.baseline) continue;
    const baseline = parseBaseline(await getArtefact(ports, evidence.baseline));
    const { finding } = dataQuality(input.name, baseline, sample);
    checks.push({
      postcondition: boundedText(`the quality of ${input.name} is within its baseline`, 200),
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
  return { checks, unseen };
}

/** An input that the plan has emptied, or of which nothing new is left, was not healed. */
function readabilityOf({ evidence, listing }: Sampled, plan: Plan): Postcondition {
  const { input, inspected } = evidence;
  const damaged = inspected.filter(isDamaged);
  const notFetched = inspected.filter((object) => object.readError !== null && !isDamaged(object));
  const taken =
    plan.action === 'QUARANTINE' &&
    plan.objects.some((object) => object.bucket === evidence.bucket && object.key.startsWith(evidence.prefix)) &&
    evidence.newObjectCount === 0;
  const fails = listing !== 'failed' && (damaged.length > 0 || inspected.length === 0 || taken);
  return {
    postcondition: boundedText(`every object of ${input} can be read`, 200),
    verdict: fails ? 'fails' : listing === 'failed' || notFetched.length > 0 ? 'unmeasured' : 'holds',
    value: taken
      ? 'all of the new input was quarantined'
      : `${inspected.length - damaged.length - notFetched.length} of ${inspected.length} inspected${listing === 'failed' ? ', listing failed' : ''}`,
    expected: 'all, and at least one',
  };
}

/** A widened column's values lie outside the old range: that is what was repaired, not new damage. */
function explainedByPlan(document: Document, inputName: string, drift: ReturnType<typeof dataDrift>): boolean {
  const { plan } = document.safety;
  if (plan.action !== 'COERCE_SCHEMA') return false;
  const before = document.findings.drift.find((each) => each.subject === 'data' && each.name === inputName);
  const known = new Set(before?.changes.map((change) => `${change.kind} ${change.path}`));
  return drift.changes.every((change) => known.has(`${change.kind} ${change.path}`));
}
