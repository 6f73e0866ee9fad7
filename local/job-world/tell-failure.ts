/** Writes a failure to the run's log as Glue 5 would, among the lines around it, and says what Glue shows as the run's error message. */
import { AnalysisFailure, DriverFailure, type JavaError, JobFailure, PythonFailure, ReportedFailure, TaskFailure } from './failures.ts';
import type { RunLog } from './run-log.ts';

export interface FailedCall {
  /** `orders.py` */
  readonly script: string;
  /** Of the script, null where it is not known. */
  readonly line: number | null;
  /** What py4j was asked to do: `o98.save`. */
  readonly py4jCall: string;
  /** Stage and task numbers as far as the session has come. */
  readonly stage: number;
  readonly task: number;
  readonly executor: number;
}

/** Glue cuts it. */
const MESSAGE_LIMIT = 1000;
const PY4J_FRAMES = [
  'File "/opt/amazon/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/java_gateway.py", line 1322, in __call__',
  'File "/opt/amazon/spark/python/lib/pyspark.zip/pyspark/errors/exceptions/captured.py", line 179, in deco',
  'File "/opt/amazon/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/protocol.py", line 326, in get_return_value',
];
const SCHEDULER_FRAMES = [
  'org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:3083)',
  'org.apache.spark.scheduler.DAGScheduler.$anonfun$abortStage$2(DAGScheduler.scala:3019)',
  'org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:3018)',
  'org.apache.spark.scheduler.DAGScheduler.handleTaskSetFailed(DAGScheduler.scala:1308)',
];

/** Returns the run's error message, null where the log has to speak for itself. */
export function tellFailure(error: unknown, call: FailedCall, log: RunLog): string | null {
  if (error instanceof ReportedFailure) return null;
  if (error instanceof TaskFailure) tellTask(error, call, log);
  const { type, text, traceback, category } = describe(error, call);
  log.driver('ERROR', 'com.amazonaws.services.glue.ProcessLauncher', `Error from Python:${traceback}`);
  const analysis = {
    Event: 'GlueETLJobExceptionEvent',
    'Failure Reason': traceback.slice(0, 4000),
    'Last Executed Line number': call.line ?? 0,
    script: call.script,
  };
  log.driver(
    'ERROR',
    'com.amazonaws.services.glueexceptionanalysis.GlueExceptionAnalysisListener',
    `[Glue Exception Analysis] ${JSON.stringify(analysis)}`,
  );
  log.driver('INFO', 'org.apache.spark.SparkContext', 'SparkContext is stopping with exitCode 0.', 'shutdown-hook-0');
  const line = call.line === null ? '' : `Failed Line Number: ${call.line}; `;
  const shown = type === null ? text : `${type}: ${text}`;
  return `Error Category: ${category}; ${line}${shown.split('\n')[0] ?? ''}`.slice(0, MESSAGE_LIMIT);
}

/** The lines on both sides of a task that fails four times. */
function tellTask(failure: TaskFailure, call: FailedCall, log: RunLog): void {
  const { stage, task, executor } = call;
  const place = `(${hostOf(executor)} executor ${executor})`;
  if (failure.executorLost) {
    const cause = failure.error.cause ?? failure.error;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      log.executor(
        executor,
        'ERROR',
        'org.apache.spark.executor.Executor',
        `Exception in task ${task}.${attempt} in stage ${stage}.0 (TID ${tid(call, attempt)})\n${stackOf(cause)}`,
      );
      log.driver(
        'ERROR',
        'org.apache.spark.scheduler.TaskSchedulerImpl',
        `Lost executor ${executor} on ${hostOf(executor)}: Command exited with code 137`,
        'dispatcher-CoarseGrainedScheduler',
      );
      log.driver(
        'WARN',
        'org.apache.spark.scheduler.TaskSetManager',
        `Lost task ${task}.${attempt} in stage ${stage}.0 (TID ${tid(call, attempt)}) ${place}: ${failure.error.type} ${failure.error.message}`,
        'dispatcher-CoarseGrainedScheduler',
      );
    }
  } else {
    log.executor(
      executor,
      'ERROR',
      'org.apache.spark.executor.Executor',
      `Exception in task ${task}.0 in stage ${stage}.0 (TID ${tid(call, 0)})\n${stackOf(failure.error)}`,
    );
    log.driver(
      'WARN',
      'org.apache.spark.scheduler.TaskSetManager',
      `Lost task ${task}.0 in stage ${stage}.0 (TID ${tid(call, 0)}) ${place}: ${stackOf(failure.error)}`,
      'task-result-getter-0',
    );
    for (let attempt = 1; attempt < 4; attempt += 1) {
      log.driver(
        'INFO',
        'org.apache.spark.scheduler.TaskSetManager',
        `Lost task ${task}.${attempt} in stage ${stage}.0 (TID ${tid(call, attempt)}) on ${hostOf(executor)}, executor ${executor}: ${failure.error.type} (${failure.error.message}) [duplicate ${attempt}]`,
        `task-result-getter-${attempt}`,
      );
    }
  }
  log.driver(
    'ERROR',
    'org.apache.spark.scheduler.TaskSetManager',
    `Task ${task} in stage ${stage}.0 failed 4 times; aborting job`,
    'task-result-getter-3',
  );
  log.driver('INFO', 'org.apache.spark.scheduler.TaskSchedulerImpl', `Cancelling stage ${stage}`, 'dag-scheduler-event-loop');
}

interface Described {
  /** Null where the text already says it. */
  readonly type: string | null;
  readonly text: string;
  readonly traceback: string;
  readonly category: string;
}

function describe(error: unknown, call: FailedCall): Described {
  const scriptFrame = `  File "/tmp/${call.script}", line ${call.line ?? 1}, in <module>`;
  const opening = `Traceback (most recent call last):\n${scriptFrame}`;
  if (error instanceof TaskFailure || error instanceof DriverFailure) {
    const java = error instanceof TaskFailure ? jobAborted(error, call) : error.error;
    const text = `An error occurred while calling ${call.py4jCall}. ${error.shown}`;
    const raised = `py4j.protocol.Py4JJavaError: An error occurred while calling ${call.py4jCall}.\n: ${stackOf(java)}`;
    return { type: null, text, category: error.category, traceback: [opening, ...PY4J_FRAMES.map(indented), raised].join('\n') };
  }
  if (error instanceof AnalysisFailure) {
    const frames = [...PY4J_FRAMES.slice(0, 2).map(indented), '    raise converted from None'];
    const raised = `pyspark.errors.exceptions.captured.AnalysisException: ${error.message}`;
    return { type: 'AnalysisException', text: error.message, category: error.category, traceback: [opening, ...frames, raised].join('\n') };
  }
  if (error instanceof PythonFailure) {
    const traceback = [opening, ...error.frames.map(indented), `${error.type}: ${error.message}`].join('\n');
    return { type: error.type.slice(error.type.lastIndexOf('.') + 1), text: error.message, category: error.category, traceback };
  }
  // Not a failure that a job can have: the job world itself is at fault, and says so.
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const category = error instanceof JobFailure ? error.category : 'UNCLASSIFIED_ERROR';
  return {
    type: 'InternalError',
    text: `the local job world failed: ${message.split('\n')[0]}`,
    category,
    traceback: `${opening}\nInternalError: the local job world failed: ${message}`,
  };
}

function jobAborted(failure: TaskFailure, call: FailedCall): JavaError {
  const { stage, task, executor } = call;
  const lost = `Lost task ${task}.3 in stage ${stage}.0 (TID ${tid(call, 3)}) (${hostOf(executor)} executor ${executor})`;
  const reason = failure.executorLost
    ? `${failure.error.type} ${failure.error.message}`
    : `${failure.error.type}: ${failure.error.message}`;
  const aborted = {
    type: 'org.apache.spark.SparkException',
    message: `Job aborted due to stage failure: Task ${task} in stage ${stage}.0 failed 4 times, most recent failure: ${lost}: ${reason}`,
    frames: SCHEDULER_FRAMES,
  };
  return failure.executorLost ? aborted : { ...aborted, cause: failure.error };
}

/** As `printStackTrace` writes it. */
export function stackOf(error: JavaError): string {
  const frames = (each: JavaError) => each.frames.map((frame) => `\n\tat ${frame}`).join('');
  let stack = `${error.type}: ${error.message}${frames(error)}`;
  for (let cause = error.cause; cause; cause = cause.cause) {
    stack += `\nCaused by: ${cause.type}: ${cause.message}${frames(cause)}\n\t... 24 more`;
  }
  return stack;
}

function indented(frame: string): string {
  return `  ${frame}`;
}

function tid(call: FailedCall, attempt: number): number {
  return call.stage * 4 + call.task + attempt;
}

export function hostOf(executor: number): string {
  return `172.35.${(executor * 37) % 250}.${(executor * 91) % 250}`;
}
