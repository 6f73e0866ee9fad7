/** What the running process tells over many incidents. Reads only. */
import { Hono } from 'hono';
import { ASSUMPTIONS, capabilityReport } from '../evaluation/report/capability-report.ts';
import { InputError, quoteForMessage } from '../functions/shared/errors.ts';
import type { Ports } from '../functions/shared/ports.ts';
import { type AuditEntry, AuditTrail } from '../functions/shared/stores/audit-trail.ts';
import { listAuthorityChanges } from '../functions/shared/stores/authority-changes.ts';
import { IncidentStore } from '../functions/shared/stores/incidents.ts';

const MOST_DAYS = 366;
const MOST_MONTHS = 36;
const MOST_MINUTES = 10_080;
/** Trails that are read at the same time. */
const AT_ONCE = 16;

export function reportRoutes(ports: Ports): Hono {
  const app = new Hono();
  app.get('/reports/capability', async (context) => {
    const days = within('days', context.req.query('days'), 90, MOST_DAYS);
    const handedOverMinutes = within('minutes', context.req.query('minutes'), ASSUMPTIONS.handedOverMinutes, MOST_MINUTES);
    return context.json(capabilityReport(await closedTrails(days, ports), { ...ASSUMPTIONS, handedOverMinutes }));
  });
  app.get('/reports/authority', async (context) =>
    context.json(await listAuthorityChanges(ports, within('months', context.req.query('months'), 1, MOST_MONTHS))),
  );
  return app;
}

async function closedTrails(days: number, ports: Ports): Promise<AuditEntry[][]> {
  const closed = (await new IncidentStore(ports).list(days)).filter(({ status }) => status === 'closed');
  const trail = new AuditTrail(ports);
  const trails: AuditEntry[][] = [];
  for (let from = 0; from < closed.length; from += AT_ONCE) {
    trails.push(...(await Promise.all(closed.slice(from, from + AT_ONCE).map(({ incidentId }) => trail.entries(incidentId)))));
  }
  return trails;
}

function within(name: string, given: string | undefined, otherwise: number, most: number): number {
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InputError('E_RANGE', `${name} is ${quoteForMessage(given)}, expected 1 to ${most}`);
}
