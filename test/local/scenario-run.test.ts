import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayIncident } from '../../evaluation/replay/replay-incident.ts';
import { decideApprovalStep } from '../../functions/decide-approval/handler.ts';
import type { IncidentReport } from '../../functions/shared/incident-report.ts';
import { ApprovalStore } from '../../functions/shared/stores/approvals.ts';
import { IncidentStore } from '../../functions/shared/stores/incidents.ts';
import { SCENARIOS, type Scenario } from '../../local/job-world/scenarios.ts';
import { type Medic, startMedic } from '../../local/medic.ts';
import { IncidentTeller, pause, runScenarios, type ToldIncident } from '../../local/scenario-run.ts';
import { countingPorts, type Mutation } from '../../local/twins/mutation-recorder.ts';

// Real time: jobs run, throttled sources recover, late input arrives.
const MINUTE = 60_000;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glue-medic-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function run(medic: Medic, scenarios: readonly Scenario[]): Promise<Map<string, ToldIncident>> {
  const teller = await IncidentTeller.create(medic, true, () => undefined);
  await runScenarios(medic, { scenarios, teller, resume: true, signal: new AbortController().signal });
  return new Map([...teller.told.values()].map((told) => [told.report.job, told]));
}

async function withMedic<T>(body: (medic: Medic) => Promise<T>, wrap?: Parameters<typeof startMedic>[1]): Promise<T> {
  const medic = await startMedic(directory, wrap);
  try {
    return await body(medic);
  } finally {
    await medic.stop();
  }
}

const scenario = (name: string): Scenario => {
  const found = SCENARIOS.find((each) => each.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

async function approve(medic: Medic, report: IncidentReport): Promise<void> {
  const approval = await new ApprovalStore(medic.ports).get(report.approvalId ?? '');
  await decideApprovalStep(() => medic.ports)({
    approvalId: approval?.approvalId,
    decision: 'approved',
    planHash: approval?.options[0]?.planHash ?? null,
    by: 'an engineer',
    identity: 'test',
    channel: 'command-line',
    reason: 'looked at it',
  });
}

/** What of an incident's decisions does not come out the same to the byte when they are made again from the trail. */
async function replayedOtherwise(medic: Medic, incidentId: string): Promise<unknown[]> {
  const { verdict, steps } = await replayIncident(incidentId, {}, medic.ports);
  return verdict === 'same' && steps.every((step) => step.verdict === 'same') ? [] : [incidentId, verdict, steps];
}

async function closed(medic: Medic, incidentId: string): Promise<string | null> {
  for (let waited = 0; waited < MINUTE; waited += 50) {
    const summary = await new IncidentStore(medic.ports).get(incidentId);
    if (summary?.status === 'closed') return summary.outcome;
    await pause(50);
  }
  return null;
}

describe('the eleven jobs', () => {
  it(
    'end as a careful engineer would want, each with an intact hash chain; an approval heals what needed one',
    () =>
      withMedic(async (medic) => {
        const told = await run(medic, SCENARIOS);
        const facts = [...told.values()].map(({ report }) => [
          report.job,
          report.family,
          report.proposed,
          report.capability?.verdict ?? null,
          report.executed,
          report.outcome,
        ]);
        expect(facts.toSorted()).toEqual([
          ['bookings-datetime-format', 'schema_drift', 'COERCE_SCHEMA', 'unavailable', null, 'Escalated'],
          ['clickstream-oversized', 'resource_exhaustion', 'RETRY', 'available', 'RETRY', 'Resolved'],
          ['customers-column-removed', 'schema_drift', 'ROLLBACK_SCHEMA', 'available', null, 'Escalated'],
          ['inventory-glue-retries', null, null, null, null, 'StoodDown'],
          ['invoices-input-late', 'missing_input', 'RETRY', 'available', 'RETRY', 'Resolved'],
          ['ledger-access-denied', 'access_denied', 'ESCALATE', null, null, 'Escalated'],
          ['orders-throttled-source', 'transient_infrastructure', 'RETRY', 'available', 'RETRY', 'Resolved'],
          ['payments-type-widened', 'schema_drift', 'COERCE_SCHEMA', 'available', 'COERCE_SCHEMA', 'Resolved'],
          ['pricing-script-bug', 'code_defect', 'ESCALATE', null, null, 'Escalated'],
          ['sensors-corrupt-object', 'data_quality', 'QUARANTINE', 'available', 'QUARANTINE', 'Resolved'],
          ['signups-null-spike', 'data_quality', 'ESCALATE', null, null, 'Escalated'],
        ]);
        expect([...told.values()].map(({ chain }) => chain.verdict)).toEqual(Array(11).fill('intact'));
        for (const { report } of told.values()) expect(await replayedOtherwise(medic, report.incidentId)).toEqual([]);

        const bookings = told.get('bookings-datetime-format');
        expect(bookings?.document.safety?.verdict).toBe('allow');
        expect(bookings?.document.escalation).toMatchObject({ kind: 'unavailable', suggestedPatch: expect.stringContaining('to_date') });

        const customers = told.get('customers-column-removed')?.report as IncidentReport;
        await approve(medic, customers);
        expect(await closed(medic, customers.incidentId)).toBe('Resolved');
        expect(await replayedOtherwise(medic, customers.incidentId)).toEqual([]);
        const retried = await medic.ports.jobRuns.listJobRuns('inventory-glue-retries', { limit: 1 });
        expect(retried.runs[0]).toMatchObject({ attempt: 1, state: 'SUCCEEDED' });
      }),
    2 * MINUTE,
  );

  it(
    'R2 are healed once although the event comes five times',
    () =>
      withMedic(async (medic) => {
        medic.world.onEvent((event) => {
          if (event.detail.state === 'FAILED') for (let again = 0; again < 4; again += 1) medic.bus.deliver({ ...event });
        });
        const told = await run(medic, [scenario('sensors-corrupt-object')]);
        expect(told.get('sensors-corrupt-object')?.report.outcome).toBe('Resolved');
        const { runs } = await medic.ports.jobRuns.listJobRuns('sensors-corrupt-object', { limit: 50 });
        expect(runs.map((each) => each.state)).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
        const summaries = await new IncidentStore(medic.ports).list(1);
        expect(summaries.map(({ outcome, duplicates }) => ({ outcome, duplicates }))).toEqual([{ outcome: 'Resolved', duplicates: 4 }]);
      }),
    MINUTE,
  );

  it(
    'R30 see no mutating call in shadow mode, and nobody is asked',
    async () => {
      const mutations: Mutation[] = [];
      await withMedic(
        async (medic) => {
          const told = await run(
            medic,
            SCENARIOS.map((each) => ({ ...each, registration: { ...each.registration, modes: {} } })),
          );
          expect([...told.values()].map(({ report }) => report.outcome).toSorted()).toEqual([...Array(10).fill('Shadowed'), 'StoodDown']);
          expect(await new ApprovalStore(medic.ports).list()).toEqual([]);
        },
        (ports) => countingPorts(ports, (mutation) => mutations.push(mutation)),
      );
      expect(mutations).toEqual([]);
    },
    2 * MINUTE,
  );
});

describe('a second start on the kept data directory', () => {
  it(
    'goes on with what was open, under the same approval id and deadline',
    async () => {
      const job = 'customers-column-removed';
      const before = await withMedic(async (medic) => {
        const told = await run(medic, [scenario(job)]);
        return told.get(job);
      });
      await withMedic(async (medic) => {
        const told = await run(medic, [scenario(job)]);
        const after = told.get(job);
        expect(after?.report).toMatchObject({
          incidentId: before?.report.incidentId,
          outcome: 'Escalated',
          approvalId: before?.report.approvalId,
        });
        expect(after?.document.escalation?.deadline).toBe(before?.document.escalation?.deadline);
        await approve(medic, after?.report as IncidentReport);
        expect(await closed(medic, after?.report.incidentId ?? '')).toBe('Resolved');
        // Half of it was decided by the process before.
        expect(await replayedOtherwise(medic, after?.report.incidentId ?? '')).toEqual([]);
      });
    },
    2 * MINUTE,
  );
});
