/** Which lines report a failure, a success or nothing of either, whatever the cause. The word lists are for people to extend. */
import type { Level } from './log-line.ts';

/** The scanner looks for these; only lines that hold one are judged. Lower case. */
// biome-ignore format: a list of words
export const FAILURE_NEEDLES = [
  'exception', 'error', 'fail', 'fatal', 'critical', 'severe', 'traceback', 'abort', 'killed', 'exit code', 'exitcode', 'exit status',
  'exited with', 'lost task', 'lost executor', 'denied', 'timed out', 'unable to', 'cannot', 'could not', 'invalid',
  'non-zero', 'nonzero', 'unexpectedly', 'crashed', 'core dumped', 'segmentation fault', 'final status', 'systemexit', 'cancelled', 'canceled',
] as const;

const BAD = 'errors?|fail(?:ed|ures?|s)?|exceptions?|rejected|invalid|bad|duplicates?|malformed|corrupt(?:ed)?|missing|timeouts?';
const COUNTED = '(?:[ _-](?:rows?|records?|lines?|counts?|files?|values?|columns?|checks?|rules?|tasks?|messages?|keys?|total)){0,2}';
/** `0 failed`, `without errors`, `rejected rows: 0`, `on failure`: words of failure in lines that report none. */
const NEGATED = new RegExp(
  `\\b(?:0|no|zero|without|without any|on|ignor(?:e|ing)) (?:[a-z]{1,12} )?(?:${BAD})${COUNTED}\\b` +
    `|\\b(?:num_?|total_?|count_?)?(?:${BAD}|exit(?: ?code| status)?)${COUNTED}["']? ?[=:|] ?["']?(?:0(?![.\\d])|none\\b|null\\b|false\\b)` +
    '|\\bexit(?: code| status)? 0\\b' +
    '|\\bfail_?(?:fast|over)\\b',
  'gi',
);

/** The line without what it says did not happen. */
export function withoutNegations(line: string): string {
  return line.replace(NEGATED, '');
}

const QUIET_FAILURE =
  /\b(?:final ?status|state|status)["']?[:=] ?["']?(?:FAILED|KILLED)\b|\bexitCode: [1-9]|\bJob \d+ failed\b|\bJob aborted\b|Stage \d+ \([^)]{0,200}\) failed in\b/i;
const WARNED_FAILURE =
  /\bLost task\b|\bLost executor\b|\bmarked as failed\b|\bJob aborted\b|\bException in thread\b|\bexited with\b|\bGiving up\b|\bKilled by external signal\b/i;
/** A warning that says how it goes on. */
const CARRIES_ON =
  /\b(?:will retry|retrying|ignor(?:ed|ing)|skipp(?:ed|ing)|fall(?:ing|s)? ?back|using default|continu(?:e|ing)|attempting|instead)\b/i;
const PLAIN_FAILURE =
  /[A-Za-z](?:Exception|Error)\b|^\s*Exception\b|\bTraceback \(most recent|\bERROR\b|^\s*error\b|\bFAILED\b|\bfail(?:ed|ure|s)?\b|\bfatal\b|\bCaused by:|\bExit(?:ed)?(?: ?code| status| with)?\b[^\n]{0,40}[1-9]|\bkilled\b|\babort(?:ed|ing)?\b|\bdenied\b|\btimed out\b|\b(?:unable to|cannot|could not) [a-z]|\bwith errors\b|\bnon-?zero\b|\bunexpectedly\b|\bcrashed\b|\bcore dumped\b|\bsegmentation fault\b|\bstatus 'dead'|\bSystemExit\b|\bJob \d+ cancell?ed\b/i;

/** Whether a line that no signature knows says all the same that something failed. `text`: without negations. */
export function reportsFailure(text: string, level: Level): boolean {
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

/** Whether a warning is only that: something went wrong and was dealt with. */
export function carriesOn(text: string, level: Level): boolean {
  return level === 'warning' && CARRIES_ON.test(text);
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
