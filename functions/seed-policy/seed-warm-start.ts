/** Puts the shipped warm start into the tables, and makes it active where no policy is. */
import { PolicyStore } from '../propose-action/policy-store.ts';
import { shippedWarmStart } from '../propose-action/warm-start.ts';
import type { Ports } from '../shared/ports.ts';

export interface SeededPolicy {
  readonly version: string;
  readonly hash: string;
  /** False where it was there already. */
  readonly created: boolean;
  /** False where a policy was active already: what people promoted stays, upgrades included. */
  readonly activated: boolean;
}

/** Run again, it changes nothing. */
export async function seedWarmStart(ports: Pick<Ports, 'qTable' | 'operations' | 'clock'>): Promise<SeededPolicy> {
  const store = new PolicyStore(ports);
  const { version, trainedWith, table } = shippedWarmStart();
  const note = `learned in simulation, not in the world: ${trainedWith.command}`;
  const { hash, created } = await store.freeze(version, 'warm-start', note, table);
  const activated = (await store.activate(version, null, 'installation', ports.clock())) === 'activated';
  return { version, hash, created, activated };
}
