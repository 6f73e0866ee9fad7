/** Can it be done here? Every check is asked, so that the answer names all that is missing. */
import { isAccessDenied } from '../shared/aws-errors.ts';
import type { CapabilitySection } from '../shared/incident.ts';
import { CAPABILITIES } from './capabilities/index.ts';
import { type Capability, type CapabilityFacts, type ReadingPorts, unavailable } from './capability.ts';

export async function checkCapability(
  facts: CapabilityFacts,
  ports: ReadingPorts,
  capabilities: Readonly<Record<string, Capability>> = CAPABILITIES,
): Promise<CapabilitySection> {
  const checks = await Promise.all(
    Object.entries(capabilities).map(async ([capability, ask]) => ({ capability, ...(await answerOf(ask, facts, ports)) })),
  );
  const missing = checks.filter((check) => check.verdict === 'unavailable');
  return {
    verdict: missing.length === 0 ? 'available' : 'unavailable',
    reason: (missing.length === 0
      ? 'the environment allows it'
      : missing.map((check) => `${check.capability}: ${check.reason}`).join('; ')
    ).slice(0, 1000),
    checks,
    suggestedPatch: facts.plan.action === 'COERCE_SCHEMA' ? facts.plan.suggestedPatch : null,
    delaySeconds: facts.plan.delaySeconds,
  };
}

/** Not being allowed to look is an answer; any other error is the machine's own and is retried. */
async function answerOf(ask: Capability, facts: CapabilityFacts, ports: ReadingPorts) {
  try {
    return await ask(facts, ports);
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    return unavailable(`access denied while looking: ${(error as Error).message}`, 'grant the capability check read access');
  }
}
