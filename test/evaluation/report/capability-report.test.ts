import fc from 'fast-check';
import { ASSUMPTIONS, capabilityReport, lossIn } from '../../../evaluation/report/capability-report.ts';
import type { CapabilitySection, Incident, LearningSection } from '../../../functions/shared/incident.ts';
import { type AuditEntry, AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import { aCapability, anIncident, aSafety, someEvidence, someFindings } from '../../support/sample-incident.ts';

const CLOSURE: NonNullable<Incident['closure']> = {
  outcome: 'HandedOver',
  reason: 'rejected',
  closedAt: secondsAgo(0),
  minutes: 12,
  nextIncident: null,
};
const missing = (...names: string[]): CapabilitySection =>
  aCapability('unavailable', {
    checks: [
      { capability: 'run-slot', verdict: 'available', reason: 'free', remedy: null },
      ...names.map((capability) => ({ capability, verdict: 'unavailable' as const, reason: 'no', remedy: `provide ${capability}` })),
    ],
  });

type Steps = readonly (readonly [stepKey: string, payload: unknown])[];
async function trailOf(steps: Steps, id = 'inc-1'): Promise<AuditEntry[]> {
  const trail = new AuditTrail(memoryPorts());
  for (const [stepKey, payload] of steps) await trail.append(id, stepKey, payload);
  return trail.entries(id);
}
interface Told {
  readonly id?: string;
  readonly safety?: NonNullable<Incident['safety']>;
  readonly capability?: CapabilitySection;
  readonly after?: Steps;
}
const incident = ({
  id = 'inc-1',
  safety = aSafety('allow', 'COERCE_SCHEMA'),
  capability = missing('coercion-declared'),
  after = CLOSED,
}: Told = {}) =>
  trailOf(
    [
      ['ClaimIncident#1', anIncident({ id, jobName: `job-of-${id}` })],
      ['GatherEvidence#1', someEvidence()],
      ['DetectAnomalies#1', someFindings()],
      ['CheckSafety#1', safety],
      ['CheckCapability#1', capability],
      ...after,
    ],
    id,
  );
const CLOSED: Steps = [['CloseIncident#1', CLOSURE]];

describe('lossIn', () => {
  it('is what safety allowed and the environment could not do, with what would make it available', async () => {
    expect(lossIn(await incident())).toMatchObject({
      ...{ incidentId: 'inc-1', job: 'job-of-inc-1', action: 'COERCE_SCHEMA', side: 'live', humanMinutes: 60 },
      missing: [{ capability: 'coercion-declared', remedy: 'provide coercion-declared' }],
    });
  });

  it('is worth a validated fix by the published terms, over having escalated', async () => {
    // 1 for the fix, 300 s of rerun and half a DPU-hour at their published price, and the escalation that it would have saved.
    const loss = lossIn(await incident());
    expect(loss?.reward).toBeCloseTo(1 - 0.1 * (5 / 240) - 0.2 * (0.5 / 20) + 0.1, 9);
  });

  it('is less by the approval where a person would have had to approve it', async () => {
    const asked = lossIn(await incident({ safety: aSafety('needs-approval', 'COERCE_SCHEMA') }));
    expect(asked?.humanMinutes).toBe(60 - ASSUMPTIONS.approvalMinutes);
    expect(asked?.reward).toBeCloseTo((lossIn(await incident())?.reward ?? 0) - 0.2 * (5 / 60), 9);
  });

  it('is less by the input that a quarantine would have withheld, and never below nothing', async () => {
    const quarantine = aSafety('allow', 'QUARANTINE');
    const plan = { ...quarantine.plan, shareOfInput: 0.9 } as typeof quarantine.plan;
    expect(lossIn(await incident({ safety: { ...quarantine, plan } }))?.reward).toBe(0);
  });

  it('counts in shadow on its own side', async () => {
    expect(lossIn(await incident({ safety: aSafety('allow', 'COERCE_SCHEMA', { mode: 'shadow' }) }))?.side).toBe('shadow');
  });

  it.each<[string, Told]>([
    ['the environment could do it', { capability: aCapability('available') }],
    ['it was denied, and people were asked instead', { safety: aSafety('escalate', 'ESCALATE') }],
    ['nothing names what was missing', { capability: aCapability('unavailable') }],
  ])('is nothing where %s', async (_what, told) => {
    expect(lossIn(await incident(told))).toBeNull();
  });

  it('is told also where people then chose something else, less what that was worth', async () => {
    const learned: LearningSection = {
      ...{
        status: 'learned',
        reason: '',
        action: 'RETRY',
        stateId: someFindings().stateId,
        reward: 0.9,
        terms: [],
        policyVersion: 'candidate',
      },
      ...{ qValueBefore: 0, qValueAfter: 0.9, visits: 1 },
    };
    const after: Steps = [
      ['CheckSafety#2', aSafety('allow', 'RETRY')],
      ['CheckCapability#2', aCapability('available')],
      ['UpdatePolicy#1', learned],
      ...CLOSED,
    ];
    const loss = lossIn(await incident({ after }));
    expect(loss).toMatchObject({ action: 'COERCE_SCHEMA' });
    expect(loss?.reward).toBeCloseTo((lossIn(await incident())?.reward ?? 0) - 1, 9);
  });

  it('is told where the environment said no only after the approval', async () => {
    const after: Steps = [['CheckSafety#2', aSafety('allow', 'RETRY')], ['CheckCapability#2', missing('run-slot')], ...CLOSED];
    expect(lossIn(await incident({ capability: aCapability('available'), after }))).toMatchObject({
      action: 'RETRY',
      missing: [{ capability: 'run-slot' }],
    });
  });

  it('is that of the last opening of an incident that was opened again', async () => {
    const again = anIncident({ opening: 2 });
    const after: Steps = [
      ['ClaimIncident@2#1', again],
      ['CheckSafety@2#1', aSafety('allow', 'RETRY')],
      ['CheckCapability@2#1', aCapability('available')],
      ['CloseIncident@2#1', CLOSURE],
    ];
    expect(lossIn(await incident({ after }))).toBeNull();
  });
});

describe('capabilityReport', () => {
  it('says by what is missing what was lost, live and in shadow, most valuable first', async () => {
    const report = capabilityReport([
      await incident({ id: 'inc-1', capability: missing('versioned-buckets') }),
      await incident({ id: 'inc-2' }),
      await incident({ id: 'inc-3' }),
      await incident({ id: 'inc-4', safety: aSafety('allow', 'RETRY', { mode: 'shadow' }) }),
      await incident({ id: 'inc-5', capability: aCapability('available') }),
      await incident({ id: 'inc-6', after: [] }),
    ]);
    expect(report).toMatchObject({ closedIncidents: 5, incidents: 4 });
    expect(report.rows.map(({ capability }) => capability)).toEqual(['coercion-declared', 'versioned-buckets']);
    expect(report.rows[0]).toMatchObject({
      live: { incidents: 2, alone: 2, actions: { COERCE_SCHEMA: 2 }, humanMinutes: 120 },
      shadow: { incidents: 1, alone: 1, actions: { RETRY: 1 }, humanMinutes: 60 },
      remedies: ['provide coercion-declared'],
      jobs: ['job-of-inc-2', 'job-of-inc-3', 'job-of-inc-4'],
    });
    expect(report.total).toMatchObject({ live: { incidents: 3, humanMinutes: 180 }, shadow: { incidents: 1 } });
    for (const assumption of report.assumptions) expect(assumption).not.toBe('');
  });

  it('shares what was lost equally where several capabilities were missing', async () => {
    const { rows, total } = capabilityReport([await incident({ capability: missing('lake-formation', 'table-version') })]);
    expect(rows.map(({ live }) => [live.incidents, live.alone, live.humanMinutes])).toEqual([
      [1, 0, 30],
      [1, 0, 30],
    ]);
    expect(total.live).toMatchObject({ incidents: 1, alone: 0, humanMinutes: 60 });
  });

  it('neither loses nor invents anything: the rows add up to the total', async () => {
    const names = ['lake-formation', 'table-version', 'run-slot'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.subarray(names, { minLength: 1 }), { maxLength: 8 }), async (told) => {
        const trails = await Promise.all(told.map((each, index) => incident({ id: `inc-${index}`, capability: missing(...each) })));
        const { rows, total } = capabilityReport(trails);
        expect(rows.reduce((sum, { live }) => sum + live.humanMinutes, 0)).toBeCloseTo(total.live.humanMinutes, 1);
        expect(rows.reduce((sum, { live }) => sum + live.reward, 0)).toBeCloseTo(total.live.reward, 1);
      }),
      { numRuns: 25 },
    );
  });

  it('is empty where nothing was lost', () => {
    expect(capabilityReport([])).toMatchObject({
      closedIncidents: 0,
      incidents: 0,
      rows: [],
      total: { live: { incidents: 0, reward: 0 } },
    });
  });
});
