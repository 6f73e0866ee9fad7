/** A job's registration as a decision weighs and records it: whatever a team has written into its one free text, no secret is kept. */
import type { JobRegistration } from './job-registration.ts';
import type { ItemReader } from './ports.ts';
import { redact } from './redact.ts';
import { registrationOf } from './stores/registrations.ts';

/** Null for unregistered and unreadable alike: neither gives authority. */
export async function weighRegistration(table: ItemReader, jobName: string): Promise<JobRegistration | null> {
  const registration = await registrationOf(table, jobName);
  return (
    registration && {
      ...registration,
      changeFreezes: registration.changeFreezes.map((freeze) => ({ ...freeze, reason: redact(freeze.reason) })),
    }
  );
}
