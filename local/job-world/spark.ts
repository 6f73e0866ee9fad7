/** A very small Spark: the session in which a job reads tables, transforms rows and writes output, in ANSI mode. */
import type { DataFormat } from '../../functions/detect-anomalies/table-sample.ts';
import type { Column } from '../../functions/shared/actions.ts';
import { isAccessDenied, isNotFound } from '../../functions/shared/aws-errors.ts';
import type { CatalogTable, ObjectHead } from '../../functions/shared/ports.ts';
import type { LocalCatalog } from '../twins/local-catalog.ts';
import type { LocalObjects } from '../twins/local-objects.ts';
import { castStrictly, jsonOf, sparkType } from './cast.ts';
import { DataFrame, type Row } from './data-frame.ts';
import type { ProgramRun } from './job-program.ts';
import { type RawRows, readRows } from './read-object.ts';
import { parquetColumnMismatch, pathNotFound, s3Refused, tableNotFound, unresolvedColumn } from './spark-errors.ts';
import { WorkerMemory } from './worker-memory.ts';

export interface SparkWorld {
  readonly objects: LocalObjects;
  readonly catalog: LocalCatalog;
}

/** Where a table's data is read from: a part of its location. */
export interface Input {
  readonly bucket: string;
  readonly prefix: string;
  readonly format: DataFormat;
  /** How objects become rows; as Spark reads them unless said otherwise. */
  readonly reader?: (path: string, bytes: Uint8Array, format: DataFormat) => Promise<RawRows>;
}

const PAGE = 1000;

export class Spark {
  readonly memory: WorkerMemory;
  readonly #objects: LocalObjects;
  readonly #catalog: LocalCatalog;
  readonly #run: ProgramRun;
  #py4jObject = 40;

  constructor(world: SparkWorld, run: ProgramRun) {
    this.#run = run;
    this.#objects = world.objects.as(run.role);
    this.#catalog = world.catalog;
    this.memory = new WorkerMemory(run.workerType, run.numberOfWorkers);
    tellStart(run);
  }

  /** Goes on to the next call of the script: Spark numbers its objects and stages. Throws where the run was stopped. */
  step(method: string): void {
    this.#run.signal.throwIfAborted();
    this.#py4jObject += 7;
    this.#run.call = {
      ...this.#run.call,
      py4jCall: `o${this.#py4jObject}.${method}`,
      stage: this.#run.call.stage + 1,
      task: 0,
      executor: 1,
    };
  }

  /** The rows below `input` as the catalog's table says they are: every cell is cast to its column's type. */
  async readTable(database: string, name: string, input: Input): Promise<DataFrame> {
    this.step('getDynamicFrame');
    const table = await this.#table(database, name);
    const objects = await this.#list(input);
    if (objects.length === 0) throw pathNotFound(`s3://${input.bucket}/${input.prefix}`);
    this.#tellScan(input, objects);
    const rows: Row[] = [];
    for (const [task, object] of objects.entries()) {
      this.#run.signal.throwIfAborted();
      this.#run.call = { ...this.#run.call, task, executor: this.#executorOf(task) };
      const raw = await this.#read(input, object);
      rows.push(...castRows(`s3://${input.bucket}/${object.key}`, raw, table.columns));
    }
    this.#run.log.driver(
      'INFO',
      'org.apache.spark.scheduler.DAGScheduler',
      `ResultStage ${this.#run.call.stage} (load at NativeMethodAccessorImpl.java:0) finished in 0.2 s`,
      'dag-scheduler-event-loop',
    );
    return new DataFrame(this, table.columns, rows);
  }

  async overwrite(frame: DataFrame, bucket: string, prefix: string): Promise<void> {
    this.step('save');
    const { log } = this.#run;
    const before = await this.#list({ bucket, prefix });
    const names = frame.columns.map((column) => column.name);
    const lines = frame.rows.map((row) => names.map((name) => csvCell(row[name])).join(','));
    const key = `${prefix}part-00000.csv`;
    await this.#objects.putObject(bucket, key, Buffer.from(`${[names.join(','), ...lines].join('\n')}\n`));
    await this.#objects.putObject(bucket, `${prefix}_SUCCESS`, Buffer.alloc(0));
    const written = [key, `${prefix}_SUCCESS`];
    for (const object of before) {
      if (!written.includes(object.key)) await this.#objects.deleteObject(bucket, object.key, { ifMatch: object.etag });
    }
    log.driver(
      'INFO',
      'org.apache.spark.sql.execution.datasources.FileFormatWriter',
      `Write Job committed: ${frame.rows.length} rows to s3://${bucket}/${prefix}`,
    );
    log.print(`wrote ${frame.rows.length} rows to s3://${bucket}/${prefix}`);
  }

  async #table(database: string, name: string): Promise<CatalogTable> {
    try {
      return await this.#catalog.getTable(database, name);
    } catch (error) {
      throw isNotFound(error) ? tableNotFound(database, name) : error;
    }
  }

  async #list({ bucket, prefix }: Pick<Input, 'bucket' | 'prefix'>): Promise<ObjectHead[]> {
    const objects: ObjectHead[] = [];
    let nextToken: string | undefined;
    try {
      do {
        const page = await this.#objects.listObjects(bucket, prefix, { limit: PAGE, ...(nextToken === undefined ? {} : { nextToken }) });
        objects.push(...page.objects);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    } catch (error) {
      throw this.#refusal(error, false);
    }
    return objects.filter(({ key }) => isData(key));
  }

  async #read({ bucket, format, reader = readRows }: Input, object: ObjectHead): Promise<RawRows> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#objects.getRange(bucket, object.key, 0, object.size);
    } catch (error) {
      throw this.#refusal(error, true);
    }
    return reader(`s3://${bucket}/${object.key}`, bytes, format);
  }

  /** Tasks start together, so that all objects are named before the first of them fails. */
  #tellScan(input: Input, objects: readonly ObjectHead[]): void {
    const { log, call } = this.#run;
    log.driver(
      'INFO',
      'org.apache.spark.scheduler.DAGScheduler',
      `Submitting ${objects.length} missing tasks from ResultStage ${call.stage} (MapPartitionsRDD[${call.stage * 3}] at load at NativeMethodAccessorImpl.java:0)`,
      'dag-scheduler-event-loop',
    );
    for (const [task, { key, size }] of objects.entries()) {
      log.executor(
        this.#executorOf(task),
        'INFO',
        'org.apache.spark.sql.execution.datasources.FileScanRDD',
        `Reading File path: s3://${input.bucket}/${key}, range: 0-${size}, partition values: [empty row]`,
      );
    }
  }

  #executorOf(task: number): number {
    return (task % this.memory.executors) + 1;
  }

  #refusal(error: unknown, onExecutor: boolean): unknown {
    const requestId = this.#run.runId.slice(3, 19).toUpperCase();
    if (isAccessDenied(error)) return s3Refused({ text: 'Access Denied', status: 403, code: 'AccessDenied' }, requestId, onExecutor);
    if (error instanceof Error && isNotFound(error))
      return s3Refused({ text: 'The specified key does not exist.', status: 404, code: error.name }, requestId, onExecutor);
    return error;
  }
}

/** Folder markers and Spark's own bookkeeping are no data. */
function isData(key: string): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return name !== '' && !name.startsWith('_') && !name.startsWith('.');
}

/** A column of the table that the data does not have cannot be resolved. */
function castRows(path: string, raw: RawRows, columns: readonly Column[]): Row[] {
  const sources = columns.map((column) => {
    const name = raw.columns.find((each) => each.toLowerCase() === column.name.toLowerCase());
    if (name === undefined) throw unresolvedColumn(column.name, raw.columns);
    assertConvertible(path, column, raw.declaredTypes[name]);
    return { ...column, source: name };
  });
  return raw.rows.map((row) => Object.fromEntries(sources.map(({ name, type, source }) => [name, castStrictly(row[source], type)])));
}

/** What a Parquet column may declare to be read as a type of the catalog; types that are not listed are left to the cast. */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  TINYINT: ['tinyint', 'smallint', 'int'],
  SMALLINT: ['tinyint', 'smallint', 'int'],
  INT: ['tinyint', 'smallint', 'int'],
  BIGINT: ['tinyint', 'smallint', 'int', 'bigint'],
  FLOAT: ['float'],
  DOUBLE: ['float', 'double', 'int'],
  BOOLEAN: ['boolean'],
  DATE: ['date'],
  STRING: ['string', 'binary'],
};
/** How Parquet stores what a column declares, as Spark's message names it. */
const STORED_AS: Readonly<Record<string, string>> = {
  tinyint: 'INT32',
  smallint: 'INT32',
  int: 'INT32',
  date: 'INT32',
  bigint: 'INT64',
  timestamp: 'INT64',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'BINARY',
  binary: 'BINARY',
};

function assertConvertible(path: string, { name, type }: Column, declared: string | undefined): void {
  const readable = READABLE[sparkType(type)];
  const stored = STORED_AS[declared ?? ''];
  if (declared === undefined || stored === undefined || !readable || readable.includes(declared)) return;
  throw parquetColumnMismatch(path, name, type.toLowerCase(), stored);
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? jsonOf(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tellStart({ log, script, workerType, numberOfWorkers, args }: ProgramRun): void {
  log.driver('INFO', 'com.amazonaws.services.glue.PrepareLaunch', `Glue 5.0, ${numberOfWorkers} workers of type ${workerType}`);
  log.driver('INFO', 'com.amazonaws.services.glue.LogPusher', 'uploading /tmp/spark-event-logs/ to s3://aws-glue-local/sparkHistoryLogs/');
  log.driver('INFO', 'org.apache.spark.SparkContext', 'Running Spark version 3.5.4-amzn-0');
  log.driver('INFO', 'org.apache.spark.storage.memory.MemoryStore', 'MemoryStore started with capacity 5.8 GiB');
  log.driver(
    'WARN',
    'org.apache.hadoop.util.NativeCodeLoader',
    'Unable to load native-hadoop library for your platform... using builtin-java classes where applicable',
  );
  log.driver('INFO', 'com.amazonaws.services.glue.ProcessLauncher', `Launching /tmp/${script} ${Object.keys(args).join(' ')}`);
}
