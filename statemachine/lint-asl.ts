/**
 * What must be true of the state machine beyond being valid: that no error is lost, no wait is endless, nothing is done without
 * both checks, and no way ends beside the audit trail. Pure, over the ASL's JSON; each rule has its id.
 */
import { type Definition, DefinitionSchema, type State, waitsForToken } from './asl-definition.ts';
import { lintPaths, type PathRules } from './lint-paths.ts';

export const RULES = [
  'shape',
  'feature',
  'task-timeout',
  'token-timeout',
  'catch-all',
  'retry-bounded',
  'retry-idempotent',
  'choice-default',
  'reachable',
  'terminals',
  'outcome-terminal',
  'loop-waits',
  'mutation-guarded',
  'success-closed',
  'read-before-written',
] as const;
export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** Empty for the machine as a whole. */
  readonly state: string;
  readonly message: string;
}

/** What the rules know about this machine. */
const FAILED = 'MachineFailed';
const TO_A_PERSON = 'EscalateIncident';
const CLOSE = 'CloseIncident';
/** Ends without an audited closure: somebody else has the incident. */
const NOT_OURS = ['Duplicate', 'StoodDown'];
const PATH_RULES: PathRules = {
  claim: 'ClaimIncident',
  close: CLOSE,
  mutation: 'ExecuteAction',
  checks: ['CheckSafety', 'CheckCapability'],
  notOurs: NOT_OURS,
};
const TERMINALS = ['Resolved', 'Logged', 'HandedOver', 'Shadowed', 'Deferred', 'Superseded', ...NOT_OURS, FAILED];

/** Where a caught error may lead, if not to a person. */
const CATCH_TARGETS: Readonly<Record<string, readonly string[]>> = {
  [TO_A_PERSON]: [FAILED],
  AwaitDecision: [FAILED, TO_A_PERSON],
  [CLOSE]: [FAILED, TO_A_PERSON],
  // Learning that fails changes no outcome.
  UpdatePolicy: [CLOSE, 'AfterLearning'],
};
/** Silence is an answer: nothing is done. */
const SILENCE = { state: 'AwaitDecision', error: 'States.Timeout', next: CLOSE };

/** Run twice, these have one effect; their audit entry answers the second time. */
const IDEMPOTENT = [
  'ClaimIncident',
  'GatherEvidence',
  'DetectAnomalies',
  'ProposeAction',
  'CheckSafety',
  'CheckCapability',
  'ValidateOutcome',
  'UpdatePolicy',
  'EscalateIncident',
  'CloseIncident',
];
/** The step did not run; or the executor says itself that no run was started, or that it has to look again before it starts one. */
const WITHOUT_EFFECT = ['Lambda.TooManyRequestsException', 'IntentUnsettledError', 'RerunNotStartedError'];
const MOST_ATTEMPTS = 10;

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Retry', 'Catch', 'Next'],
  Choice: ['Choices', 'Default'],
  Wait: ['Seconds', 'SecondsPath', 'Next'],
  Pass: ['Parameters', 'Result', 'ResultPath', 'Next'],
  Succeed: [],
  Fail: ['Error', 'Cause'],
};
const COMMON_FIELDS = ['Type', 'Comment'];
const MACHINE_FIELDS = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'QueryLanguage', 'Version'];
const OPERATORS =
  /^(And|Or|Not|Variable|Next|Comment|IsPresent|IsNull|IsString|IsNumeric|IsBoolean|StringEquals|BooleanEquals|Numeric(Equals|LessThan|GreaterThan)(Equals)?)$/;

/** All findings, in the order of the rules; none for a sound machine. */
export function lintAsl(json: unknown): Finding[] {
  const parsed = DefinitionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return [{ rule: 'shape', state: '', message: `${issue?.path.join('.')}: ${issue?.message}` }];
  }
  const definition = parsed.data;
  const findings = [
    ...lintMachine(definition),
    ...Object.entries(definition.States).flatMap(([name, state]) => lintState(name, state)),
    ...lintPaths(definition, PATH_RULES),
  ];
  return findings.sort((a, b) => RULES.indexOf(a.rule) - RULES.indexOf(b.rule));
}

function lintMachine(definition: Definition): Finding[] {
  const findings: Finding[] = [];
  for (const field of Object.keys(definition)) {
    if (!MACHINE_FIELDS.includes(field)) findings.push({ rule: 'feature', state: '', message: `${field} is not known to every engine` });
  }
  if ((definition.QueryLanguage ?? 'JSONPath') !== 'JSONPath') {
    findings.push({ rule: 'feature', state: '', message: `QueryLanguage is ${definition.QueryLanguage}, only JSONPath runs everywhere` });
  }
  if (definition.TimeoutSeconds === undefined) {
    findings.push({ rule: 'task-timeout', state: '', message: 'the machine has no TimeoutSeconds; an execution would last a year' });
  }
  const terminals = Object.entries(definition.States).filter(([, state]) => ['Succeed', 'Fail'].includes(state.Type) || state.End);
  for (const [name, state] of terminals) {
    if (!TERMINALS.includes(name) || (name === FAILED) !== (state.Type === 'Fail') || state.End) {
      findings.push({ rule: 'terminals', state: name, message: `${name} (${state.Type}) is not one of the ends: ${TERMINALS.join(', ')}` });
    }
  }
  for (const name of TERMINALS) {
    if (!definition.States[name]) findings.push({ rule: 'terminals', state: name, message: `the end ${name} is missing` });
  }
  return [...findings, ...lintOutcomes(definition)];
}

/** An outcome leads to the end of the same name. */
function lintOutcomes(definition: Definition): Finding[] {
  return Object.entries(definition.States).flatMap(([name, state]) =>
    (state.Choices ?? []).flatMap((choice): Finding[] => {
      const { Variable, StringEquals } = choice;
      if (Variable !== '$.closure.outcome' || StringEquals === choice.Next) return [];
      return [{ rule: 'outcome-terminal', state: name, message: `outcome ${String(StringEquals)} leads to ${choice.Next}` }];
    }),
  );
}

function lintState(name: string, state: State): Finding[] {
  const findings = lintFeatures(name, state);
  if (state.Type === 'Task') findings.push(...lintTask(name, state));
  if (state.Type === 'Choice' && state.Default !== TO_A_PERSON && state.Default !== FAILED) {
    const seen = state.Default === undefined ? 'there is no Default' : `Default is ${state.Default}`;
    findings.push({ rule: 'choice-default', state: name, message: `${seen}, expected ${TO_A_PERSON} or ${FAILED}` });
  }
  return findings;
}

function lintFeatures(name: string, state: State): Finding[] {
  const feature = (message: string): Finding => ({ rule: 'feature', state: name, message });
  const known = FIELDS[state.Type];
  if (!known) return [feature(`${state.Type} states are not followed by the local engine and this lint`)];
  const findings = Object.keys(state)
    .filter((field) => !known.includes(field) && !COMMON_FIELDS.includes(field))
    .map((field) => feature(`${field} is not known to every engine`));
  for (const operator of operatorsOf(state.Choices ?? [])) {
    if (!OPERATORS.test(operator)) findings.push(feature(`comparison ${operator} is not known to every engine`));
  }
  // The local engine takes these otherwise than AWS does, silently.
  const text = JSON.stringify(state);
  if (text.includes('"IsPresent":false'))
    findings.push(feature('IsPresent: false is never true on the local engine; write Not around IsPresent: true'));
  if (state.ResultPath === '$')
    findings.push(feature('ResultPath "$" makes a field of that name on the local engine; leave it out, it is the default'));
  if (state.TimeoutSecondsPath !== undefined)
    findings.push(feature('TimeoutSecondsPath is read after Parameters on the local engine; name TimeoutSeconds'));
  const intrinsic = /"States\.\w+\(/.exec(text);
  if (intrinsic) findings.push(feature(`intrinsic function ${intrinsic[0].slice(1)}…) is not known to every engine`));
  const resource = state.Resource;
  if (resource !== undefined && !/^\$\{\w+Arn\}$/.test(resource) && resource !== 'arn:aws:states:::lambda:invoke.waitForTaskToken') {
    findings.push(feature(`Resource ${resource} is neither a step's Lambda nor the wait for a person`));
  }
  return findings;
}

function operatorsOf(choices: readonly Readonly<Record<string, unknown>>[]): string[] {
  return choices.flatMap((choice) =>
    Object.entries(choice).flatMap(([operator, operand]) => {
      const nested = ['And', 'Or'].includes(operator) ? operand : operator === 'Not' ? [operand] : [];
      return [operator, ...operatorsOf(nested as Readonly<Record<string, unknown>>[])];
    }),
  );
}

function lintTask(name: string, state: State): Finding[] {
  const findings: Finding[] = [];
  if (waitsForToken(state)) {
    if (state.TimeoutSeconds === undefined && state.TimeoutSecondsPath === undefined) {
      findings.push({ rule: 'token-timeout', state: name, message: 'waits for an answer without TimeoutSeconds or TimeoutSecondsPath' });
    }
  } else if (state.TimeoutSeconds === undefined) {
    findings.push({ rule: 'task-timeout', state: name, message: 'has no TimeoutSeconds' });
  }
  return [...findings, ...lintCatch(name, state), ...lintRetry(name, state)];
}

function lintCatch(name: string, state: State): Finding[] {
  const finding = (message: string): Finding => ({ rule: 'catch-all', state: name, message });
  const allowed = CATCH_TARGETS[name] ?? [TO_A_PERSON];
  const catchers = state.Catch ?? [];
  const findings = catchers
    .filter(({ Next, ErrorEquals }) => !allowed.includes(Next) && !isSilence(name, ErrorEquals, Next))
    .map(({ Next }) => finding(`an error leads to ${Next}, expected ${allowed.join(' or ')}`));
  const last = catchers.at(-1);
  if (last?.ErrorEquals.join() !== 'States.ALL') findings.push(finding('the last Catch is not of States.ALL'));
  for (const catcher of catchers) {
    if (catcher.ResultPath !== '$.error') findings.push(finding('a Catch does not keep the document: ResultPath has to be $.error'));
  }
  return findings;
}

function isSilence(state: string, errors: readonly string[], next: string): boolean {
  return state === SILENCE.state && next === SILENCE.next && errors.join() === SILENCE.error;
}

function lintRetry(name: string, state: State): Finding[] {
  return (state.Retry ?? []).flatMap((retrier): Finding[] => {
    const findings: Finding[] = [];
    const { MaxAttempts, MaxDelaySeconds, JitterStrategy, ErrorEquals } = retrier;
    if (MaxAttempts === undefined || MaxAttempts > MOST_ATTEMPTS || MaxDelaySeconds === undefined || JitterStrategy !== 'FULL') {
      findings.push({
        rule: 'retry-bounded',
        state: name,
        message: `a Retry needs MaxAttempts up to ${MOST_ATTEMPTS}, MaxDelaySeconds and JitterStrategy FULL`,
      });
    }
    const vague = ErrorEquals.filter((error) => ['States.ALL', 'States.TaskFailed', 'States.Timeout'].includes(error));
    if (vague.length > 0) findings.push({ rule: 'retry-idempotent', state: name, message: `retries ${vague.join()}: name the errors` });
    const risky = IDEMPOTENT.includes(name) ? [] : ErrorEquals.filter((error) => !WITHOUT_EFFECT.includes(error));
    if (risky.length > 0) {
      findings.push({ rule: 'retry-idempotent', state: name, message: `retries ${risky.join()} although it may have had its effect` });
    }
    return findings;
  });
}
