/** Registered jobs, one item each. What cannot be read gives no authority. */
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { type JobRegistration, JobRegistrationSchema } from '../job-registration.ts';
import type { ItemReader, ItemTable } from '../ports.ts';
import { modify } from './compare-and-set.ts';

const PARTITION = 'JOBS';

export type RegistrationReading =
  | { readonly status: 'registered'; readonly registration: JobRegistration }
  | { readonly status: 'unregistered' }
  /** Stored, but not as a registration: acts as shadow, and says so. */
  | { readonly status: 'unreadable'; readonly reason: string };

export async function readRegistration(table: ItemReader, jobName: string): Promise<RegistrationReading> {
  const stored = await table.get({ pk: PARTITION, sk: jobName });
  if (!stored) return { status: 'unregistered' };
  const parsed = JobRegistrationSchema.safeParse(stored.attributes);
  if (parsed.success) return { status: 'registered', registration: parsed.data };
  const issue = parsed.error.issues[0];
  return { status: 'unreadable', reason: `E_CONFIG: ${issue?.path.join('.')}: ${issue?.message}` };
}

/** Null for unregistered and unreadable alike: neither gives authority. */
export async function registrationOf(table: ItemReader, jobName: string): Promise<JobRegistration | null> {
  const reading = await readRegistration(table, jobName);
  return reading.status === 'registered' ? reading.registration : null;
}

export async function listRegistrations(table: ItemReader): Promise<JobRegistration[]> {
  const registrations: JobRegistration[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(PARTITION, after === undefined ? {} : { after });
    for (const item of page.items) {
      const parsed = JobRegistrationSchema.safeParse(item.attributes);
      if (parsed.success) registrations.push(parsed.data);
    }
    after = page.next;
  } while (after !== undefined);
  return registrations;
}

/**
 * Registers a job, or changes its registration; the first registration's time is kept. One that cannot be read is replaced.
 * Error: E_CONFIG with the field.
 */
export async function register(table: ItemTable, input: unknown): Promise<JobRegistration> {
  const parsed = JobRegistrationSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError('E_CONFIG', `${issue?.path.join('.') || 'registration'}: ${issue?.message}`);
  }
  const { jobName } = parsed.data;
  const known = await registrationOf(table, jobName);
  const registration = { ...parsed.data, registeredAt: known?.registeredAt ?? parsed.data.registeredAt };
  await modify<Record<string, unknown>>(table, { pk: PARTITION, sk: jobName }, z.looseObject({}), () => registration);
  return registration;
}
