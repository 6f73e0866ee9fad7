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
type StoredReading = Exclude<RegistrationReading, { status: 'unregistered' }>;

export async function readRegistration(table: ItemReader, jobName: string): Promise<RegistrationReading> {
  const stored = await table.get({ pk: PARTITION, sk: jobName });
  if (!stored) return { status: 'unregistered' };
  return readingOf(stored.attributes);
}

function readingOf(attributes: unknown): StoredReading {
  const parsed = JobRegistrationSchema.safeParse(attributes);
  if (parsed.success) return { status: 'registered', registration: parsed.data };
  return { status: 'unreadable', reason: `${problemOf(parsed.error)}; in shadow until it is registered again` };
}

/** A mode that is none comes first: it is what decides. */
function problemOf({ issues }: z.ZodError): string {
  const ofMode = issues.find(({ path }) => path[0] === 'modes');
  const issue = ofMode ?? issues[0];
  return `${ofMode ? 'E_MODE' : 'E_CONFIG'}: ${issue?.path.join('.') || 'registration'}: ${issue?.message}`;
}

/** Null for unregistered and unreadable alike: neither gives authority. */
export async function registrationOf(table: ItemReader, jobName: string): Promise<JobRegistration | null> {
  const reading = await readRegistration(table, jobName);
  return reading.status === 'registered' ? reading.registration : null;
}

export async function listRegistrations(table: ItemReader): Promise<JobRegistration[]> {
  return (await listReadings(table)).flatMap((reading) => (reading.status === 'registered' ? [reading.registration] : []));
}

/** Also those that cannot be read, with the reason. */
export async function listReadings(table: ItemReader): Promise<({ readonly jobName: string } & StoredReading)[]> {
  const readings: ({ jobName: string } & StoredReading)[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(PARTITION, after === undefined ? {} : { after });
    for (const { sk: jobName, attributes } of page.items) readings.push({ jobName, ...readingOf(attributes) });
    after = page.next;
  } while (after !== undefined);
  return readings;
}

/**
 * Registers a job, or changes its registration; the first registration's time is kept, and who changes it now is noted. One that cannot be
 * read is replaced. Error: E_CONFIG with the field.
 */
export async function register(
  table: ItemTable,
  input: unknown,
  author: { readonly by: string; readonly at: Date } | null = null,
): Promise<JobRegistration> {
  const given = parseRegistration(input);
  const { jobName } = given;
  const known = await registrationOf(table, jobName);
  const changed = { changedBy: author?.by ?? null, changedAt: author?.at.toISOString() ?? null };
  const registration = { ...given, registeredAt: known?.registeredAt ?? given.registeredAt, ...changed };
  await modify<Record<string, unknown>>(table, { pk: PARTITION, sk: jobName }, z.looseObject({}), () => registration);
  return registration;
}

/** Error: E_CONFIG with the field. */
export function parseRegistration(input: unknown): JobRegistration {
  const parsed = JobRegistrationSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError('E_CONFIG', `${issue?.path.join('.') || 'registration'}: ${issue?.message}`);
}
