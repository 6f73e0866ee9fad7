/** What the running process answers on loopback, to whoever has the token of its data directory: the command line. */
import { timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { replayIncident } from '../evaluation/replay/replay-incident.ts';
import { decideApprovalStep } from '../functions/decide-approval/handler.ts';
import { EnvironmentError, InputError, MedicError, quoteForMessage } from '../functions/shared/errors.ts';
import { documentOf, reportOf } from '../functions/shared/incident-report.ts';
import type { Ports } from '../functions/shared/ports.ts';
import { ApprovalStore } from '../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../functions/shared/stores/audit-trail.ts';
import { IncidentStore } from '../functions/shared/stores/incidents.ts';
import { authorityRoutes } from './authority-routes.ts';
import { reportRoutes } from './report-routes.ts';

const LISTED_DAYS = 90;
const BODY_LIMIT_BYTES = 64 * 1024;

export interface ControlServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Error: E_PORT where the port is taken. */
export async function startControlServer(ports: Ports, token: string, port: number): Promise<ControlServer> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch: routes(ports, token).fetch, hostname: '127.0.0.1', port }, () => resolve(started));
    started.on('error', (error) => reject(portError(port, error)));
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** To be asked before anything is begun. Error: E_PORT where the port is taken. */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => reject(portError(port, error)));
    probe.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
}

function portError(port: number, error: NodeJS.ErrnoException): EnvironmentError {
  const seen = error.code === 'EADDRINUSE' ? `port ${port} is taken` : `port ${port} cannot be used (${error.code})`;
  return new EnvironmentError('E_PORT', `${seen}; name another one with --port, or 0 for any`, { cause: error });
}

const ReplayRequestSchema = z.strictObject({
  policy: z.string().max(100).optional(),
  guardrails: z.string().max(100).optional(),
  limits: z.record(z.string(), z.unknown()).optional(),
});

function routes(ports: Ports, token: string): Hono {
  const app = new Hono();
  const trail = new AuditTrail(ports);
  app.use(async (context, next) => {
    // A page in a browser can reach loopback too: it has neither the token nor a way to send this header unasked.
    if (!isToken(context.req.header('authorization') ?? '', `Bearer ${token}`))
      return context.json({ code: 'E_TOKEN', message: 'E_TOKEN: the token of the data directory is needed' }, 401);
    return next();
  });
  app.use(
    bodyLimit({
      maxSize: BODY_LIMIT_BYTES,
      onError: (context) => context.json({ code: 'E_BODY', message: `E_BODY: more than ${BODY_LIMIT_BYTES} bytes` }, 413),
    }),
  );
  app.use(async (context, next) => {
    const type = context.req.header('content-type') ?? '';
    if (context.req.method === 'POST' && !/^application\/json(;|$)/.test(type))
      return context.json({ code: 'E_CONTENT_TYPE', message: `E_CONTENT_TYPE: ${quoteForMessage(type)}, expected application/json` }, 415);
    return next();
  });
  app.onError((error, context) => {
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return context.json({ code: 'E_BODY', message: `E_BODY: ${error.message.slice(0, 500)}` }, 400);
    const status = error instanceof InputError ? 400 : 500;
    return context.json({ code: error instanceof MedicError ? error.code : 'E_INTERNAL', message: error.message }, status);
  });

  app.get('/incidents', async (context) => {
    const summaries = await new IncidentStore(ports).list(LISTED_DAYS);
    return context.json(
      await Promise.all(
        summaries.map(async (summary) => reportOf(summary.incidentId, documentOf(await trail.entries(summary.incidentId)), ports.clock())),
      ),
    );
  });
  app.get('/incidents/:id', async (context) => {
    const id = context.req.param('id');
    const entries = await trail.entries(id);
    if (entries.length === 0) throw new InputError('E_INCIDENT_ID', `${id.slice(0, 40)} is unknown`);
    const document = documentOf(entries);
    return context.json({ report: reportOf(id, document, ports.clock()), document, chain: await trail.verify(id) });
  });
  // POST because of what it asks, not because of what it does: a replay writes nothing.
  app.post('/incidents/:id/replay', async (context) => {
    const request = ReplayRequestSchema.safeParse(await context.req.json());
    if (!request.success) throw new InputError('E_BODY', `${request.error.issues[0]?.path.join('.')}: ${request.error.issues[0]?.message}`);
    return context.json(await replayIncident(context.req.param('id'), request.data, ports));
  });
  app.get('/approvals', async (context) => {
    const approvals = await new ApprovalStore(ports).list();
    return context.json(approvals.map(({ taskToken: _secret, ...shown }) => shown));
  });
  app.get('/approvals/:id', async (context) => {
    const id = context.req.param('id');
    const approval = await new ApprovalStore(ports).get(id);
    if (!approval) throw new InputError('E_APPROVAL_ID', `${quoteForMessage(id)} is unknown; \`glue-medic incidents\` lists what waits`);
    const { taskToken: _secret, ...shown } = approval;
    return context.json(shown);
  });
  app.post('/decisions', async (context) => context.json((await decideApprovalStep(() => ports)(await context.req.json())) as object));
  app.route('/', authorityRoutes(ports));
  app.route('/', reportRoutes(ports));
  return app;
}

function isToken(seen: string, expected: string): boolean {
  const [a, b] = [Buffer.from(seen), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
