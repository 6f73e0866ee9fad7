/** The guardrail sets that can still be asked, by version: the one that rules, and earlier ones that a decision may be replayed with. */
import type { Guardrail } from './guardrail.ts';
import { GUARDRAILS } from './guardrails/index.ts';
import { GUARDRAIL_VERSION } from './judge-plan.ts';

export interface GuardrailSet {
  readonly version: string;
  /** What `rulesHash` says of the set: noted here, since computing it takes longer than a decision; a test holds it. */
  readonly rulesHash: string;
  readonly guardrails: Readonly<Record<string, Guardrail>>;
}

/** A set that rules otherwise is another version: raise GUARDRAIL_VERSION, and note the new set's hash. */
export const CURRENT_GUARDRAILS: GuardrailSet = {
  version: GUARDRAIL_VERSION,
  rulesHash: '751f7d5012bccba9894e26c8b69a1d9ab1c9485396590ad44d3d788cfeae59ec',
  guardrails: GUARDRAILS,
};

const { 'frozen-job': _addedIn2, ...GUARDRAILS_1 } = GUARDRAILS;

/** An earlier set's hash is the one that was noted while it ruled. */
export const GUARDRAIL_SETS: Readonly<Record<string, GuardrailSet>> = {
  'guardrails-1': {
    version: 'guardrails-1',
    rulesHash: '53d065092fb910668c7ee8a163b56fb66a2d99bfaf2ee5bc215a37cbad472943',
    guardrails: GUARDRAILS_1,
  },
  [CURRENT_GUARDRAILS.version]: CURRENT_GUARDRAILS,
};
