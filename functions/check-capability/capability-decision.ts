/** CheckCapability as a decision: the environment's answers, and what follows from them. */
import * as z from 'zod';
import type { Plan } from '../shared/actions.ts';
import type { Decision } from '../shared/define-decision.ts';
import { type CapabilitySection, CapabilitySectionSchema } from '../shared/incident.ts';

const CapabilityWeighedSchema = z.strictObject({ answers: CapabilitySectionSchema.shape.checks });
type CapabilityWeighed = z.infer<typeof CapabilityWeighedSchema>;

/** Pure. One answer that it is unavailable is enough, and all of them are named. */
export function decideCapability(plan: Plan, answers: CapabilitySection['checks']): CapabilitySection {
  const missing = answers.filter((check) => check.verdict === 'unavailable');
  return {
    verdict: missing.length === 0 ? 'available' : 'unavailable',
    reason: (missing.length === 0
      ? 'the environment allows it'
      : missing.map((check) => `${check.capability}: ${check.reason}`).join('; ')
    ).slice(0, 1000),
    checks: answers,
    suggestedPatch: plan.action === 'COERCE_SCHEMA' ? plan.suggestedPatch : null,
    delaySeconds: plan.delaySeconds,
  };
}

export const capabilityDecision: Decision<'evidence' | 'safety', CapabilityWeighed, CapabilitySection> = {
  name: 'CheckCapability',
  reads: ['evidence', 'safety'],
  section: CapabilitySectionSchema,
  pass: (document) => (document.approval ? 2 : 1),
  weighed: CapabilityWeighedSchema,
  rules: {},
  decide: ({ safety }, { answers }) => decideCapability(safety.plan, answers),
};
