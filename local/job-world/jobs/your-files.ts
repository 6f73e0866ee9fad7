/**
 * The job of the user's own files: a table with the schema of a file that was good, and another file as its next input. The job reads
 * that strictly by the table and lets it pass only if its quality is as good. A given log stands for a run that failed elsewhere.
 */
import { analyzeQuality } from '../../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { learnBaseline } from '../../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import type { QualityFinding } from '../../../functions/detect-anomalies/quality-analyzer/quality-report.ts';
import type { DataFormat } from '../../../functions/detect-anomalies/table-sample.ts';
import { InputError, MedicError, quoteForMessage } from '../../../functions/shared/errors.ts';
import type { ObjectHead } from '../../../functions/shared/ports.ts';
import { nextDay } from '../business-days.ts';
import { assertRules, ruleOutcome } from '../data-quality-gate.ts';
import { ReportedFailure } from '../failures.ts';
import type { ProgramRun } from '../job-program.ts';
import type { JobWorld } from '../job-world.ts';
import { DATABASE, dailyOf, incomingOf, jobOf, LAKE, prepareTable, registrationOf, type Scenario, succeed } from '../scenario.ts';
import { Spark } from '../spark.ts';
import { malformedRecord } from '../spark-errors.ts';
import { isBinary, loadUserFile, readUserRows, sampleUserFile, schemaOf, type UserFile } from '../user-file.ts';

export interface YourFiles {
  /** Paths; the files are read once and copied. */
  readonly baseline: string;
  readonly current: string;
  /** Stands for the log of the run over `current`. */
  readonly log?: string;
}

const NAME = 'your-files';
const DATASET = 'your_files';
const RUN_DATE = '--run_date';
const BASELINE = '--baseline_key';
const FORMAT = '--format';
const REPORTED_LOG = '--reported_log_key';
const FAILED_RULES = 10;

/** Errors: E_INPUT_FILE that names the file which cannot be read, is empty, or, for the baseline, is no data. */
export async function yourFiles(paths: YourFiles): Promise<Scenario> {
  const [baseline, current, log] = await Promise.all([
    loadUserFile(paths.baseline),
    loadUserFile(paths.current),
    paths.log === undefined ? null : loadUserFile(paths.log),
  ]);
  const { format, columns } = await crawl(baseline, paths.baseline);
  const args: Record<string, string> = { [FORMAT]: format };
  const scenario: Scenario = {
    name: NAME,
    describe: `your own files: ${quoteForMessage(current.name)} after ${quoteForMessage(baseline.name)}`,
    registration: registrationOf(NAME, DATASET, format),
    isVouchedFor: true,

    async prepare(world) {
      await prepareTable(world, DATASET, Object.fromEntries(columns.map(({ name, type }) => [name, type])));
      const table = await world.catalog.getTable(DATABASE, DATASET);
      if (JSON.stringify(table.columns) !== JSON.stringify(columns)) world.catalog.crawlerUpdate(DATABASE, DATASET, columns);
      createYourFilesJob(world);
    },

    async goodRun(world) {
      const day = await nextDay(world, incomingOf(DATASET));
      args[BASELINE] = await put(world, day, baseline);
      try {
        return await succeed(world, NAME, { ...args, [RUN_DATE]: day });
      } catch (error) {
        throw unfit(paths.baseline, error);
      }
    },

    async upset(world) {
      if (args[BASELINE] === undefined) await scenario.goodRun(world);
      const day = await nextDay(world, incomingOf(DATASET));
      await put(world, day, current);
      const key = `${DATASET}/logs/${day}.log`;
      if (log) await world.objects.putObject(LAKE, key, log.bytes);
      return world.glue.runJob(NAME, { ...args, [RUN_DATE]: day, ...(log ? { [REPORTED_LOG]: key } : {}) });
    },
  };
  return scenario;
}

/** The job alone: what a later start of the job world needs so that runs can be started again. */
export function createYourFilesJob(world: JobWorld): void {
  world.glue.createJob(jobOf(NAME), { script: 'your_files.py', run: (run) => program(world, run) });
}

async function program(world: JobWorld, run: ProgramRun): Promise<void> {
  await failAsReported(world, run);
  const day = run.args[RUN_DATE] ?? '';
  const input = { bucket: LAKE, prefix: `${incomingOf(DATASET)}${day}/`, format: formatOf(run), reader: readUserRows };
  const rows = await new Spark(world, run).readTable(DATABASE, DATASET, input);
  await assertQuality(world, run, input.prefix);
  await rows.overwrite(LAKE, `${dailyOf(DATASET)}${day}/`);
}

/** The first run with a given log is the one that the log tells of; what a later run does is up to the data. */
async function failAsReported(world: JobWorld, run: ProgramRun): Promise<void> {
  const key = run.args[REPORTED_LOG];
  if (key === undefined) return;
  const { runs } = await world.glue.listJobRuns(NAME, { limit: 200 });
  if (runs.some((other) => other.id !== run.runId && other.arguments[REPORTED_LOG] === key)) return;
  run.log.raw(Buffer.from((await fileAt(world, key)).bytes).toString('utf8'));
  throw new ReportedFailure();
}

/** As Glue's EvaluateDataQuality in the script would: the input has rows, and they are as good as the baseline's were. */
async function assertQuality(world: JobWorld, run: ProgramRun, prefix: string): Promise<void> {
  const baselineKey = run.args[BASELINE];
  if (baselineKey === undefined || baselineKey.startsWith(prefix)) return;
  const { objects } = await world.objects.listObjects(LAKE, prefix, { limit: 1 });
  const [object] = objects;
  if (!object) return;
  const current = await sampleUserFile(await fileAt(world, object.key), formatOf(run));
  if (current.rowCount + current.malformedRows === 0) assertRules(DATASET, [ruleOutcome('RowCount > 0', 0, false)]);
  const baseline = learnBaseline(await sampleUserFile(await fileAt(world, baselineKey), formatOf(run)));
  const report = analyzeQuality(baseline, current);
  // records without the columns of the table are no rows that a rule could be evaluated on: the reader gives up on them
  if (report.findings.some(({ check }) => check === 'malformed-rows'))
    throw malformedRecord(`${current.malformedRows} of ${current.rowCount + current.malformedRows} records`);
  if (report.condition !== 'poor' && report.condition !== 'degraded') return;
  assertRules(DATASET, report.findings.slice(0, FAILED_RULES).map(failedRule));
}

function failedRule({ metric, column, value, expected }: QualityFinding) {
  const threshold = Math.round((expected.min ?? 1) * 10_000) / 10_000;
  const subject = column === null ? '' : ` "${column}"`;
  const rules = {
    completeness: `Completeness${subject} >= ${threshold}`,
    uniqueness: `Uniqueness${subject} >= ${threshold}`,
    validity: `ColumnValues${subject} in baseline with threshold >= ${threshold}`,
    consistency: `ReferentialIntegrity${subject} >= ${threshold}`,
  };
  return ruleOutcome(rules[metric], Math.round(value * 10_000) / 10_000, false);
}

/** What a crawler makes of the baseline. */
async function crawl(file: UserFile, path: string) {
  try {
    if (await isBinary(file)) throw new InputError('E_INPUT_FILE', 'it is neither text nor Parquet');
    const sample = await sampleUserFile(file);
    if (sample.columns.length === 0 || sample.rowCount === 0) throw new InputError('E_INPUT_FILE', 'it has no rows');
    return { format: sample.format, columns: await schemaOf(file, sample) };
  } catch (error) {
    throw unfit(path, error);
  }
}

function unfit(path: string, error: unknown): InputError {
  const reason =
    error instanceof MedicError
      ? error.message.replace(/^E_INPUT_FILE: /, '')
      : error instanceof Error
        ? error.message.split('\n')[0]
        : String(error);
  const advice = 'name a CSV, JSON lines or Parquet file with rows';
  return new InputError('E_INPUT_FILE', `${quoteForMessage(path, 200)} cannot serve as baseline: ${reason}; ${advice}`, { cause: error });
}

async function put(world: JobWorld, day: string, { name, bytes }: UserFile): Promise<string> {
  const key = `${incomingOf(DATASET)}${day}/${name}`;
  await world.objects.putObject(LAKE, key, bytes);
  return key;
}

async function fileAt(world: JobWorld, key: string): Promise<UserFile> {
  const head: ObjectHead = await world.objects.headObject(LAKE, key);
  return { name: key.slice(key.lastIndexOf('/') + 1), bytes: await world.objects.getRange(LAKE, key, 0, head.size) };
}

function formatOf(run: ProgramRun): DataFormat {
  const format = run.args[FORMAT];
  return format === 'jsonl' || format === 'parquet' ? format : 'csv';
}
