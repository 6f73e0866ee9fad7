/** Clocks that are five minutes apart: ours and Glue's, the one that decides and the one that sweeps, the owner's and a successor's. */
import { parseTrigger } from '../../../functions/claim-incident/parse-trigger.ts';
import { decideApproval } from '../../../functions/decide-approval/decide-approval.ts';
import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { reconcileRuns } from '../../../functions/reconcile-runs/reconcile-runs.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { faultyPorts } from '../../support/fault-injection.ts';
import { documentOf, healingWorld, planFor } from '../../support/healing-world.ts';
import { aJob, aRun, memoryPorts, NOW, secondsAgo } from '../../support/memory-ports.ts';
import { INCIDENT_ID, somePlans } from '../../support/sample-incident.ts';
import { StartingGlue } from '../../support/starting-glue.ts';

const FIVE_MINUTES = 300;
const SKEWS = [-FIVE_MINUTES, FIVE_MINUTES];
const skewed = (clock: () => Date, seconds: number) => () => new Date(clock().getTime() + seconds * 1000);

describe('F34 clocks five minutes apart', () => {
  it.each(SKEWS)('a start of which nobody knows is found, and not repeated, where Glue’s clock is %i s off', async (skew) => {
    const world = await healingWorld();
    const glue = new StartingGlue(skewed(world.ports.clock, skew));
    glue.add(aRun({ jobName: 'orders' }), aJob({ maxConcurrentRuns: 3 }));
    const ports = { ...world.ports, jobRuns: glue, jobStarter: glue };
    const document = documentOf(await planFor('RETRY', world));
    const schedule = [{ port: 'jobStarter', op: 'startJobRun', callNumber: 1, fault: 'after-effect' as const }];
    await expect(executeAction(document, faultyPorts(ports, { schedule }))).rejects.toThrow();
    world.ports.time.advance(1);
    expect(await executeAction(document, ports)).toMatchObject({ status: 'started', adopted: true, runId: 'jr_started_1' });
    expect(glue.startedFor(INCIDENT_ID)).toHaveLength(1);
    world.remove();
  });

  it.each(SKEWS)('an event that is %i s off is taken', (skew) => {
    const event = {
      source: 'aws.glue',
      'detail-type': 'Glue Job State Change',
      time: secondsAgo(-skew),
      detail: { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED' },
    };
    expect(parseTrigger(event, { accountId: '1', region: 'r', now: NOW })).toMatchObject({ kind: 'run' });
  });

  describe('an approval', () => {
    const ID = 'apr-0123456789abcdef';
    const planHash = canonicalHash(somePlans.RETRY);
    const opened = async () => {
      const ports = memoryPorts();
      await new ApprovalStore(ports).open({
        ...{ approvalId: ID, incidentId: INCIDENT_ID, jobName: 'orders', kind: 'needs-approval', reason: 'asks' },
        deadline: secondsAgo(-3600),
        options: [{ action: 'RETRY', planHash, plan: somePlans.RETRY }],
        suggestedPatch: null,
        taskToken: 'token',
      });
      ports.callback.open.add('token');
      return ports;
    };
    const approveBy = (ports: Awaited<ReturnType<typeof opened>>, skew: number) =>
      decideApproval(
        { approvalId: ID, decision: 'approved', planHash, by: 'ada', identity: 'iam', channel: 'console', reason: '' },
        { ...ports, clock: skewed(ports.clock, skew) },
      );

    it('is over once either clock says so: one that is late cannot approve what the sweeper has ended', async () => {
      const ports = await opened();
      ports.time.advance(3600 + 60);
      await reconcileRuns(ports);
      await expect(approveBy(ports, -FIVE_MINUTES)).rejects.toThrow('E_APPROVAL_EXPIRED');
      expect(ports.callback.answers).toMatchObject([{ output: { decision: 'expired', planHash: null } }]);
    });

    it('is over early, on the safe side, for a clock that is ahead; nothing is decided by that', async () => {
      const ports = await opened();
      ports.time.advance(3600 - 60);
      await expect(approveBy(ports, FIVE_MINUTES)).rejects.toThrow('E_APPROVAL_EXPIRED');
      expect(await new ApprovalStore(ports).get(ID)).toMatchObject({ status: 'pending', decision: null });
      expect((await approveBy(ports, 0)).approval.status).toBe('approved');
    });
  });

  it.each(SKEWS)('an owner that waits for an hour keeps its incident from a successor whose clock is %i s off', async (skew) => {
    const ports = memoryPorts();
    const claim = { incidentId: 'inc-1', jobName: 'orders', runId: 'jr_1', attempt: 0, lineage: 'l1', retryCount: 0, trigger: {} };
    expect(await new IncidentStore(ports).claim({ ...claim, owner: 'first' })).toBe('claimed');
    ports.time.advance(3600);
    const off = new IncidentStore({ ...ports, clock: skewed(ports.clock, skew) });
    expect(await off.claim({ ...claim, owner: 'second' })).toBe('duplicate');
  });
});
