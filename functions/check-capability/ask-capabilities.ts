/** Can it be done here? Every check is asked, so that the answers name all that is missing. */
import { isAccessDenied } from '../shared/aws-errors.ts';
import type { CapabilitySection } from '../shared/incident.ts';
import { CAPABILITIES } from './capabilities/index.ts';
import { type Capability, type CapabilityFacts, type ReadingPorts, unavailable } from './capability.ts';

export async function askCapabilities(
  facts: CapabilityFacts,
  ports: ReadingPorts,
  capabilities: Readonly<Record<string, Capability>> = CAPABILITIES,
): Promise<CapabilitySection['checks']> {
  return Promise.all(
    Object.entries(capabilities).map(async ([capability, ask]) => ({ capability, ...(await answerOf(ask, facts, ports)) })),
  );
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
