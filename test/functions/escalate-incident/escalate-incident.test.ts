import { escalateIncident } from '../../../functions/escalate-incident/escalate-incident.ts';
import { escalateIncidentStep, escalationPass } from '../../../functions/escalate-incident/handler.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import type { Incident } from '../../../functions/shared/incident.ts';
import { EscalationSectionSchema } from '../../../functions/shared/incident.ts';
import type { JobRegistration } from '../../../functions/shared/job-registration.ts';
import { readJobFreeze } from '../../../functions/shared/stores/frozen-jobs.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { memoryPorts, NOW, secondsAgo } from '../../support/memory-ports.ts';
import {
  aCapability,
  aDocument,
  anApproval,
  anExecution,
  anUndo,
  aProposal,
  aProposedDocument,
  aRegistration,
  aSafety,
  aValidation,
  somePlans,
} from '../../support/sample-incident.ts';

const escalate = (sections: Partial<Incident>, registration: JobRegistration | null = aRegistration(), pass = 1) =>
  escalateIncident({ document: { ...aDocument(), ...sections }, registration, now: NOW, pass });
const proposed = (sections: Partial<Incident>) => ({
  ...aProposedDocument(['RETRY'], { proposal: aProposal(['RETRY', 'QUARANTINE', 'COERCE_SCHEMA']) }),
  ...sections,
});
const offeredBy = (section: ReturnType<typeof escalate>) => [section.action, ...section.alternatives.map((each) => each.action)];
const denied = { action: 'RETRY' as const, verdict: 'deny', guardrails: ['retry-budget'], reason: 'retry-budget: used up' };

describe('escalateIncident', () => {
  describe('names what stopped the machine', () => {
    const error = { Error: 'States.Timeout', Cause: 'the Lambda did not answer' };
    it.each<[string, Partial<Incident>, string]>([
      ['a guardrail that wants a person', proposed({ safety: aSafety('needs-approval', 'RETRY') }), 'needs-approval'],
      ['a guardrail that denies', proposed({ safety: aSafety('escalate', 'ESCALATE', { passedOver: [denied] }) }), 'unsafe'],
      [
        'an environment that cannot',
        proposed({ safety: aSafety('allow', 'COERCE_SCHEMA'), capability: aCapability('unavailable', { suggestedPatch: '--format x' }) }),
        'unavailable',
      ],
      ['a policy that asks', proposed({ safety: aSafety('escalate', 'ESCALATE') }), 'proposed'],
      ['an error of a step', { error }, 'error'],
      [
        'an executor that refused',
        proposed({ safety: aSafety('allow', 'RETRY'), execution: anExecution({ status: 'refused' }) }),
        'refused',
      ],
      ['an outcome that is not known', proposed({ execution: anExecution(), validation: aValidation('unknown') }), 'unknown-outcome'],
      ['an error after something was done', proposed({ execution: anExecution(), error }), 'unknown-outcome'],
      [
        'a validation that failed',
        proposed({ execution: anExecution({ action: 'QUARANTINE' }), validation: aValidation('failed'), undo: anUndo('undone') }),
        'failed-validation',
      ],
      ['nothing that anybody knows of', {}, 'proposed'],
    ])('%s', (_what, sections, kind) => {
      expect(escalate(sections).kind).toBe(kind);
    });

    it('unavailable is not unsafe: the patch that a person could apply goes along', () => {
      const section = escalate(
        proposed({ safety: aSafety('allow', 'COERCE_SCHEMA'), capability: aCapability('unavailable', { suggestedPatch: '--format x' }) }),
      );
      expect(section).toMatchObject({ kind: 'unavailable', suggestedPatch: '--format x' });
    });

    it.each(['failed', 'stopped'] as const)('F32 CRITICAL where the inverse %s', (status) => {
      const { kind, reason } = escalate(proposed({ execution: anExecution(), validation: aValidation('failed'), undo: anUndo(status) }));
      expect([kind, reason]).toEqual(['failed-validation', `CRITICAL: the inverse was not completed: ${status} it is`]);
    });

    it('F32 CRITICAL where the inverse ended in an error, which is not an inverse that was not needed', () => {
      const { kind, reason } = escalate(proposed({ execution: anExecution(), validation: aValidation('failed'), error }));
      expect(kind).toBe('failed-validation');
      expect(reason).toMatch(/^CRITICAL: the inverse was not completed: States.Timeout/);
    });
  });

  describe('offers', () => {
    it('the plan that needs approval first, then the other plans that the facts give', () => {
      const section = escalate(proposed({ safety: aSafety('needs-approval', 'QUARANTINE') }));
      expect(offeredBy(section)).toEqual(['QUARANTINE', 'RETRY', 'COERCE_SCHEMA']);
      expect(section.planHash).toBe(canonicalHash(somePlans.QUARANTINE));
    });

    it('each with the hash that an approval is bound to', () => {
      for (const { action, planHash } of escalate(proposed({})).alternatives) expect(planHash).toBe(canonicalHash(somePlans[action]));
    });

    it('nothing that a guardrail has denied', () => {
      expect(offeredBy(escalate(proposed({ safety: aSafety('escalate', 'ESCALATE', { passedOver: [denied] }) })))).not.toContain('RETRY');
    });

    it('nothing that the environment cannot do', () => {
      const section = escalate(proposed({ safety: aSafety('allow', 'COERCE_SCHEMA'), capability: aCapability('unavailable') }));
      expect(offeredBy(section)).toEqual(['RETRY', 'QUARANTINE']);
    });

    it('R30 nothing that the team keeps in shadow: it would not be carried out', () => {
      const registration = aRegistration({ modes: { RETRY: 'approve', QUARANTINE: 'shadow' } });
      expect(offeredBy(escalate(proposed({ safety: aSafety('needs-approval', 'RETRY') }), registration))).toEqual(['RETRY']);
    });

    it.each<[string, Partial<Incident>]>([
      ['once something was executed', { execution: anExecution(), validation: aValidation('unknown') }],
      ['after an error, when facts may be missing', { error: { Error: 'E' } }],
      ['a second time', { approval: anApproval('approved'), safety: aSafety('escalate', 'ESCALATE') }],
    ])('R45 nothing %s', (_what, sections) => {
      expect(offeredBy(escalate(proposed(sections)))).toEqual([null]);
    });

    it('neither recording nor asking as a plan to approve', () => {
      const section = escalate({ ...aProposedDocument(), proposal: aProposal(['LOG_EVENT', 'ESCALATE']) });
      expect(offeredBy(section)).toEqual([null]);
    });
  });

  describe('R30 in shadow', () => {
    it.each<[string, Partial<Incident>, JobRegistration | null]>([
      ['of the action', proposed({ safety: aSafety('needs-approval', 'RETRY', { mode: 'shadow' }) }), aRegistration()],
      ['of a job that is not registered', { error: { Error: 'E' } }, null],
      ['of a job without any authority', { error: { Error: 'E' } }, aRegistration({ modes: {} })],
    ])('%s nobody is asked', (_what, sections, registration) => {
      expect(escalate(sections, registration).disposition).toBe('shadow');
    });

    it('somebody is asked all the same once something was done', () => {
      const sections = proposed({ safety: aSafety('allow', 'RETRY', { mode: 'shadow' }), execution: anExecution() });
      expect(escalate(sections, null).disposition).toBe('ask');
    });
  });

  it('R51 has a deadline from the registration, a week where it says nothing', () => {
    expect(escalate({}, aRegistration({ approvalTimeoutSeconds: 120 }))).toMatchObject({ timeoutSeconds: 120, deadline: secondsAgo(-120) });
    expect(escalate({}, null)).toMatchObject({ timeoutSeconds: 604_800, deadline: secondsAgo(-604_800) });
  });

  it('bounds an error of any length', () => {
    const section = escalate({ error: { Error: 'E', Cause: 'x'.repeat(30_000) } });
    expect(EscalationSectionSchema.safeParse(section).success).toBe(true);
  });

  it('a second escalation has an approval id of its own', () => {
    expect(escalationPass(aDocument())).toBe(1);
    expect(escalationPass(aDocument({ approval: anApproval('approved') }))).toBe(2);
    expect(escalationPass(aDocument({ execution: anExecution() }))).toBe(2);
    expect(escalate({}, null, 2).approvalId).not.toBe(escalate({}, null, 1).approvalId);
    expect(escalate({}, null, 2).approvalId).toMatch(/^apr-[0-9a-f]{16}$/);
  });

  it('F32 freezes the job where UndoAction itself has died, and says that it is critical', async () => {
    const ports = memoryPorts();
    const died = aDocument({
      execution: anExecution(),
      validation: aValidation('failed'),
      error: { Error: 'States.Timeout', Cause: 'password=hunter2' },
    });
    const section = await escalateIncidentStep(() => ports)(died);
    expect(section).toMatchObject({ kind: 'failed-validation', reason: expect.stringMatching(/^CRITICAL: .*States.Timeout/) });
    const freeze = await readJobFreeze(ports.operations, 'orders');
    expect(freeze).toMatchObject({ incidentId: died.incident.id, reason: expect.stringMatching(/^inverse failed: States.Timeout/) });
    expect(freeze?.reason).not.toContain('hunter2');
  });

  it('F32 freezes nothing where the inverse was completed', async () => {
    const ports = memoryPorts();
    const undone = { status: 'undone' as const, reason: 'as before', effects: [] };
    await escalateIncidentStep(() => ports)(aDocument({ execution: anExecution(), validation: aValidation('failed'), undo: undone }));
    expect(await readJobFreeze(ports.operations, 'orders')).toBeNull();
  });

  it('EscalateIncident reads the registration and needs nothing but the incident', async () => {
    const ports = memoryPorts();
    await register(ports.operations, aRegistration({ approvalTimeoutSeconds: 300 }));
    expect(await escalateIncidentStep(() => ports)(aDocument())).toMatchObject({
      disposition: 'ask',
      kind: 'proposed',
      timeoutSeconds: 300,
    });
  });
});
