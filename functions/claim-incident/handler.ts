/** ClaimIncident: reads the event that set the machine going; adds `incident`. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { Step } from '../shared/define-step.ts';
import { IncidentSectionSchema } from '../shared/incident.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { claimIncident } from './claim-incident.ts';

const InputSchema = z.object({ event: z.unknown(), executionId: z.string().min(1) });

/** The one step that is always run again: the claim itself says who may go on. Each execution writes one entry of its own. */
export const claimIncidentStep: Step = (portsOf) => async (input) => {
  const ports = portsOf();
  const { event, executionId } = InputSchema.parse(input);
  const section = IncidentSectionSchema.parse(await claimIncident(event, executionId, ports));
  await new AuditTrail(ports).append(section.id, `ClaimIncident#${canonicalHash(executionId).slice(0, 12)}`, section);
  return section;
};

export const handler = claimIncidentStep(awsPorts);
