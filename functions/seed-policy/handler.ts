/** SeedPolicy: run once by each deployment; puts the shipped warm start into the tables and sets the kill switch where it never was. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { customResource } from '../shared/aws/custom-resource.ts';
import type { Ports } from '../shared/ports.ts';
import { initialiseKillSwitch } from '../shared/stores/settings.ts';
import { type SeededPolicy, seedWarmStart } from './seed-warm-start.ts';

export const seedPolicy = (portsOf: () => Pick<Ports, 'qTable' | 'operations' | 'clock'>) => async (): Promise<SeededPolicy> => {
  const ports = portsOf();
  await initialiseKillSwitch(ports.operations, ports.clock());
  return seedWarmStart(ports);
};

export const handler = customResource(() => seedPolicy(awsPorts)());
