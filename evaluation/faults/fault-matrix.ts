/** What can go wrong around Glue Medic, row by row, what happens then, and which file shows it best. Tests name a row by its id. */

export interface MatrixRow {
  readonly id: string;
  readonly what: string;
  /** What the product does then; said as it is, not as it might be wished. */
  readonly happens: string;
  /** The file whose test is named first, below `test/`. */
  readonly shownBy?: string;
  /** Why no test can hold the row yet. */
  readonly notThereYet?: string;
}

const MACHINE = 'statemachine/faults.test.ts';
const CLAIM = 'functions/claim-incident/claim-incident.test.ts';
const STAND_DOWN = 'functions/claim-incident/stand-down.test.ts';
const EVIDENCE = 'functions/gather-evidence/gather-evidence.test.ts';
const START = 'functions/execute-action/start-rerun.test.ts';
const CATALOG = 'functions/execute-action/actions/catalog-change.test.ts';
const QUARANTINE = 'functions/execute-action/actions/quarantine.test.ts';
const CRASHES = 'functions/execute-action/crash-and-replay.test.ts';
const DECIDE = 'functions/decide-approval/decide-approval.test.ts';
const AWAIT = 'functions/await-decision/await-decision.test.ts';
const RECONCILE = 'functions/reconcile-runs/reconcile-runs.test.ts';

const faults: readonly Omit<MatrixRow, 'id'>[] = [
  { what: 'event lost', happens: 'the reconciler opens the incident, once', shownBy: RECONCILE },
  { what: 'event twice, at once', happens: 'one claim, the others are duplicates', shownBy: CLAIM },
  { what: 'late FAILED after a success', happens: 'stands down', shownBy: STAND_DOWN },
  { what: 'Glue’s own retry to come', happens: 'stands down; its last attempt is an event of its own', shownBy: STAND_DOWN },
  { what: 'rule may not deliver', happens: 'queue and alarm; replayed or reconciled, one incident', shownBy: 'infra/faults.test.ts' },
  { what: 'run unknown to Glue', happens: 'a person hears that Glue keeps runs for so long only', shownBy: EVIDENCE },
  { what: 'a read is throttled or denied', happens: 'the rest is read; the gap is named', shownBy: EVIDENCE },
  { what: 'logs empty', happens: 'a gap that lowers confidence', shownBy: 'functions/gather-evidence/read-logs.test.ts' },
  { what: 'Lambda times out in a task', happens: 'a person gets it; the ledger shows the INTENT', shownBy: MACHINE },
  { what: 'Lambda answers 429', happens: 'retried; one rerun', shownBy: MACHINE },
  { what: 'answer of a Lambda lost', happens: 'the recorded answer is found', shownBy: MACHINE },
  { what: 'StartJobRun times out, run started', happens: 'the run is adopted by its remediation id', shownBy: START },
  { what: 'no slot for the run', happens: 'nothing starts; asked again, or overtaken', shownBy: START },
  {
    what: 'rerun WAITING or EXPIRED',
    happens: 'waited for, up to a bound; then a person',
    shownBy: 'functions/validate-outcome/validate-outcome.test.ts',
  },
  { what: 'table changed by another writer', happens: 'the plan is void', shownBy: CATALOG },
  { what: 'Lake Formation denies the update', happens: 'a person gets the reason', shownBy: CATALOG },
  { what: 'copy answers 200 with an error', happens: 'counts as failed; the source is kept', shownBy: QUARANTINE },
  { what: 'copied, not deleted', happens: 'readable in both places; the next try finishes', shownBy: QUARANTINE },
  { what: 'source overwritten during the copy', happens: 'nothing is deleted', shownBy: QUARANTINE },
  { what: 'KMS key disabled', happens: 'nothing is deleted, nothing starts', shownBy: QUARANTINE },
  { what: 'conditional writes conflict', happens: 'bounded attempts, then a person', shownBy: MACHINE },
  { what: 'dies between two writes', happens: 'replayed it completes, counted once', shownBy: CRASHES },
  { what: 'INTENT cannot be audited', happens: 'nothing is done', shownBy: CRASHES },
  { what: 'RESULT cannot be audited', happens: 'no answer; run again it audits, and does nothing twice', shownBy: CRASHES },
  { what: 'Q-table cannot be written', happens: 'healed all the same; what was recorded can still teach, once', shownBy: MACHINE },
  { what: 'SendTaskSuccess fails', happens: 'the decision stands and is sent again', shownBy: RECONCILE },
  { what: 'approve and reject together', happens: 'one wins, the other is told', shownBy: DECIDE },
  { what: 'approved after the timeout', happens: 'too late, nothing is done', shownBy: DECIDE },
  { what: 'wait started again, new token', happens: 'the decision reaches the new token', shownBy: AWAIT },
  { what: 'nobody can be notified', happens: 'still waits; the trail says so', shownBy: AWAIT },
  { what: 'validator fails', happens: 'a person; no reward, no good run', shownBy: MACHINE },
  {
    what: 'inverse fails',
    happens: 'CRITICAL to a person, not repeated; the job is frozen',
    shownBy: 'functions/undo-action/undo-action.test.ts',
  },
  { what: 'policy corrupt', happens: 'the rules decide and say why', shownBy: MACHINE },
  {
    what: 'clocks five minutes apart',
    happens: 'no second start; approvals end on the safe side',
    shownBy: 'functions/shared/clock-skew.test.ts',
  },
  {
    what: 'too much evidence',
    happens: 'artefacts and gaps; the document stays below its limit',
    shownBy: 'functions/gather-evidence/fit-evidence.test.ts',
  },
  {
    what: 'operator aborts the execution',
    happens: 'no later change, no restart; the trail says so',
    shownBy: 'functions/record-abort/record-abort.test.ts',
  },
  {
    what: 'kill switch at any call',
    happens: 'no change after it, inverses included',
    shownBy: 'functions/execute-action/kill-switch.test.ts',
  },
  { what: '500 failures in a minute', happens: 'limits hold; one digest', shownBy: 'functions/check-safety/storm-of-500.test.ts' },
  {
    what: 'bad deployment',
    happens: 'deployed all at once; the way back is to deploy the version before',
    notThereYet: 'the stack has no alias that shifts traffic, so there is no canary to go back from',
  },
];

const badInputs: readonly Omit<MatrixRow, 'id' | 'shownBy'>[] = [
  { what: 'event that is no object', happens: 'E_EVENT_SHAPE' },
  { what: 'wrong source or detail-type', happens: 'E_EVENT_SOURCE' },
  { what: 'job name empty, too long, control characters', happens: 'E_JOB_NAME' },
  { what: 'run id missing or no text', happens: 'E_RUN_ID' },
  { what: 'account or region not ours', happens: 'E_EVENT_ACCOUNT' },
  { what: 'unknown state', happens: 'W_STATE_UNKNOWN' },
  { what: 'event time in the future or too old', happens: 'E_EVENT_TIME' },
  { what: 'job not registered', happens: 'W_JOB_UNREGISTERED' },
  { what: '__proto__ and constructor as keys', happens: 'not understood as fields' },
  { what: 'S3 target: URI, ARN, "..", empty prefix', happens: 'E_CONFIG, E_S3_TARGET' },
  { what: 'no objects, too many, too large', happens: 'denied; E_SCOPE_TOO_LARGE' },
  { what: 'table version absent, current, no number', happens: 'E_VERSION' },
  { what: 'unsupported table format', happens: 'E_TABLE_FORMAT' },
  { what: 'worker type invalid for the Glue version', happens: 'E_WORKER' },
  { what: 'MaxCapacity job scaled', happens: 'E_WORKER' },
  { what: 'gzip bomb, truncated, trailing garbage', happens: 'E_SAMPLE_TOO_LARGE, E_SAMPLE_CORRUPT' },
  { what: 'Parquet footer or pages damaged', happens: 'E_PARQUET_FOOTER, E_PARQUET_PAGE' },
  { what: 'CSV: NUL, encodings, too many columns, open quote', happens: 'E_CSV' },
  { what: 'log bytes that are no UTF-8, ANSI, 5 MB line', happens: 'W_TEXT_SANITISED' },
  { what: 'configured pattern invalid or not linear', happens: 'E_RULE_REGEX' },
  { what: 'policy: not finite, unknown action, missing cell', happens: 'E_POLICY' },
  { what: 'training options out of range', happens: 'E_CONFIG' },
  { what: 'reward out of bounds', happens: 'E_REWARD' },
  { what: 'unknown mode', happens: 'E_CONFIG; shadow' },
  { what: 'limits negative, no number, unknown', happens: 'E_CONFIG' },
  { what: 'approval id empty, malformed, unknown', happens: 'E_APPROVAL_ID' },
  { what: 'approval expired, decided, plan changed', happens: 'E_APPROVAL_EXPIRED, E_ALREADY_DECIDED, E_PLAN_CHANGED' },
  { what: 'decision body bad, too large, of another type or origin', happens: '400, 413, 415, 401' },
  { what: 'reason with HTML, a formula, 100 kB', happens: 'kept as text, cut with a mark' },
  { what: 'unknown flag, missing argument', happens: 'exit 2, one line' },
  {
    what: 'bad AWS region, endpoint or credentials on the command line',
    happens: '-',
    notThereYet: 'the command line speaks to the local process only, and takes none of them',
  },
  { what: 'audit export of a reversed or empty range', happens: '-', notThereYet: 'there is no export of the trail' },
  { what: 'chain edited', happens: 'exit 4, the first bad entry' },
  { what: 'section above its size', happens: 'E_OUTPUT_SIZE' },
];

export const FAULTS: readonly MatrixRow[] = faults.map((row, index) => ({ id: `F${index + 1}`, ...row }));
export const BAD_INPUTS: readonly MatrixRow[] = badInputs.map((row, index) => ({ id: `B${index + 1}`, ...row }));
