/** Pure: the guardrails' rulings on one plan, and what they come to. */
import type { Ruling } from '../shared/incident.ts';
import type { Guardrail, GuardrailFacts } from './guardrail.ts';
import { GUARDRAILS } from './guardrails/index.ts';

/** The set's version: raised by hand with every change of a guardrail's meaning; it is kept with each decision. */
export const GUARDRAIL_VERSION = 'guardrails-2';

export type Judgement = { readonly verdict: 'allow' | 'needs-approval' | 'deny'; readonly rulings: Ruling[] };

export function judgePlan(facts: GuardrailFacts, guardrails: Readonly<Record<string, Guardrail>> = GUARDRAILS): Judgement {
  const rulings = Object.entries(guardrails).map(([guardrail, ask]) => ({ guardrail, ...ask(facts) }));
  return { verdict: strictest(rulings), rulings };
}

/** One deny denies; one needs-approval asks; only then is it allowed. No guardrail at all is a deny. */
export function strictest(rulings: readonly Pick<Ruling, 'verdict'>[]): Judgement['verdict'] {
  if (rulings.length === 0 || rulings.some((ruling) => ruling.verdict === 'deny')) return 'deny';
  return rulings.some((ruling) => ruling.verdict === 'needs-approval') ? 'needs-approval' : 'allow';
}
