import { closeIncidentStep } from '../../../functions/close-incident/handler.ts';
import { decideApproval } from '../../../functions/decide-approval/decide-approval.ts';
import { documentOf, reportOf } from '../../../functions/shared/incident-report.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { type MemoryPorts, memoryPorts, NOW, secondsAgo } from '../../support/memory-ports.ts';
import {
  aCapability,
  aDocument,
  anEscalation,
  anExecution,
  anIncident,
  aProposal,
  aSafety,
  aValidation,
  INCIDENT_ID,
  someEvidence,
  someFindings,
} from '../../support/sample-incident.ts';

describe('documentOf', () => {
  let ports: MemoryPorts;
  let trail: AuditTrail;
  beforeEach(() => {
    ports = memoryPorts();
    trail = new AuditTrail(ports);
  });
  const write = (stepKey: string, payload: unknown) => trail.append(INCIDENT_ID, stepKey, payload);
  const documentNow = async () => documentOf(await trail.entries(INCIDENT_ID));

  it('puts the document together from what the steps recorded', async () => {
    await write('ClaimIncident#a1', anIncident());
    await write('GatherEvidence#1', someEvidence());
    await write('DetectAnomalies#1', someFindings());
    expect(await documentNow()).toEqual({ incident: anIncident(), evidence: someEvidence(), findings: someFindings() });
  });

  it('takes the last of what was written more than once', async () => {
    await write('ValidateOutcome#1', aValidation('pending'));
    await write('ValidateOutcome#2', aValidation('validated'));
    expect((await documentNow()).validation?.verdict).toBe('validated');
  });

  it.each(['duplicate', 'stood-down'] as const)('is not changed by another execution that found the incident %s', async (disposition) => {
    await write('ClaimIncident#a1', anIncident());
    await write('ClaimIncident#b2', anIncident({ disposition, executionId: 'execution-2' }));
    expect((await documentNow()).incident?.executionId).toBe('execution-1');
  });

  it('is the owner’s, although another execution was there first and stood down', async () => {
    await write('ClaimIncident#b2', anIncident({ disposition: 'stood-down', executionId: 'execution-2' }));
    await write('ClaimIncident#a1', anIncident());
    expect((await documentNow()).incident).toMatchObject({ disposition: 'claimed', executionId: 'execution-1' });
  });

  it('begins anew where the incident is opened again', async () => {
    await write('ClaimIncident#a1', anIncident());
    await write('CheckSafety#1', aSafety('deferred', 'RETRY'));
    await write('CloseIncident#1', { outcome: 'Deferred', reason: 'waits', closedAt: secondsAgo(0), minutes: 1, nextIncident: null });
    expect(reportOf(INCIDENT_ID, await documentNow(), NOW).outcome).toBe('Deferred');
    await write('ClaimIncident#b2', anIncident({ opening: 2, executionId: 'execution-2' }));
    expect(await documentNow()).toEqual({ incident: anIncident({ opening: 2, executionId: 'execution-2' }) });
  });

  it('leaves out what is no section, and sections that are not as they should be', async () => {
    await write('AwaitDecision#apr-1', { approvalId: 'apr-1' });
    await write('constructor#1', { x: 1 });
    await write('CheckSafety#1', { verdict: 'allow' });
    expect(await documentNow()).toEqual({});
  });
});

describe('reportOf', () => {
  it('R72 has every key always, null where it was not reached', () => {
    expect(reportOf(INCIDENT_ID, {}, NOW)).toEqual({
      incidentId: INCIDENT_ID,
      job: '',
      family: null,
      risk: null,
      state: null,
      proposed: null,
      safety: null,
      capability: null,
      executed: null,
      validation: null,
      outcome: null,
      minutes: 0,
      approvalId: null,
    });
  });

  it('sums an incident up in one line', () => {
    const document = aDocument({
      evidence: someEvidence(),
      findings: someFindings(),
      proposal: aProposal(['RETRY']),
      safety: aSafety('allow', 'RETRY'),
      capability: aCapability('available'),
      execution: anExecution(),
      validation: aValidation('validated'),
      closure: { outcome: 'Resolved', reason: 'validated', closedAt: secondsAgo(0), minutes: 10, nextIncident: null },
    });
    expect(reportOf(INCIDENT_ID, document, NOW)).toEqual({
      incidentId: INCIDENT_ID,
      job: 'orders',
      family: 'transient_infrastructure',
      risk: 'low',
      state: 'transient_infrastructure|low|0|none|good',
      proposed: 'RETRY',
      safety: { verdict: 'allow', reason: 'allow RETRY' },
      capability: { verdict: 'available', reason: 'available here' },
      executed: 'RETRY',
      validation: { verdict: 'validated', reason: 'validated: the run and its data' },
      outcome: 'Resolved',
      minutes: 10,
      approvalId: null,
    });
  });

  it('says that nothing was executed where the executor refused', () => {
    expect(reportOf(INCIDENT_ID, aDocument({ execution: anExecution({ status: 'refused' }) }), NOW).executed).toBeNull();
  });

  it('is Escalated while a person is asked, not after the decision, and not in shadow', async () => {
    const ports = memoryPorts();
    const escalation = anEscalation();
    const trail = new AuditTrail(ports);
    await trail.append(INCIDENT_ID, 'ClaimIncident#a1', anIncident());
    await trail.append(INCIDENT_ID, 'EscalateIncident#1', escalation);
    const outcomeNow = async () => reportOf(INCIDENT_ID, documentOf(await trail.entries(INCIDENT_ID)), NOW).outcome;
    expect(await outcomeNow()).toBe('Escalated');
    const request = { ...escalation, incidentId: INCIDENT_ID, jobName: 'orders', options: [], taskToken: 'token' };
    const { approvalId, incidentId, jobName, deadline, kind, reason, options, suggestedPatch, taskToken } = request;
    await new ApprovalStore(ports).open({ approvalId, incidentId, jobName, deadline, kind, reason, options, suggestedPatch, taskToken });
    const decision = {
      approvalId,
      decision: 'rejected' as const,
      planHash: null,
      by: 'ada',
      identity: 'iam',
      channel: 'console',
      reason: 'no',
    };
    await decideApproval(decision, ports);
    expect(await outcomeNow()).toBeNull();
    const document = documentOf(await trail.entries(INCIDENT_ID));
    expect(document.approval).toMatchObject({ decision: 'rejected', decidedBy: 'ada', reason: 'no' });
    await closeIncidentStep(() => ports)(document);
    expect(await outcomeNow()).toBe('HandedOver');
    expect(reportOf(INCIDENT_ID, aDocument({ escalation: anEscalation({ disposition: 'shadow' }) }), NOW).outcome).toBeNull();
  });
});
