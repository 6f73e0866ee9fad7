/** All guardrails by id, which is the file's name, in the order in which they are shown. */
import type { Guardrail } from '../guardrail.ts';
import { blastRadiusBytes } from './blast-radius-bytes.ts';
import { blastRadiusObjects } from './blast-radius-objects.ts';
import { blastRadiusShare } from './blast-radius-share.ts';
import { blastRadiusTables } from './blast-radius-tables.ts';
import { changeFreeze } from './change-freeze.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { confidenceFloor } from './confidence-floor.ts';
import { cooldown } from './cooldown.ts';
import { criticalAnomaly } from './critical-anomaly.ts';
import { dataQualityRuleset } from './data-quality-ruleset.ts';
import { dpuHours } from './dpu-hours.ts';
import { emptyTarget } from './empty-target.ts';
import { executionMode } from './execution-mode.ts';
import { fleetBudget } from './fleet-budget.ts';
import { frozenJob } from './frozen-job.ts';
import { highRisk } from './high-risk.ts';
import { jobBudget } from './job-budget.ts';
import { killSwitch } from './kill-switch.ts';
import { normality } from './normality.ts';
import { protectedJob } from './protected-job.ts';
import { rerunSafety } from './rerun-safety.ts';
import { retryBudget } from './retry-budget.ts';
import { unknownFailure } from './unknown-failure.ts';

export const GUARDRAILS: Readonly<Record<string, Guardrail>> = {
  'kill-switch': killSwitch,
  'frozen-job': frozenJob,
  'critical-anomaly': criticalAnomaly,
  'high-risk': highRisk,
  'unknown-failure': unknownFailure,
  'confidence-floor': confidenceFloor,
  normality,
  'empty-target': emptyTarget,
  'blast-radius-objects': blastRadiusObjects,
  'blast-radius-bytes': blastRadiusBytes,
  'blast-radius-share': blastRadiusShare,
  'blast-radius-tables': blastRadiusTables,
  'dpu-hours': dpuHours,
  'retry-budget': retryBudget,
  'job-budget': jobBudget,
  'fleet-budget': fleetBudget,
  cooldown,
  'circuit-breaker': circuitBreaker,
  'change-freeze': changeFreeze,
  'protected-job': protectedJob,
  'rerun-safety': rerunSafety,
  'data-quality-ruleset': dataQualityRuleset,
  'execution-mode': executionMode,
};
