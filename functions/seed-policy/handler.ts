/** SeedPolicy: run once by each deployment; puts the shipped warm start into the tables. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Ports } from '../shared/ports.ts';
import { type SeededPolicy, seedWarmStart } from './seed-warm-start.ts';

export const seedPolicy = (portsOf: () => Pick<Ports, 'qTable' | 'operations' | 'clock'>) => (): Promise<SeededPolicy> =>
  seedWarmStart(portsOf());

export const handler = seedPolicy(() => awsPorts());
