/** Which lines report a failure, a success or nothing of either, whatever the cause. The word lists are for people to extend. */
import type { Level } from './log-line.ts';

/** The scanner looks for these; only lines that hold one are judged. Lower case. */
// biome-ignore format: a list of words
export const FAILURE_NEEDLES = [
  'exception', 'error', 'fail', 'fatal', 'critical', 'severe', 'traceback', 'abort', 'killed', 'exit code', 'exitcode', 'exit status',
  'exited with', 'lost task', 'lost executor', 'denied', 'timed out', 'unable to', 'cannot', 'could not', 'invalid',
] as const;

/** `0 failed`, `without errors`, `errors=0`: words of failure in lines that report none. */
const NEGATED =
  /\b(?:0|no|zero|without|any|ignore|ignoring|on) (?:[a-z]{1,12} )?(?:errors?|failed|failures?|exceptions?)\b|\b(?:errors?|failed|failures?|exceptions?|error_count|failed_count|exit(?: ?code| status)?)["']?[ =:]{1,3}["']?(?:0\b|none\b|null\b|false\b)|\bfail(?:ed)?_?(?:fast|over)\b|\bfailfast\b/gi;

const QUIET_FAILURE =
  /\b(?:final ?status|state|status)["']?[:=] ?["']?(?:FAILED|KILLED)\b|\bexitCode: [1-9]|\bJob \d+ failed\b|\bJob aborted\b/i;
const WARNED_FAILURE =
  /\bLost task\b|\bLost executor\b|\bmarked as failed\b|\bJob aborted\b|\bException in thread\b|\bexited with\b|\bGiving up\b|\bKilled by external signal\b/i;
const PLAIN_FAILURE =
  /[A-Za-z](?:Exception|Error)\b|^\s*Exception\b|\bTraceback \(most recent|\bERROR\b|^\s*error\b|\bFAILED\b|\bfail(?:ed|ure|s)?\b|\bfatal\b|\bCaused by:|\bExit(?:ed)?(?: ?code| status| with)?\b[^\n]{0,40}[1-9]|\bkilled\b|\babort(?:ed|ing)?\b|\bdenied\b|\btimed out\b|\b(?:unable to|cannot|could not) [a-z]/i;

/** Whether a line that no signature knows says all the same that something failed. */
export function reportsFailure(line: string, level: Level): boolean {
  const text = line.replace(NEGATED, '');
  switch (level) {
    case 'failure':
      return true;
    case 'warning':
      return WARNED_FAILURE.test(text);
    case 'quiet':
      return QUIET_FAILURE.test(text);
    case 'none':
      return PLAIN_FAILURE.test(text);
  }
}

const END_OF_RUN =
  /\bJob aborted\b|\bException in thread "(?:main|Driver)"|\bException in User Class\b|\b[Ff]inal (?:app )?status: FAILED|\bstate: FAILED\b/;

/** After such a line no later step can have mended the run. */
export function endsTheRun(line: string): boolean {
  return END_OF_RUN.test(line);
}

/** The run as a whole has ended well. */
// biome-ignore format: a list of phrases
export const FINAL_SUCCESS = [
  'final status: SUCCEEDED', 'final app status: SUCCEEDED', 'state: SUCCEEDED', 'JobRunState": "SUCCEEDED', 'JobRunState=SUCCEEDED', 'exitCode: 0',
  'Job run succeeded', 'job completed successfully', 'run completed successfully', 'Application completed successfully', 'Job succeeded',
  'finished successfully', 'completed successfully', 'ended successfully', 'finished without errors', 'completed without errors', 'BUILD SUCCESS',
  'exit code: 0', 'exited with code 0', 'with exit code 0', 'job.commit() done', 'Job committed', 'status=SUCCEEDED', 'status: SUCCEEDED',
] as const;

/** Work that had failed before has been done after all. */
// biome-ignore format: a list of phrases
export const STEP_SUCCESS = [
  'Job … finished: … took', 'Job finished: … took', 'succeeded on attempt', 'succeeded after', 'retry succeeded', 'succeeded on retry', 'Retried successfully',
  'attempt … succeeded', 'Successfully recovered', 'recovered after', 'reconnected', 'Connection re-established', 'Write Job … committed',
] as const;

/** A task or stage is done: makes good what was only warned of, such as an earlier attempt of a task. */
export const TASK_SUCCESS = ['Finished task', 'Stage … finished in'] as const;
