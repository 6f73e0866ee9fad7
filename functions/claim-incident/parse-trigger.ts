/** What set the machine going: an event of Glue or of Glue Data Quality, the reconciler, or a lineage's failed rerun. */
import * as z from 'zod';
import { quoteForMessage } from '../shared/errors.ts';
import type { DataQualityResult } from '../shared/stores/data-quality-results.ts';

/** Detail types of our own events; source `glue-medic`. */
export const HANDED_OVER = 'Glue Medic Run Handed Over';
export const RECONCILED = 'Glue Medic Run Reconciled';
const DATA_QUALITY_RESULT = 'Data Quality Evaluation Results Available';

const FAILED_STATES = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];
const KNOWN_STATES = [...FAILED_STATES, 'SUCCEEDED', 'STOPPED', 'STARTING', 'RUNNING', 'STOPPING', 'WAITING'];
/** An event from further in the future, or older, is not believed. */
const CLOCK_SKEW_MS = 5 * 60_000;
const MAX_AGE_MS = 30 * 86_400_000;

// Unknown extra fields are let through: AWS adds some now and then.
const EnvelopeSchema = z.looseObject({
  source: z.string(),
  'detail-type': z.string(),
  account: z.string().optional(),
  region: z.string().optional(),
  time: z.string().optional(),
  detail: z.looseObject({}),
});

export type Trigger =
  | {
      readonly kind: 'run';
      readonly source: 'event' | 'reconciler' | 'lineage' | 'data-quality';
      readonly jobName: string;
      readonly runId: string;
      /** As announced; the run itself is asked. */
      readonly state: string;
      /** Handed down where a rerun of the lineage failed. */
      readonly lineage: { readonly id: string; readonly retryCount: number; readonly previousIncidentId: string } | null;
      /** What the team's own ruleset found, where that is what announced the run. */
      readonly dataQuality: DataQualityResult | null;
    }
  /** Recorded and left alone. */
  | { readonly kind: 'ignored'; readonly code: string; readonly reason: string };

/** Total: whatever arrives is a trigger or a named reason to leave it alone. Never throws. */
export function parseTrigger(event: unknown, context: { accountId: string; region: string; now: Date }): Trigger {
  const envelope = EnvelopeSchema.safeParse(event);
  if (!envelope.success) return ignored('E_EVENT_SHAPE', `expected object with source, detail-type and detail, got ${kindOf(event)}`);
  const { source, detail, account, region, time } = envelope.data;
  const detailType = envelope.data['detail-type'];
  if (account !== undefined && account !== context.accountId) {
    return ignored('E_EVENT_ACCOUNT', `${quoteForMessage(account, 20)} is not this account`);
  }
  if (region !== undefined && region !== context.region) {
    return ignored('E_EVENT_ACCOUNT', `${quoteForMessage(region, 20)} is not this region, ${context.region}`);
  }
  const timeProblem = time === undefined ? null : problemOfTime(time, context.now);
  if (timeProblem) return ignored('E_EVENT_TIME', timeProblem);
  if (source === 'aws.glue' && detailType === 'Glue Job State Change') return parseRun('event', detail);
  if (source === 'glue-medic' && detailType === RECONCILED) return parseRun('reconciler', detail);
  if (source === 'glue-medic' && detailType === HANDED_OVER) return parseHandedOver(detail);
  if (source === 'aws.glue-dataquality') return parseDataQuality(detail);
  return ignored('E_EVENT_SOURCE', `${quoteForMessage(`${source} / ${detailType}`)} ignored; expected aws.glue / Glue Job State Change`);
}

/** The inverse of parseTrigger: the least event that means the same. Events of AWS may carry anything, and are not kept whole. */
export function eventOf(trigger: Extract<Trigger, { kind: 'run' }>, accountId: string): Record<string, unknown> {
  const { jobName, runId, state, source, lineage, dataQuality } = trigger;
  const run = { jobName, jobRunId: runId, state };
  const account = accountId;
  if (source === 'event') return { source: 'aws.glue', 'detail-type': 'Glue Job State Change', account, detail: run };
  if (source === 'reconciler') return { source: 'glue-medic', 'detail-type': RECONCILED, account, detail: run };
  if (source === 'lineage') {
    const { id, retryCount, previousIncidentId } = lineage ?? { id: '', retryCount: 0, previousIncidentId: '' };
    const detail = { ...run, lineage: id, retryCount, previousIncidentId };
    return { source: 'glue-medic', 'detail-type': HANDED_OVER, account, detail };
  }
  const context = { contextType: 'GLUE_JOB', jobName, jobId: runId };
  return { source: 'aws.glue-dataquality', 'detail-type': DATA_QUALITY_RESULT, account, detail: { ...dataQuality, state, context } };
}

function parseRun(source: 'event' | 'reconciler', detail: Record<string, unknown>): Trigger {
  const { jobName, jobRunId, state } = detail;
  const problem = problemOfNames(jobName, jobRunId);
  if (problem) return problem;
  if (typeof state !== 'string' || !KNOWN_STATES.includes(state))
    return ignored('W_STATE_UNKNOWN', `${quoteForMessage(state, 40)} recorded, no action`);
  if (!FAILED_STATES.includes(state)) return ignored('W_STATE_NOT_FAILED', `${state} is no failure, no action`);
  return { kind: 'run', source, jobName: jobName as string, runId: jobRunId as string, state, lineage: null, dataQuality: null };
}

const LineageSchema = z.object({
  lineage: z.string().min(1),
  retryCount: z.number().int().positive(),
  previousIncidentId: z.string().min(1),
});

function parseHandedOver(detail: Record<string, unknown>): Trigger {
  const problem = problemOfNames(detail['jobName'], detail['jobRunId']);
  if (problem) return problem;
  const lineage = LineageSchema.safeParse(detail);
  if (!lineage.success) return ignored('E_EVENT_SHAPE', 'a handed-over run needs lineage, retryCount and previousIncidentId');
  const { lineage: id, retryCount, previousIncidentId } = lineage.data;
  return {
    kind: 'run',
    source: 'lineage',
    jobName: detail['jobName'] as string,
    runId: detail['jobRunId'] as string,
    state: 'FAILED',
    lineage: { id, retryCount, previousIncidentId },
    dataQuality: null,
  };
}

function parseDataQuality(detail: Record<string, unknown>): Trigger {
  const context = z
    .looseObject({ contextType: z.string(), jobId: z.string().optional(), jobName: z.string().optional() })
    .safeParse(detail['context']);
  if (detail['state'] !== 'FAILED') return ignored('W_STATE_NOT_FAILED', 'the data quality evaluation did not fail');
  if (!context.success || context.data.contextType !== 'GLUE_JOB')
    return ignored('W_DQ_CATALOG', 'a data quality evaluation of the catalog is logged only');
  const problem = problemOfNames(context.data.jobName, context.data.jobId);
  if (problem) return problem;
  const { resultID, resultId = resultID, score, rulesFailed } = detail;
  return {
    kind: 'run',
    source: 'data-quality',
    jobName: context.data.jobName as string,
    runId: context.data.jobId as string,
    state: 'FAILED',
    lineage: null,
    dataQuality: {
      resultId: typeof resultId === 'string' && resultId !== '' ? resultId.slice(0, 255).toWellFormed() : 'unnamed',
      state: 'FAILED',
      score: typeof score === 'number' && Number.isFinite(score) ? score : null,
      rulesFailed: typeof rulesFailed === 'number' && Number.isSafeInteger(rulesFailed) && rulesFailed >= 0 ? rulesFailed : 0,
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

function problemOfNames(jobName: unknown, runId: unknown): Trigger | null {
  if (typeof jobName !== 'string') return ignored('E_JOB_NAME', `${kindOf(jobName)}, need a text of 1-255 characters`);
  if (jobName.length < 1 || jobName.length > 255) return ignored('E_JOB_NAME', `length ${jobName.length}, need 1-255`);
  if (!jobName.isWellFormed()) return ignored('E_JOB_NAME', `half a character in ${quoteForMessage(jobName.toWellFormed(), 40)}`);
  if (CONTROL.test(jobName)) return ignored('E_JOB_NAME', `control character in ${quoteForMessage(jobName, 40)}`);
  if (runId === undefined || runId === null) return ignored('E_RUN_ID', 'missing in detail');
  if (typeof runId !== 'string' || runId.length < 1 || runId.length > 255)
    return ignored('E_RUN_ID', `${kindOf(runId)}, need a text of 1-255 characters`);
  if (!runId.isWellFormed()) return ignored('E_RUN_ID', `half a character in ${quoteForMessage(runId.toWellFormed(), 40)}`);
  return null;
}

function problemOfTime(time: string, now: Date): string | null {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return `${quoteForMessage(time, 40)} is no time`;
  if (at > now.getTime() + CLOCK_SKEW_MS) return `${time} is in the future`;
  if (at < now.getTime() - MAX_AGE_MS) return `${time} is more than 30 days old`;
  return null;
}

function ignored(code: string, reason: string): Trigger {
  return { kind: 'ignored', code, reason: `${code}: ${reason}` };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'array' : typeof value;
}
