/**
 * The few, narrow doors to the outside. Each port has two implementations: AWS (`aws-*.ts`, the SDK) and local (`local/`, a twin
 * that enforces what AWS enforces). Domain code sees only these. Error names are AWS's own, see `aws-errors.ts`.
 */
import type { Column } from './actions.ts';

// ---- Glue jobs ----------------------------------------------------------------------------------------------------------

export type JobRunState =
  | 'STARTING'
  | 'RUNNING'
  | 'STOPPING'
  | 'WAITING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMEOUT'
  | 'STOPPED'
  | 'ERROR'
  | 'EXPIRED';

export interface Job {
  readonly name: string;
  /** `glueetl`, `gluestreaming`, `pythonshell`, `glueray`. */
  readonly command: string;
  readonly glueVersion: string | null;
  readonly maxRetries: number;
  readonly maxConcurrentRuns: number;
  readonly workerType: string | null;
  readonly numberOfWorkers: number | null;
  /** Set for jobs sized by MaxCapacity; such jobs have no worker type and cannot climb the ladder. */
  readonly maxCapacity: number | null;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly nonOverridableArguments: Readonly<Record<string, string>>;
  readonly securityConfiguration: string | null;
  readonly role: string;
}

export interface JobRun {
  readonly id: string;
  readonly jobName: string;
  /** 0 for the first attempt; Glue's own retries count up. */
  readonly attempt: number;
  readonly previousRunId: string | null;
  readonly triggerName: string | null;
  readonly state: JobRunState;
  readonly stateDetail: string | null;
  readonly errorMessage: string | null;
  /** ISO 8601. */
  readonly startedOn: string;
  readonly completedOn: string | null;
  readonly executionTimeSeconds: number;
  readonly timeoutMinutes: number | null;
  readonly dpuSeconds: number | null;
  readonly arguments: Readonly<Record<string, string>>;
  readonly workerType: string | null;
  readonly numberOfWorkers: number | null;
  readonly maxCapacity: number | null;
  readonly glueVersion: string | null;
  readonly logGroupName: string | null;
  readonly securityConfiguration: string | null;
  readonly executionClass: 'STANDARD' | 'FLEX' | null;
}

export interface StartJobRun {
  readonly jobName: string;
  /** The full merged map: what is left out may fall back to the job's defaults. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
}

/** Errors: EntityNotFoundException, ThrottlingException, AccessDeniedException. */
export interface JobRunReader {
  getJob(jobName: string): Promise<Job>;
  getJobRun(jobName: string, runId: string): Promise<JobRun>;
  /** Newest first. */
  listJobRuns(jobName: string, page: { limit: number; nextToken?: string }): Promise<{ runs: JobRun[]; nextToken?: string }>;
  /** The bookmark as Glue shows it, null where the job has none. */
  getJobBookmark(jobName: string): Promise<{ run: number; attempt: number; version: number; value: string } | null>;
}

export interface JobRunStarter {
  /** Returns the run id. Errors: ConcurrentRunsExceededException, OperationTimeoutException (it may have started), … */
  startJobRun(request: StartJobRun): Promise<string>;
  stopJobRun(jobName: string, runId: string): Promise<void>;
}

// ---- Data Catalog --------------------------------------------------------------------------------------------------------

export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  /** A number as text, one more with each update. */
  readonly versionId: string;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  /** `EXTERNAL_TABLE`, `VIRTUAL_VIEW`, … */
  readonly tableType: string | null;
  /** Table parameters; `table_type` = ICEBERG names an open table format. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly location: string | null;
  readonly isResourceLink: boolean;
  readonly isFederated: boolean;
  readonly isRegisteredWithLakeFormation: boolean;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  /** Everything that UpdateTable needs to write the table back, by allow-list of TableInput's fields; opaque to the domain. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Errors: EntityNotFoundException, AccessDeniedException, ThrottlingException. */
export interface CatalogReader {
  getTable(database: string, name: string): Promise<CatalogTable>;
  getTableVersion(database: string, name: string, versionId: string): Promise<CatalogTable>;
  /** Newest first by number, at most `limit`. */
  listTableVersions(database: string, name: string, limit: number): Promise<CatalogTable[]>;
  /** Partitions with their own columns: at most `limit`, and whether there are more. */
  listPartitions(
    database: string,
    name: string,
    limit: number,
  ): Promise<{ partitions: { values: string[]; columns: Column[] }[]; more: boolean }>;
}

export interface CatalogWriter {
  /**
   * Compare-and-set: writes `columns` over the table's input where its version is still `versionId`, archiving the old one.
   * Returns the new version id. Errors: ConcurrentModificationException, AccessDeniedException, ResourceNotReadyException.
   */
  updateTableColumns(table: CatalogTable, columns: readonly Column[], partitionKeys: readonly Column[]): Promise<string>;
}

// ---- CloudWatch Logs -----------------------------------------------------------------------------------------------------

/** Errors: ResourceNotFoundException (no such group: no evidence, not a failure), AccessDeniedException, ThrottlingException. */
export interface LogReader {
  /** One page; an empty page with a token is not the end. `startTime` in epoch milliseconds. */
  filterLogEvents(request: {
    logGroupName: string;
    logStreamNamePrefix: string;
    startTime: number;
    limit: number;
    nextToken?: string;
  }): Promise<{ events: { timestamp: number; message: string; logStreamName: string }[]; nextToken?: string }>;
}

// ---- S3 ------------------------------------------------------------------------------------------------------------------

export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Null on a bucket without versioning. */
  readonly versionId: string | null;
  readonly lastModified: string;
  /** Full-object SHA-256 or CRC, base64, where S3 holds one. */
  readonly checksum: string | null;
}

/** Errors: NoSuchKey, NoSuchBucket, AccessDenied, PreconditionFailed (412), SlowDown, KMS.DisabledException. */
export interface ObjectReader {
  /** In key order. */
  listObjects(
    bucket: string,
    prefix: string,
    page: { limit: number; nextToken?: string },
  ): Promise<{ objects: ObjectHead[]; nextToken?: string }>;
  headObject(bucket: string, key: string, versionId?: string): Promise<ObjectHead>;
  /** Bytes [start, end). */
  getRange(bucket: string, key: string, start: number, end: number, versionId?: string): Promise<Uint8Array>;
  bucketVersioning(bucket: string): Promise<'Enabled' | 'Suspended' | 'Disabled'>;
}

export interface ObjectWriter {
  /** `ifNoneMatch` refuses to overwrite (PreconditionFailed). Returns the new version. */
  putObject(
    bucket: string,
    key: string,
    body: Uint8Array,
    options?: { ifNoneMatch?: '*' },
  ): Promise<{ versionId: string | null; etag: string }>;
  /** Server-side copy of one version, guarded: source must still have `ifMatch`. Returns the destination's head. */
  copyObject(request: {
    sourceBucket: string;
    sourceKey: string;
    sourceVersionId: string | null;
    sourceIfMatch: string;
    bucket: string;
    key: string;
  }): Promise<ObjectHead>;
  /** On a versioned bucket this adds a delete marker; refused (PreconditionFailed) where the object changed. */
  deleteObject(bucket: string, key: string, options: { ifMatch: string }): Promise<void>;
}

// ---- People, events, workflow --------------------------------------------------------------------------------------------

export interface Notifier {
  /** Tells, never decides: plain text that carries an approval id and nothing that grants. */
  notify(message: { subject: string; body: string; incidentId: string }): Promise<void>;
}

export interface EventPublisher {
  /** Puts one event of source `glue-medic` on the bus. */
  publish(event: { detailType: string; detail: Readonly<Record<string, unknown>> }): Promise<void>;
}

/** Answers a waiting `waitForTaskToken` state. Errors: TaskTimedOut, TaskDoesNotExist, InvalidToken. */
export interface TaskCallback {
  sendTaskSuccess(taskToken: string, output: unknown): Promise<void>;
}

/** Starts executions of the state machine. Error: ExecutionAlreadyExists. */
export interface WorkflowStarter {
  startExecution(name: string, input: unknown): Promise<void>;
}

// ---- Tables --------------------------------------------------------------------------------------------------------------

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}
export type ItemAttributes = Readonly<Record<string, unknown>>;
export interface StoredItem extends ItemKey {
  /** 1 when created, one more with each replacement: what conditional writes compare. */
  readonly revision: number;
  readonly attributes: ItemAttributes;
}

export interface ItemReader {
  /** Strongly consistent. */
  get(key: ItemKey): Promise<StoredItem | undefined>;
  /** In sort-key order, strongly consistent. */
  query(
    pk: string,
    options?: { prefix?: string; limit?: number; after?: string; descending?: boolean },
  ): Promise<{ items: StoredItem[]; next?: string }>;
}

/** A table of single items with compare-and-set. All that the stores need of DynamoDB. Error: ItemSizeError (> 400 KB). */
export interface ItemTable extends ItemReader {
  create(key: ItemKey, attributes: ItemAttributes): Promise<'created' | 'exists'>;
  replace(key: ItemKey, attributes: ItemAttributes, revision: number): Promise<'replaced' | 'conflict'>;
}

/** A table that only grows: no replace, no delete, neither here nor in the roles. */
export interface AppendOnlyTable extends ItemReader {
  append(key: ItemKey, attributes: ItemAttributes): Promise<'appended' | 'exists'>;
}

// ---- All of them ---------------------------------------------------------------------------------------------------------

export interface Settings {
  readonly artefactBucket: string;
  readonly quarantineBucket: string;
  readonly accountId: string;
  readonly region: string;
}

export interface Ports {
  readonly clock: () => Date;
  readonly settings: Settings;
  readonly jobRuns: JobRunReader;
  readonly jobStarter: JobRunStarter;
  readonly catalog: CatalogReader;
  readonly catalogWriter: CatalogWriter;
  readonly logs: LogReader;
  readonly objects: ObjectReader;
  readonly objectWriter: ObjectWriter;
  /** Writes artefacts only: the one write that the gatherer has. */
  readonly artefacts: Pick<ObjectWriter, 'putObject'>;
  readonly notifier: Notifier;
  readonly events: EventPublisher;
  readonly callback: TaskCallback;
  readonly workflow: WorkflowStarter;
  readonly operations: ItemTable;
  readonly qTable: ItemTable;
  readonly audit: AppendOnlyTable;
}
