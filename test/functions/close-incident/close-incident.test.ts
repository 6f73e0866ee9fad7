import { HANDED_OVER, parseTrigger } from '../../../functions/claim-incident/parse-trigger.ts';
import { outcomeOf } from '../../../functions/close-incident/close-incident.ts';
import { closeIncidentStep } from '../../../functions/close-incident/handler.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import type { Incident } from '../../../functions/shared/incident.ts';
import { LimitsSchema } from '../../../functions/shared/job-registration.ts';
import { ActionLedger } from '../../../functions/shared/stores/action-ledger.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import {
  aDocument,
  anApproval,
  anEscalation,
  anExecution,
  anIncident,
  anUndo,
  aProposedDocument,
  aSafety,
  aValidation,
  INCIDENT_ID,
  someEvidence,
  someFindings,
} from '../../support/sample-incident.ts';

const allowed = aProposedDocument(['RETRY'], { safety: aSafety('allow', 'RETRY') });
const failedRetry = { ...allowed, execution: anExecution(), validation: aValidation('failed'), undo: anUndo('nothing-to-undo') };
const asked = anEscalation();
const askedAgain = anEscalation({ approvalId: 'apr-fedcba9876543210', kind: 'failed-validation' });

describe('outcomeOf, over every way to the end', () => {
  it.each<[string, Partial<Incident>, string]>([
    ['no line reports a failure', { findings: someFindings({ state: {}, signature: null }) }, 'HandedOver'],
    ['a remediation is validated', { ...allowed, execution: anExecution(), validation: aValidation('validated') }, 'Resolved'],
    [
      'an approved remediation is validated',
      { ...allowed, escalation: asked, approval: anApproval('approved'), execution: anExecution(), validation: aValidation('validated') },
      'Resolved',
    ],
    ['an event is recorded', { ...allowed, execution: anExecution({ status: 'recorded', action: 'LOG_EVENT' }) }, 'Logged'],
    ['shadow, allowed', { ...allowed, safety: aSafety('allow', 'RETRY', { mode: 'shadow' }) }, 'Shadowed'],
    ['shadow, escalated by safety', { ...allowed, safety: aSafety('escalate', 'ESCALATE', { mode: 'shadow' }) }, 'Shadowed'],
    ['shadow, an error', { error: { Error: 'E' }, escalation: anEscalation({ disposition: 'shadow' }) }, 'Shadowed'],
    [
      'shadow, set while a person decided',
      { ...allowed, safety: aSafety('allow', 'RETRY', { mode: 'shadow' }), escalation: asked, approval: anApproval('approved') },
      'Shadowed',
    ],
    ['one of a storm', { ...allowed, safety: aSafety('deferred', 'RETRY') }, 'Deferred'],
    ['a person says no', { ...allowed, escalation: asked, approval: anApproval('rejected') }, 'HandedOver'],
    ['a person says false positive', { ...allowed, escalation: asked, approval: anApproval('false-positive') }, 'HandedOver'],
    ['nobody says anything', { ...allowed, escalation: asked }, 'HandedOver'],
    ['a RETRY fails again', failedRetry, 'Superseded'],
    ['an approved RETRY fails again', { ...failedRetry, escalation: asked, approval: anApproval('approved') }, 'Superseded'],
    [
      'a failed repair is dealt with by a person',
      {
        ...failedRetry,
        undo: anUndo('undone'),
        escalation: askedAgain,
        approval: anApproval('rejected', { approvalId: askedAgain.approvalId }),
      },
      'HandedOver',
    ],
    ['nobody answers about a failed repair', { ...failedRetry, undo: anUndo('failed'), escalation: askedAgain }, 'HandedOver'],
    ['nothing at all was recorded', {}, 'HandedOver'],
  ])('%s → %s', (_what, sections, outcome) => {
    expect(outcomeOf(aDocument(sections)).outcome).toBe(outcome);
  });

  it('no failure in the log → Logged', () => {
    const findings = someFindings();
    const none = { ...findings, classification: { ...findings.classification, family: 'none' as const } };
    expect(outcomeOf(aDocument({ findings: none })).outcome).toBe('Logged');
  });

  it('says who decided and why', () => {
    expect(outcomeOf(aDocument({ escalation: asked, approval: anApproval('rejected') })).reason).toBe('rejected by ada: looks right');
  });

  it('R51 takes silence about a second escalation for silence, not for the approval of the first', () => {
    const sections = { ...failedRetry, undo: anUndo('failed'), escalation: askedAgain, approval: anApproval('approved') };
    expect(outcomeOf(aDocument(sections)).reason).toBe('silence: nobody decided in time, nothing more was done');
  });
});

describe('CloseIncident', () => {
  let ports: MemoryPorts;
  const ids = { incidentId: INCIDENT_ID, jobName: 'orders', lineage: anIncident().lineage };
  beforeEach(async () => {
    ports = memoryPorts();
    await new IncidentStore(ports).claim({ ...ids, runId: 'jr_1', attempt: 0, retryCount: 0, owner: 'execution-1', trigger: {} });
  });
  const close = (sections: Partial<Incident>) => closeIncidentStep(() => ports)(aDocument(sections));
  const summary = () => new IncidentStore(ports).get(INCIDENT_ID);

  it('records the outcome once, with the minutes since the run ended', async () => {
    const closure = await close({ ...allowed, evidence: someEvidence(), execution: anExecution(), validation: aValidation('validated') });
    expect(closure).toMatchObject({ outcome: 'Resolved', minutes: 10, closedAt: secondsAgo(0), nextIncident: null });
    expect(await summary()).toMatchObject({ status: 'closed', outcome: 'Resolved' });
    ports.time.advance(60);
    expect(await close({})).toEqual(closure);
  });

  it.each<[string, (ledger: ActionLedger) => Promise<void>, number]>([
    ['gives back what was reserved, or about to be used, where nothing was begun', async () => {}, 0],
    [
      'gives it back where Glue has started nothing, definitely',
      async (ledger) => {
        await ledger.intend('StartJobRun', 'orders', null);
        await ledger.conclude('StartJobRun', { notStarted: 'ThrottlingException' });
      },
      0,
    ],
    [
      'R33 keeps it where a run may have been started: stopped right after the start, nobody knows',
      async (ledger) => void (await ledger.intend('StartJobRun', 'orders', null)),
      1,
    ],
  ])('%s', async (_what, begin, used) => {
    const budgets = new BudgetStore(ports);
    await budgets.reserve({ ...ids, dpuHours: 1 }, LimitsSchema.parse({}));
    await budgets.spend(ids);
    await begin(new ActionLedger(ports, INCIDENT_ID));
    await close({ ...allowed, escalation: asked, approval: anApproval('rejected') });
    expect((await budgets.usage({ ...ids, incidentId: 'other' })).lineageRetries).toBe(used);
  });

  it('hands a failed rerun on, as an event that ClaimIncident understands', async () => {
    const document = { ...failedRetry, incident: anIncident({ retryCount: 1 }) };
    expect(await close(document)).toMatchObject({ outcome: 'Superseded', nextIncident: { jobName: 'orders', runId: 'jr_2' } });
    expect(ports.published.map((event) => event.detailType)).toEqual([HANDED_OVER]);
    const [event] = ports.published;
    const context = { ...ports.settings, now: ports.clock() };
    expect(parseTrigger({ source: 'glue-medic', 'detail-type': event?.detailType, detail: event?.detail }, context)).toMatchObject({
      kind: 'run',
      runId: 'jr_2',
      lineage: { id: document.incident.lineage, retryCount: 2, previousIncidentId: INCIDENT_ID },
    });
  });

  it('hands on nothing that is not superseded', async () => {
    await close({ ...failedRetry, undo: anUndo('failed'), escalation: askedAgain });
    expect(ports.published).toEqual([]);
  });

  describe('R51 where nobody has decided in time', () => {
    const openRequest = (approvalId: string) =>
      new ApprovalStore(ports).open({
        approvalId,
        incidentId: INCIDENT_ID,
        jobName: 'orders',
        deadline: secondsAgo(-3600),
        kind: 'needs-approval',
        reason: 'x',
        options: [{ action: 'RETRY', planHash: canonicalHash(allowed.safety?.plan), plan: aSafety('allow', 'RETRY').plan }],
        suggestedPatch: null,
        taskToken: 'token',
      });

    it('the request is closed as expired', async () => {
      await openRequest(asked.approvalId);
      expect(await close({ ...allowed, escalation: asked })).toMatchObject({
        outcome: 'HandedOver',
        reason: expect.stringMatching(/^silence/),
      });
      expect((await new ApprovalStore(ports).get(asked.approvalId))?.status).toBe('expired');
    });

    it('also a second request, although the first was approved', async () => {
      await openRequest(askedAgain.approvalId);
      await close({ ...failedRetry, undo: anUndo('failed'), escalation: askedAgain, approval: anApproval('approved') });
      expect((await new ApprovalStore(ports).get(askedAgain.approvalId))?.status).toBe('expired');
    });
  });
});
