/** Records what a good run read: the baselines that later failures are compared with, and the catalog versions that went with it. */
import { dataQuality } from '../detect-anomalies/data-against-baseline.ts';
import { baselineOf, parseBaseline } from '../detect-anomalies/dataset-baseline.ts';
import { Gaps } from '../gather-evidence/gaps.ts';
import { type Sampled, sampleInput } from '../gather-evidence/sample-inputs.ts';
import { getArtefact, putArtefact } from '../shared/artefacts.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import { type GoodRun, lastGoodRun, recordGoodRun } from '../shared/stores/good-runs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';

const VERSIONS = 50;

export type GoodRunVerdict =
  | { readonly verdict: 'recorded'; readonly baselines: number }
  /** Nothing to record, or not good enough to be a baseline. */
  | { readonly verdict: 'not-recorded'; readonly reason: string };

/**
 * Records a SUCCEEDED run where its input can be read and is not poor against the baseline so far. `validated`: validation has
 * already judged this run, and knows which differences a repair has made on purpose.
 */
export async function recordGoodRunOf(jobName: string, runId: string, ports: Ports, validated = false): Promise<GoodRunVerdict> {
  const registration = await registrationOf(ports.operations, jobName);
  if (!registration) return { verdict: 'not-recorded', reason: 'the job is not registered' };
  const run = await ports.jobRuns.getJobRun(jobName, runId);
  if (run.state !== 'SUCCEEDED') return { verdict: 'not-recorded', reason: `the run is ${run.state}` };
  const previous = await lastGoodRun(ports.operations, jobName);
  if (previous && previous.startedOn >= run.startedOn) return { verdict: 'not-recorded', reason: 'a newer good run is on record' };
  return record(run, registration, previous, validated, ports);
}

async function record(
  run: JobRun,
  registration: JobRegistration,
  previous: GoodRun | undefined,
  validated: boolean,
  ports: Ports,
): Promise<GoodRunVerdict> {
  const gaps = new Gaps();
  const baselines: GoodRun['baselines'] = [];
  for (const input of registration.inputs) {
    const sampled = await sampleInput(input, previous, `good-runs/${run.jobName}`, ports, gaps, { until: run.completedOn });
    const problem = validated ? null : await problemOf(sampled, input.name, ports);
    if (problem) return { verdict: 'not-recorded', reason: problem };
    if (!sampled.sample || sampled.evidence.newObjectCount === 0) continue;
    const artefact = await putArtefact(ports, `baselines/${run.jobName}/${input.name}`, baselineOf(run.id, sampled.sample.table));
    baselines.push({ input: input.name, artefact });
  }
  const tables = await tablesSeenBy(run, registration, ports, gaps);
  const verdict = await recordGoodRun(ports.operations, run.jobName, {
    runId: run.id,
    startedOn: run.startedOn,
    recordedAt: ports.clock().toISOString(),
    executionTimeSeconds: run.executionTimeSeconds,
    dpuSeconds: run.dpuSeconds,
    tables,
    baselines,
  });
  return verdict === 'recorded'
    ? { verdict, baselines: baselines.length }
    : { verdict: 'not-recorded', reason: 'a newer good run is on record' };
}

/** The versions that were current when the run ended: its event may come late, and others may have written since. */
async function tablesSeenBy(run: JobRun, registration: JobRegistration, ports: Ports, gaps: Gaps): Promise<GoodRun['tables']> {
  const references = registration.inputs.flatMap(({ table }) => table ?? []);
  const distinct = [...new Map(references.map((table) => [`${table.database}.${table.name}`, table])).values()];
  const tables: GoodRun['tables'] = [];
  for (const { database, name } of distinct) {
    const versions = await gaps.attempt(`table ${database}.${name}`, [], () => ports.catalog.listTableVersions(database, name, VERSIONS));
    const seen = versions.find(({ updatedAt }) => updatedAt === null || run.completedOn === null || updatedAt <= run.completedOn);
    if (seen) tables.push({ database, name, versionId: seen.versionId });
  }
  return tables;
}

/** Glue calls a run SUCCEEDED that read damaged or poor data: such a run is no measure for others. */
async function problemOf({ evidence, sample }: Sampled, input: string, ports: Ports): Promise<string | null> {
  const unreadable = evidence.inspected.find((object) => object.readError !== null);
  if (unreadable) return `${unreadable.key} of ${input} cannot be read: ${unreadable.readError?.code}`;
  if (!sample || !evidence.baseline || evidence.newObjectCount === 0) return null;
  const { finding } = dataQuality(input, parseBaseline(await getArtefact(ports, evidence.baseline)), sample);
  return finding.condition === 'poor' ? `the quality of ${input} is poor against its baseline (${finding.score ?? '-'})` : null;
}
