/** The events of Glue as EventBridge delivers them. */
import type { JobRun } from '../../functions/shared/ports.ts';

export const ACCOUNT_ID = '000000000000';
export const REGION = 'local-1';

export interface GlueEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Glue Job State Change';
  readonly source: 'aws.glue';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly jobName: string;
    readonly severity: 'INFO' | 'ERROR' | 'WARN';
    readonly state: 'SUCCEEDED' | 'FAILED' | 'TIMEOUT' | 'STOPPED';
    readonly jobRunId: string;
    readonly message: string;
  };
}

const MESSAGES = {
  SUCCEEDED: 'Job run succeeded',
  TIMEOUT: 'Job run timed out',
  STOPPED: 'Job run stopped',
  FAILED: 'Job run failed',
} as const;

/** Null for states that Glue announces by another event, or by none. EventBridge gives times in whole seconds. */
export function stateChange(run: JobRun, id: string, now: Date): GlueEvent | null {
  const { state } = run;
  if (state !== 'SUCCEEDED' && state !== 'FAILED' && state !== 'TIMEOUT' && state !== 'STOPPED') return null;
  return {
    version: '0',
    id,
    'detail-type': 'Glue Job State Change',
    source: 'aws.glue',
    account: ACCOUNT_ID,
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [],
    detail: {
      jobName: run.jobName,
      severity: state === 'SUCCEEDED' || state === 'STOPPED' ? 'INFO' : state === 'TIMEOUT' ? 'WARN' : 'ERROR',
      state,
      jobRunId: run.id,
      message: run.errorMessage ?? MESSAGES[state],
    },
  };
}
