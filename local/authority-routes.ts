/** What the running process answers about authority, and how people change it: kill switch, jobs and their freezes, policies, four eyes. */
import { Hono } from 'hono';
import * as z from 'zod';
import { CANDIDATE } from '../functions/propose-action/policy-items.ts';
import { readPointer } from '../functions/propose-action/policy-pointer.ts';
import { listProofs, parseProof } from '../functions/propose-action/policy-proof.ts';
import { PolicyStore } from '../functions/propose-action/policy-store.ts';
import { freezeCandidate, keepProof, previewPromotion, promotePolicy, rollBackPolicy } from '../functions/propose-action/promote-policy.ts';
import { InputError } from '../functions/shared/errors.ts';
import type { Ports } from '../functions/shared/ports.ts';
import { loosen, type Order, OrderSchema, tighten } from '../functions/shared/stores/authority-changes.ts';
import { liftJobFreeze, listJobFreezes } from '../functions/shared/stores/frozen-jobs.ts';
import { listReadings, parseRegistration, register } from '../functions/shared/stores/registrations.ts';
import { readFourEyes, readKillSwitch, setFourEyes, setKillSwitch } from '../functions/shared/stores/settings.ts';

const version = z.string().max(100);
const hash = z.string().max(64);
const KillSwitchOrderSchema = OrderSchema.extend({ engaged: z.boolean() });
const FourEyesOrderSchema = OrderSchema.extend({ policyPromotion: z.boolean() });
const RegistrationOrderSchema = OrderSchema.extend({ registration: z.looseObject({}) });
const LiftOrderSchema = OrderSchema.extend({ jobName: z.string().min(1).max(255) });
const FreezeOrderSchema = OrderSchema.extend({ as: version });
const ProofOrderSchema = OrderSchema.extend({ proof: z.unknown() });
const PromotionOrderSchema = OrderSchema.extend({ version, hash: hash.nullable(), from: version.nullable() });
const RollbackOrderSchema = OrderSchema.extend({ from: version, to: version.optional() });

export function authorityRoutes(ports: Ports): Hono {
  const app = new Hono();
  const { operations } = ports;

  app.get('/kill-switch', async (context) => context.json(await readKillSwitch(operations)));
  app.post('/kill-switch', async (context) => {
    const { engaged, ...order } = ordered(KillSwitchOrderSchema, await context.req.json());
    const told = { change: 'kill-switch', subject: 'installation', detail: { engaged } } as const;
    const turn = () => setKillSwitch(operations, engaged, order.by, order.reason || 'no reason given', ports.clock());
    await (engaged ? tighten(ports, told, order, turn) : loosen(ports, told, order, turn));
    return context.json(await readKillSwitch(operations));
  });

  app.get('/jobs', async (context) => {
    const [readings, freezes] = await Promise.all([listReadings(operations), listJobFreezes(operations)]);
    return context.json(
      readings.map(({ jobName, ...reading }) => {
        const frozen = freezes.find((freeze) => freeze.jobName === jobName) ?? null;
        return reading.status === 'registered' ? { ...reading.registration, frozen } : { jobName, unreadable: reading.reason, frozen };
      }),
    );
  });
  app.post('/jobs', async (context) => {
    const { registration, ...order } = ordered(RegistrationOrderSchema, await context.req.json());
    const at = ports.clock();
    const given = parseRegistration({ registeredAt: at.toISOString(), ...registration });
    const { jobName, criticality, rerunSafe, modes, fourEyes, limits } = given;
    const detail = { criticality, rerunSafe, protected: given.protected, modes, fourEyes, limits };
    const told = { change: 'job-registration', subject: jobName, detail } as const;
    return context.json(await loosen(ports, told, order, () => register(operations, given, { by: order.by, at })));
  });
  app.get('/freezes', async (context) => context.json(await listJobFreezes(operations)));
  app.post('/freezes/lifted', async (context) => {
    const { jobName, ...order } = ordered(LiftOrderSchema, await context.req.json());
    requireReason(order);
    const freeze = (await listJobFreezes(operations)).find((each) => each.jobName === jobName);
    if (!freeze) throw new InputError('E_NOT_FROZEN', `${jobName.slice(0, 80)} is not frozen; \`jobs list\` shows what is`);
    const told = { change: 'job-freeze', subject: jobName, detail: { lifted: true, freeze } } as const;
    const { by, reason } = order;
    await loosen(ports, told, order, () => liftJobFreeze(operations, jobName, { by, at: ports.clock().toISOString(), reason }));
    return context.json({ jobName, freeze, lifted: { by, reason } });
  });

  app.get('/four-eyes', async (context) => context.json(await readFourEyes(operations)));
  app.post('/four-eyes', async (context) => {
    const { policyPromotion, ...order } = ordered(FourEyesOrderSchema, await context.req.json());
    requireReason(order);
    const told = { change: 'four-eyes', subject: 'installation', detail: { policyPromotion } } as const;
    const turn = () => setFourEyes(operations, policyPromotion, order.by, order.reason, ports.clock());
    await (policyPromotion ? tighten(ports, told, order, turn) : loosen(ports, told, order, turn));
    return context.json(await readFourEyes(operations));
  });

  app.get('/policies', async (context) => {
    const store = new PolicyStore(ports);
    const [pointer, active, versions] = await Promise.all([readPointer(operations), store.active(), store.versions()]);
    const installed = versions.map(async ({ version, ...described }) => {
      const { proofs } = await listProofs(ports.qTable, version);
      if ('defect' in described) return { version, defect: described.defect, proofs: proofs.length };
      const { kind, hash, note, frozenBy, frozenAt, rowHashes } = described;
      return { version, kind, hash, states: Object.keys(rowHashes).length, note, frozenBy, frozenAt, proofs: proofs.length };
    });
    return context.json({ active, pointer, versions: await Promise.all(installed) });
  });
  app.get('/policies/:version', async (context) => {
    const version = context.req.param('version');
    const store = new PolicyStore(ports);
    const description =
      version === CANDIDATE ? { kind: CANDIDATE, hash: null, note: 'learns from what is validated' } : await store.description(version);
    if (!description) throw new InputError('E_POLICY', `there is no policy ${version.slice(0, 80)}; \`policy list\` shows what there is`);
    const table = version === CANDIDATE ? await store.candidateTable() : await store.table(version);
    const { kind, hash, note } = description;
    return context.json({ version, kind, hash, note, rows: [...table], proofs: (await listProofs(ports.qTable, version)).proofs });
  });
  app.post('/policies', async (context) => {
    const { as, ...order } = ordered(FreezeOrderSchema, await context.req.json());
    return context.json(await freezeCandidate(as, order, ports));
  });
  app.post('/proofs', async (context) => {
    const { proof, ...order } = ordered(ProofOrderSchema, await context.req.json());
    return context.json(await keepProof(parseProof(proof), order, ports));
  });
  app.get('/promotions/:version', async (context) => context.json(await previewPromotion(context.req.param('version'), ports)));
  app.post('/promotions', async (context) =>
    context.json(await promotePolicy(ordered(PromotionOrderSchema, await context.req.json()), ports)),
  );
  app.post('/rollbacks', async (context) =>
    context.json(await rollBackPolicy(ordered(RollbackOrderSchema, await context.req.json()), ports)),
  );
  return app;
}

function ordered<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError('E_ORDER', `${issue?.path.join('.') || 'the order'}: ${issue?.message}`);
}

function requireReason({ reason }: Order): void {
  if (reason.trim() === '') throw new InputError('E_REASON', 'a reason is needed: --reason TEXT says why, for whoever reads it later');
}
