/** A lineage is a job with the caller's arguments: runs of one lineage do the same work. */
import { canonicalHash } from './canonical-hash.ts';

/** Carried by every run that Glue Medic starts: Glue has no idempotency token, so a started run is found again by it. */
export const REMEDIATION_ID = '--glue-medic-remediation-id';
const OWN_PREFIX = '--glue-medic-';

/** 16 hex digits; our own arguments do not count. */
export function lineageOf(jobName: string, callerArguments: Readonly<Record<string, string>>): string {
  const own = Object.entries(callerArguments).filter(([name]) => !name.startsWith(OWN_PREFIX));
  return canonicalHash([jobName, Object.fromEntries(own)]).slice(0, 16);
}
