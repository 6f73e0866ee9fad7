import { awaitDecisionStep } from '../../../functions/await-decision/handler.ts';
import { decideApproval } from '../../../functions/decide-approval/decide-approval.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import type { Incident } from '../../../functions/shared/incident.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { anEscalation, aProposal, aProposedDocument, aRegistration, INCIDENT_ID, somePlans } from '../../support/sample-incident.ts';

const TOKEN = 'first-task-token';
const escalation = anEscalation({
  alternatives: [{ action: 'QUARANTINE', planHash: canonicalHash(somePlans.QUARANTINE), reason: 'one object is corrupt' }],
});
const document: Incident = { ...aProposedDocument(), proposal: aProposal(['RETRY', 'QUARANTINE']), escalation };

describe('AwaitDecision', () => {
  let ports: MemoryPorts;
  beforeEach(async () => {
    ports = memoryPorts();
    await new IncidentStore(ports).claim({
      incidentId: INCIDENT_ID,
      jobName: 'orders',
      runId: 'jr_1',
      attempt: 0,
      lineage: 'l1',
      retryCount: 0,
      owner: 'execution-1',
      trigger: {},
    });
  });
  const wait = (taskToken = TOKEN, input = document) => {
    ports.callback.open.add(taskToken);
    return awaitDecisionStep(() => ports)({ document: input, taskToken });
  };
  const approval = () => new ApprovalStore(ports).get(escalation.approvalId);
  const approve = () =>
    decideApproval(
      {
        approvalId: escalation.approvalId,
        decision: 'approved',
        planHash: canonicalHash(somePlans.RETRY),
        by: 'ada',
        identity: 'iam',
        channel: 'console',
        reason: '',
      },
      ports,
    );

  it('R53 notes which actions take a second person, and who changed the registration last', async () => {
    await register(ports.operations, aRegistration({ fourEyes: ['RETRY'] }), { by: 'ada', at: ports.clock() });
    await wait();
    expect(await approval()).toMatchObject({ fourEyes: { actions: ['RETRY'], author: 'ada' } });
  });

  it('opens the request with the exact plans that were escalated, the proposed one first', async () => {
    await wait();
    expect(await approval()).toMatchObject({
      status: 'pending',
      deadline: escalation.deadline,
      options: [
        { action: 'RETRY', plan: somePlans.RETRY },
        { action: 'QUARANTINE', plan: somePlans.QUARANTINE },
      ],
    });
  });

  it('offers no plan that the escalation does not name, and none where there is nothing to approve', async () => {
    await wait(TOKEN, { ...document, escalation: { ...escalation, action: null, planHash: null, alternatives: [] } });
    expect((await approval())?.options).toEqual([]);
    expect(ports.notifier.sent[0]?.body).toContain('There is no plan to approve.');
  });

  it('opens a request without plans where the incident never came to a proposal', async () => {
    const { proposal: _none, ...unproposed } = document;
    await wait(TOKEN, unproposed);
    expect((await approval())?.options).toEqual([]);
  });

  it('keeps the incident for its owner until the deadline', async () => {
    await wait();
    expect(await new IncidentStore(ports).get(INCIDENT_ID)).toMatchObject({
      status: 'awaiting-decision',
      approvalId: escalation.approvalId,
      leaseUntil: escalation.deadline,
    });
  });

  it('does not open an incident that is closed', async () => {
    await new IncidentStore(ports).close(INCIDENT_ID, 'Resolved', 'validated');
    await wait();
    expect(await new IncidentStore(ports).get(INCIDENT_ID)).toMatchObject({ status: 'closed', outcome: 'Resolved' });
  });

  it('R54 tells people what waits and how to decide, by a message that cannot decide', async () => {
    await wait();
    expect(ports.notifier.sent).toHaveLength(1);
    const [message] = ports.notifier.sent;
    expect(message?.body).toContain(`glue-medic approve|reject ${escalation.approvalId}`);
    expect(message?.body).toContain(`Silence until ${escalation.deadline} means no action.`);
    expect(message?.body).not.toMatch(/https?:/);
  });

  it('R54 the message names the job, the cause, the plan and the commands, a line each', async () => {
    await wait();
    const [{ subject = '', body = '', incidentId = '' } = {}] = ports.notifier.sent;
    expect(subject).toBe('Glue Medic: orders needs a person');
    expect(body.split('\n')).toEqual([
      'orders: needs-approval',
      'a person confirms this action on this job',
      `Proposed: RETRY, plan ${canonicalHash(somePlans.RETRY).slice(0, 12)}`,
      `Silence until ${escalation.deadline} means no action.`,
      `glue-medic incidents ${INCIDENT_ID}   shows the evidence`,
      `glue-medic approve|reject ${escalation.approvalId}`,
    ]);
    expect(incidentId).toBe(INCIDENT_ID);
  });

  it('keeps the subject of a long name within what a mail may have', async () => {
    await wait(TOKEN, { ...document, incident: { ...document.incident, jobName: 'j'.repeat(255) } });
    expect(ports.notifier.sent[0]?.subject).toBe(`Glue Medic: ${'j'.repeat(88)}`);
  });

  it('R50 the task token is in the approval’s row and nowhere else', async () => {
    const answer = await wait();
    await approve();
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    expect(JSON.stringify(ports.notifier.sent)).not.toContain(TOKEN);
    expect(JSON.stringify(await new AuditTrail(ports).entries(INCIDENT_ID))).not.toContain(TOKEN);
    expect(JSON.stringify(await new IncidentStore(ports).get(INCIDENT_ID))).not.toContain(TOKEN);
    expect((await approval())?.taskToken).toBe(TOKEN);
  });

  it('F29 started again it keeps id and deadline, takes the new token, and the decision reaches the new one', async () => {
    await wait();
    ports.callback.open.clear();
    ports.time.advance(600);
    await wait('second-task-token');
    expect((await approval())?.deadline).toBe(escalation.deadline);
    await approve();
    expect(ports.callback.answers.map((answer) => answer.taskToken)).toEqual(['second-task-token']);
  });

  it('R52 started again after the decision it answers at once, and asks nobody twice', async () => {
    await wait();
    ports.callback.isDown = true;
    expect((await approve()).delivery).toBe('not-delivered');
    ports.callback.isDown = false;
    await wait('second-task-token');
    expect(ports.callback.answers).toMatchObject([{ taskToken: 'second-task-token', output: { decision: 'approved', decidedBy: 'ada' } }]);
    expect(ports.notifier.sent).toHaveLength(1);
    expect((await approval())?.delivered).toBe(true);
  });

  it('R51 answers expired, which carries out nothing, where silence has closed the request', async () => {
    await wait();
    await new ApprovalStore(ports).expire(escalation.approvalId);
    await wait('second-task-token');
    expect(ports.callback.answers).toMatchObject([{ output: { decision: 'expired', planHash: null, decidedBy: 'nobody' } }]);
  });

  it('F30 keeps waiting when nobody could be told, and says so in the trail', async () => {
    ports.notifier.isDown = true;
    expect(await wait()).toEqual({ approvalId: escalation.approvalId, status: 'pending' });
    expect((await new AuditTrail(ports).entries(INCIDENT_ID)).map(({ stepKey, payload }) => ({ stepKey, payload }))).toEqual([
      {
        stepKey: `AwaitDecision#${escalation.approvalId}`,
        payload: { approvalId: escalation.approvalId, deadline: escalation.deadline },
      },
      {
        stepKey: `NotifyPeople#${escalation.approvalId}`,
        payload: { approvalId: escalation.approvalId, failed: 'InternalServiceException' },
      },
    ]);
    expect((await approve()).delivery).toBe('delivered');
  });

  it('refuses a document without an escalation, and a state without a token', async () => {
    const step = awaitDecisionStep(() => ports);
    await expect(step({ document: aProposedDocument(), taskToken: TOKEN })).rejects.toThrow(/"document",\s+"escalation"/);
    await expect(step({ document, taskToken: '' })).rejects.toThrow(/"taskToken"/);
    await expect(step({ document, taskToken: 't'.repeat(2049) })).rejects.toThrow(/"taskToken"/);
    expect(await approval()).toBeUndefined();
  });
});
