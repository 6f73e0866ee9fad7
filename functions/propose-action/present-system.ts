/** What a proof has to be of before a policy may be made active: the guardrails, the state machine and the release that are here now. */

import definition from '../../statemachine/glue-medic.asl.json' with { type: 'json' };
import { rulesHash } from '../check-safety/rules-hash.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import { RELEASE } from '../shared/release.ts';

export interface ProvenSystem {
  readonly rulesHash: string;
  readonly definitionHash: string;
  readonly release: string;
}

/** The guardrails are asked, not their note believed: this is rare enough. */
export function presentSystem(): ProvenSystem {
  return { rulesHash: rulesHash(), definitionHash: canonicalHash(definition), release: RELEASE };
}
