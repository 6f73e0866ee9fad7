/** The Lambdas by name. One word for one thing: state = construct = substitution `${<Name>Arn}` = folder in kebab-case. */

/** The Tasks of the state machine. */
export const MACHINE_STEPS = [
  'ClaimIncident',
  'GatherEvidence',
  'DetectAnomalies',
  'ProposeAction',
  'CheckSafety',
  'CheckCapability',
  'ExecuteAction',
  'ValidateOutcome',
  'UndoAction',
  'UpdatePolicy',
  'EscalateIncident',
  'AwaitDecision',
  'CloseIncident',
] as const;
export type MachineStep = (typeof MACHINE_STEPS)[number];

/** Beside the machine: they are called by events, by a schedule, by a person, by the deployment. */
export const SIDE_STEPS = ['RecordGoodRun', 'RecordAbort', 'ReconcileRuns', 'DecideApproval', 'SeedPolicy'] as const;
export type SideStep = (typeof SIDE_STEPS)[number];

export type StepName = MachineStep | SideStep;

/** `DetectAnomalies` → `detect-anomalies`. */
export function folderOf(step: string): string {
  return step.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
}

interface Sizing {
  readonly timeoutSeconds: number;
  /** MB. */
  readonly memorySize: number;
}

const QUICK: Sizing = { timeoutSeconds: 50, memorySize: 512 };
/** Samples of data are parsed and profiled; on Lambda processor time comes with memory. */
const PROFILING: Sizing = { timeoutSeconds: 170, memorySize: 1769 };
const MUTATING: Sizing = { timeoutSeconds: 290, memorySize: 512 };

/** Each ends before its state's TimeoutSeconds, so that the state sees the Lambda's own error. */
export const SIZING: Readonly<Record<StepName, Sizing>> = {
  ClaimIncident: QUICK,
  GatherEvidence: PROFILING,
  DetectAnomalies: PROFILING,
  ProposeAction: QUICK,
  CheckSafety: QUICK,
  CheckCapability: QUICK,
  ExecuteAction: MUTATING,
  ValidateOutcome: PROFILING,
  UndoAction: MUTATING,
  UpdatePolicy: QUICK,
  EscalateIncident: QUICK,
  AwaitDecision: QUICK,
  CloseIncident: QUICK,
  RecordGoodRun: PROFILING,
  RecordAbort: { ...QUICK, timeoutSeconds: 170 },
  ReconcileRuns: { ...QUICK, timeoutSeconds: 170 },
  DecideApproval: QUICK,
  SeedPolicy: { ...QUICK, timeoutSeconds: 170 },
};
