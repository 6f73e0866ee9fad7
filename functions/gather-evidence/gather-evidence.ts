/** Gathers what there is to know about a failed run. Read-only but for artefacts; every source that fails is a gap. */

import { putArtefact } from '../shared/artefacts.ts';
import { isNotFound } from '../shared/aws-errors.ts';
import { EnvironmentError } from '../shared/errors.ts';
import type { DatasetEvidence, EvidenceSection, IncidentSection } from '../shared/incident.ts';
import type { Job, JobRun, Ports } from '../shared/ports.ts';
import { redact, redactArguments } from '../shared/redact.ts';
import { dataQualityResultsOf } from '../shared/stores/data-quality-results.ts';
import { type GoodRun, lastGoodRun } from '../shared/stores/good-runs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { boundedText } from './bounded-text.ts';
import { fitEvidence } from './fit-evidence.ts';
import { Gaps } from './gaps.ts';
import { keysNamedIn } from './keys-named-in.ts';
import { logExcerpt } from './log-excerpt.ts';
import { type RunLog, readLogs } from './read-logs.ts';
import { readTables } from './read-tables.ts';
import { sampleInput } from './sample-inputs.ts';

/** What the evidence holds of a log at most. */
const EXCERPT_CHARACTERS = 24_000;
const RECENT_RUNS = 50;

export async function gatherEvidence(incident: IncidentSection, ports: Ports): Promise<EvidenceSection> {
  const gaps = new Gaps();
  const run = await readRun(incident, ports);
  const registration = await registrationOf(ports.operations, incident.jobName);
  const goodRun = await gaps.attempt<GoodRun | undefined>('good-run ledger', undefined, () =>
    lastGoodRun(ports.operations, incident.jobName),
  );
  const prefix = `evidence/${incident.id}`;
  const [job, log, tables, bookmark] = await Promise.all([
    gaps.attempt<Job | null>('job', null, () => ports.jobRuns.getJob(incident.jobName)),
    readLogs(run, ports.logs, ports.clock, gaps),
    readTables(registration, goodRun, ports.catalog, gaps),
    gaps.attempt('bookmark', null, () => ports.jobRuns.getJobBookmark(incident.jobName)),
  ]);
  const datasets: DatasetEvidence[] = [];
  const inputs = registration?.inputs ?? [];
  for (const input of inputs) {
    const named = keysNamedIn(`${run.errorMessage ?? ''}\n${log.text}`, input.prefix);
    datasets.push((await sampleInput(input, goodRun, prefix, ports, gaps, { named, inputs: inputs.length })).evidence);
  }
  if (registration === null) gaps.add('registration', 'the job is not registered: inputs and tables are not known');
  const medianRunSeconds = await gaps.attempt('recent runs', goodRun?.executionTimeSeconds ?? null, () =>
    medianOfSucceeded(incident.jobName, ports),
  );
  const evidence = {
    gatheredAt: ports.clock().toISOString(),
    run: runEvidence(run),
    job: {
      command: job?.command ?? 'unknown',
      glueVersion: job?.glueVersion ?? run.glueVersion,
      maxRetries: job?.maxRetries ?? 0,
      maxConcurrentRuns: job?.maxConcurrentRuns ?? 1,
      workerType: job?.workerType ?? null,
      numberOfWorkers: job?.numberOfWorkers ?? null,
      maxCapacity: job?.maxCapacity ?? null,
      medianRunSeconds,
    },
    log: await logEvidence(log, prefix, ports, gaps),
    tables,
    datasets,
    bookmark: bookmark && { run: bookmark.run, attempt: bookmark.attempt, version: bookmark.version },
    dataQualityRuns: await gaps.attempt('data quality results', [], () =>
      dataQualityResultsOf(ports.operations, incident.jobName, incident.runId),
    ),
  };
  const fitting = fitEvidence(evidence, gaps);
  return { completeness: gaps.list.length === 0 ? 'FULL' : 'PARTIAL', gaps: gaps.list, ...fitting };
}

async function readRun(incident: IncidentSection, ports: Ports): Promise<JobRun> {
  try {
    return await ports.jobRuns.getJobRun(incident.jobName, incident.runId);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new EnvironmentError(
      'E_RUN_NOT_FOUND',
      `run not found: Glue keeps 90 days of history; job or run ${incident.runId.slice(0, 80)} may have been deleted`,
      { cause: error },
    );
  }
}

function runEvidence(run: JobRun): EvidenceSection['run'] {
  return {
    state: run.state,
    errorMessage: run.errorMessage === null ? null : boundedText(redact(run.errorMessage), 4096),
    attempt: run.attempt,
    startedOn: run.startedOn,
    completedOn: run.completedOn,
    executionTimeSeconds: run.executionTimeSeconds,
    dpuSeconds: run.dpuSeconds,
    workerType: run.workerType,
    numberOfWorkers: run.numberOfWorkers,
    maxCapacity: run.maxCapacity,
    glueVersion: run.glueVersion,
    arguments: boundedArguments(run.arguments),
  };
}

function boundedArguments(runArguments: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(redactArguments(runArguments)).slice(0, 50);
  return Object.fromEntries(entries.map(([name, value]) => [boundedText(name, 100), boundedText(String(value), 500)]));
}

async function logEvidence(log: RunLog, prefix: string, ports: Ports, gaps: Gaps): Promise<EvidenceSection['log']> {
  const text = redact(log.text);
  return {
    excerpt: logExcerpt(text, EXCERPT_CHARACTERS),
    lines: log.lines,
    bytes: log.bytes,
    truncated: log.truncated,
    groups: log.groups.slice(0, 8),
    // Short logs travel whole; longer ones are read back, verified, by whoever classifies them.
    artefact:
      text.length > EXCERPT_CHARACTERS
        ? await gaps.attempt('artefact of the log', null, () => putArtefact(ports, prefix, { log: text }))
        : null,
  };
}

async function medianOfSucceeded(jobName: string, ports: Ports): Promise<number | null> {
  const { runs } = await ports.jobRuns.listJobRuns(jobName, { limit: RECENT_RUNS });
  const seconds = runs
    .filter((run) => run.state === 'SUCCEEDED')
    .map((run) => run.executionTimeSeconds)
    .toSorted((a, b) => a - b);
  return seconds[Math.floor(seconds.length / 2)] ?? null;
}
