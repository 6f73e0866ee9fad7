/** The ways in which a job's run can end badly. What they say is worded in `spark-errors.ts`; `tell-failure.ts` tells the log. */

/** Glue's own words for what kind of error ended a run. */
export type ErrorCategory =
  | 'OUT_OF_MEMORY_ERROR'
  | 'PERMISSION_ERROR'
  | 'QUERY_ERROR'
  | 'RESOURCE_NOT_FOUND_ERROR'
  | 'THROTTLING_ERROR'
  | 'UNCLASSIFIED_ERROR';

export interface JavaError {
  /** Fully qualified. */
  readonly type: string;
  readonly message: string;
  /** `package.Class.method(File.scala:line)`, innermost first. */
  readonly frames: readonly string[];
  readonly cause?: JavaError;
}

export class JobFailure extends Error {
  readonly category: ErrorCategory;

  constructor(category: ErrorCategory, message: string) {
    super(message);
    this.category = category;
  }
}

/** A task failed on an executor, each of the four times that Spark tries. */
export class TaskFailure extends JobFailure {
  readonly error: JavaError;
  /** The executor's process is gone, and with it the stack. */
  readonly executorLost: boolean;
  /** What Glue shows of it: mostly the message of the last cause. */
  readonly shown: string;

  constructor(category: ErrorCategory, error: JavaError, options: { executorLost?: boolean; shown?: string } = {}) {
    super(category, error.message);
    this.error = error;
    this.executorLost = options.executorLost === true;
    this.shown = options.shown ?? lastCauseOf(error).message;
  }
}

/** The JVM of the driver refused the call. */
export class DriverFailure extends JobFailure {
  readonly error: JavaError;
  readonly shown: string;

  constructor(category: ErrorCategory, error: JavaError) {
    super(category, error.message);
    this.error = error;
    this.shown = lastCauseOf(error).message;
  }
}

/** The query cannot be planned: PySpark raises it as an exception of its own, without the JVM's stack. */
export class AnalysisFailure extends JobFailure {
  constructor(category: ErrorCategory, message: string) {
    super(category, message);
  }
}

/** The script itself, or a library that it calls, raised a Python exception. */
export class PythonFailure extends JobFailure {
  /** As the traceback names it: `ZeroDivisionError`, `botocore.exceptions.ClientError`. */
  readonly type: string;
  /** Innermost last. */
  readonly frames: readonly string[];

  constructor(type: string, message: string, options: { category?: ErrorCategory; frames?: readonly string[] } = {}) {
    super(options.category ?? 'UNCLASSIFIED_ERROR', message);
    this.type = type;
    this.frames = options.frames ?? [];
  }
}

/** The run failed elsewhere: its log is at hand and says all that there is to say. */
export class ReportedFailure extends JobFailure {
  constructor() {
    super('UNCLASSIFIED_ERROR', 'the run failed elsewhere; its log is given');
  }
}

/** The run was stopped while the program was at work. */
export class RunStopped extends Error {}

function lastCauseOf(error: JavaError): JavaError {
  let last = error;
  while (last.cause) last = last.cause;
  return last;
}
