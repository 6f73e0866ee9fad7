import { claimIncident } from '../../../functions/claim-incident/claim-incident.ts';
import { HANDED_OVER, RECONCILED } from '../../../functions/claim-incident/parse-trigger.ts';
import { decideApproval } from '../../../functions/decide-approval/decide-approval.ts';
import { reconcileRuns } from '../../../functions/reconcile-runs/reconcile-runs.ts';
import { ServiceError } from '../../../functions/shared/aws-errors.ts';
import { REMEDIATION_ID } from '../../../functions/shared/lineage.ts';
import type { JobRun } from '../../../functions/shared/ports.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { IncidentStore, incidentIdOf } from '../../../functions/shared/stores/incidents.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { joinStorm, listStorms } from '../../../functions/shared/stores/storms.ts';
import { aJob, aRun, gatedTable, type MemoryPorts, memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import { aRegistration } from '../../support/sample-incident.ts';

const HOUR = 3600;
const endedAgo = (seconds: number, changes: Partial<JobRun> = {}) =>
  aRun({ startedOn: secondsAgo(seconds + 300), completedOn: secondsAgo(seconds), ...changes });

const ANNOUNCED = {
  source: 'aws.glue',
  'detail-type': 'Glue Job State Change',
  detail: { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED' },
};

describe('reconcileRuns', () => {
  let ports: MemoryPorts;
  beforeEach(async () => {
    ports = memoryPorts();
    await register(ports.operations, aRegistration());
  });
  const reconcile = () => reconcileRuns(ports);
  const startedRuns = () => ports.workflow.started.map(({ input }) => (input as { detail: { jobRunId: string } }).detail.jobRunId);

  describe('R4 F1 runs that no event announced', () => {
    it('opens each within one pass, by an event that ClaimIncident takes', async () => {
      ports.jobRuns.add(endedAgo(600));
      expect(await reconcile()).toEqual({ opened: 1, digested: 0, redelivered: 0, restarted: 0, stormsSettled: 0 });
      const [execution] = ports.workflow.started;
      expect(execution?.input).toMatchObject({ source: 'glue-medic', 'detail-type': RECONCILED });
      expect(await claimIncident(execution?.input, 'e-1', ports)).toMatchObject({ disposition: 'claimed', source: 'reconciler' });
    });

    it('opens each once, pass after pass, as soon as it is claimed', async () => {
      ports.jobRuns.add(endedAgo(600));
      for (let pass = 0; pass < 5; pass += 1) {
        await Promise.all([reconcile(), reconcile()]);
        const execution = ports.workflow.started.at(-1);
        await claimIncident(execution?.input, execution?.name ?? '', ports);
        ports.time.advance(300);
      }
      expect(startedRuns()).toEqual(['jr_1']);
    });

    it('opens again what died before its claim: a name that was used once bars no way', async () => {
      ports.jobRuns.add(endedAgo(600));
      await reconcile();
      expect((await reconcile()).opened).toBe(0);
      ports.time.advance(300);
      expect((await reconcile()).opened).toBe(1);
      expect(startedRuns()).toEqual(['jr_1', 'jr_1']);
    });

    it('restarts what died again before its claim', async () => {
      ports.jobRuns.add(endedAgo(600));
      await claimIncident({ ...ANNOUNCED }, 'e-1', ports);
      ports.time.advance(90 * 60 + 1);
      expect((await reconcile()).restarted).toBe(1);
      ports.time.advance(300);
      expect((await reconcile()).restarted).toBe(1);
    });

    it('restarts an incident whose execution has died, once per lease, under a claim that admits the successor', async () => {
      const event = {
        source: 'aws.glue',
        'detail-type': 'Glue Job State Change',
        detail: { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED' },
      };
      ports.jobRuns.add(endedAgo(600));
      await claimIncident(event, 'e-1', ports);
      ports.time.advance(90 * 60);
      expect((await reconcile()).restarted).toBe(0);
      ports.time.advance(1);
      expect((await reconcile()).restarted).toBe(1);
      expect((await reconcile()).restarted).toBe(0);
      const successor = ports.workflow.started.at(-1);
      expect(await claimIncident(successor?.input, 'e-2', ports)).toMatchObject({ disposition: 'claimed' });
    });

    it('R3 leaves alone what an event has announced', async () => {
      ports.jobRuns.add(endedAgo(600));
      const event = {
        source: 'aws.glue',
        'detail-type': 'Glue Job State Change',
        detail: { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED' },
      };
      await claimIncident(event, 'e-1', ports);
      expect((await reconcile()).opened).toBe(0);
    });

    it('gives an event two minutes before it acts in its place, and then loses nothing', async () => {
      ports.jobRuns.add(endedAgo(119));
      expect((await reconcile()).opened).toBe(0);
      ports.time.advance(1);
      expect((await reconcile()).opened).toBe(1);
    });

    it('finds a run that Glue lists only after a pass had gone by it, up to an hour later', async () => {
      await reconcile();
      ports.jobRuns.add(endedAgo(120 + HOUR, { id: 'jr_late' }));
      ports.jobRuns.add(endedAgo(120 + HOUR + 1, { id: 'jr_too_late' }));
      await reconcile();
      expect(startedRuns()).toEqual(['jr_late']);
    });

    it.each(['SUCCEEDED', 'STOPPED', 'RUNNING', 'WAITING'] as const)('R1 R10 opens nothing for a run that is %s', async (state) => {
      ports.jobRuns.add(endedAgo(600, { state }));
      expect((await reconcile()).opened).toBe(0);
    });

    it('touches nothing from before the registration', async () => {
      await register(ports.operations, aRegistration({ jobName: 'new', registeredAt: secondsAgo(HOUR) }));
      ports.jobRuns.add(endedAgo(HOUR + 1, { id: 'jr_old', jobName: 'new' }));
      ports.jobRuns.add(endedAgo(HOUR, { id: 'jr_new', jobName: 'new' }));
      expect(await reconcile()).toMatchObject({ opened: 1, digested: 0 });
      expect(startedRuns()).toEqual(['jr_new']);
    });

    it('tells of what ended more than a day ago in one digest per job, and opens none of it', async () => {
      for (const index of [1, 2, 3]) ports.jobRuns.add(endedAgo(24 * HOUR + index, { id: `jr_old_${index}` }));
      ports.jobRuns.add(endedAgo(24 * HOUR, { id: 'jr_in_time' }));
      expect(await reconcile()).toMatchObject({ opened: 1, digested: 3 });
      await reconcile();
      expect(ports.notifier.sent.map((mail) => mail.subject)).toEqual(['Glue Medic: 3 older failures of orders']);
    });

    it('finds a run that began days ago and has ended now', async () => {
      ports.jobRuns.add(endedAgo(600, { startedOn: secondsAgo(5 * 24 * HOUR) }));
      for (let index = 0; index < 450; index += 1) ports.jobRuns.add(endedAgo(700 + index, { id: `jr_good_${index}`, state: 'SUCCEEDED' }));
      expect((await reconcile()).opened).toBe(1);
    });

    it('R4 reads a bounded number of pages, however many runs there are', async () => {
      for (let index = 0; index < 3000; index += 1) {
        ports.jobRuns.runs.push(endedAgo(600 + index, { id: `jr_${index}`, state: 'SUCCEEDED' }));
      }
      ports.jobRuns.jobs.set('orders', aJob());
      await reconcile();
      expect(ports.jobRuns.pagesRead).toBe(10);
    });
  });

  describe('failed reruns', () => {
    const rerun = endedAgo(600, { id: 'jr_2', arguments: { [REMEDIATION_ID]: 'inc-first' } });
    beforeEach(async () => {
      const ids = { incidentId: 'inc-first', jobName: 'orders', runId: 'jr_1', attempt: 0, lineage: 'l1', retryCount: 1 };
      await new IncidentStore(ports).claim({ ...ids, owner: 'e-1', trigger: {} });
      ports.jobRuns.add(rerun);
    });

    it('belong to their incident as long as that is open, or was closed otherwise', async () => {
      expect((await reconcile()).opened).toBe(0);
      await new IncidentStore(ports).close('inc-first', 'Resolved', 'x');
      expect((await reconcile()).opened).toBe(0);
    });

    it('are handed on where the hand-over got lost, however late, and are then the lineage’s next incident', async () => {
      ports.time.advance(5 * HOUR);
      await new IncidentStore(ports).close('inc-first', 'Superseded', 'failed again', 'jr_2');
      expect((await reconcile()).opened).toBe(1);
      const [execution] = ports.workflow.started;
      expect(execution?.input).toMatchObject({ 'detail-type': HANDED_OVER });
      expect(await claimIncident(execution?.input, 'e-2', ports)).toMatchObject({
        disposition: 'claimed',
        lineage: 'l1',
        retryCount: 2,
        previousIncidentId: 'inc-first',
      });
    });
  });

  describe('one that fails keeps none of the others waiting', () => {
    beforeEach(async () => {
      await register(ports.operations, aRegistration({ jobName: 'a-broken' }));
      ports.jobRuns.add(endedAgo(600));
    });

    it('a job that Glue does not know any more has no runs', async () => {
      expect((await reconcile()).opened).toBe(1);
    });

    it('a job that cannot be read is named at the end', async () => {
      const list = ports.jobRuns.listJobRuns.bind(ports.jobRuns);
      ports.jobRuns.listJobRuns = async (jobName, page) => {
        if (jobName === 'a-broken') throw new ServiceError('AccessDeniedException', 'no');
        return list(jobName, page);
      };
      await expect(reconcile()).rejects.toThrow('E_RECONCILE: 1 left for the next pass: job "a-broken" (AccessDeniedException)');
      expect(startedRuns()).toEqual(['jr_1']);
    });
  });

  describe('R52 decisions that did not reach the waiting state', () => {
    beforeEach(async () => {
      await new ApprovalStore(ports).open({
        approvalId: 'apr-0123456789abcdef',
        incidentId: 'inc-first',
        jobName: 'orders',
        deadline: secondsAgo(-HOUR),
        kind: 'needs-approval',
        reason: 'x',
        options: [],
        suggestedPatch: null,
        taskToken: 'token',
      });
      ports.callback.open.add('token');
    });
    const reject = () =>
      decideApproval(
        {
          approvalId: 'apr-0123456789abcdef',
          decision: 'rejected',
          planHash: null,
          by: 'ada',
          identity: 'iam',
          channel: 'console',
          reason: '',
        },
        ports,
      );

    it('F26 are sent again, once', async () => {
      ports.callback.isDown = true;
      await reject();
      ports.callback.isDown = false;
      expect((await reconcile()).redelivered).toBe(1);
      expect((await reconcile()).redelivered).toBe(0);
      expect(ports.callback.answers).toMatchObject([{ taskToken: 'token', output: { decision: 'rejected' } }]);
    });

    it('stay until they can be delivered', async () => {
      ports.callback.isDown = true;
      await reject();
      await expect(reconcile()).rejects.toThrow('decision apr-0123456789abcdef (InternalServiceException)');
      ports.callback.isDown = false;
      expect((await reconcile()).redelivered).toBe(1);
    });

    it('that nobody has taken up, the waiting execution having died, let a successor in', async () => {
      ports.jobRuns.add(endedAgo(600));
      await claimIncident(ANNOUNCED, 'e-1', ports);
      const incidents = new IncidentStore(ports);
      const incidentId = incidentIdOf('orders', 'jr_1', 0);
      await incidents.awaitDecision(incidentId, 'apr-0123456789abcdef', secondsAgo(-HOUR));
      await ports.operations.replace(
        { pk: 'APPROVALS', sk: 'apr-0123456789abcdef' },
        { ...(await new ApprovalStore(ports).get('apr-0123456789abcdef')), incidentId },
        1,
      );
      ports.callback.open.clear();
      await reject();
      // It may still be on its way to the next step.
      expect((await reconcile()).restarted).toBe(0);
      ports.time.advance(20 * 60);
      expect((await reconcile()).restarted).toBe(1);
      expect((await reconcile()).restarted).toBe(0);
      expect(await claimIncident(ports.workflow.started.at(-1)?.input, 'e-2', ports)).toMatchObject({ disposition: 'claimed' });
      await incidents.close(incidentId, 'HandedOver', 'rejected');
      ports.time.advance(2 * HOUR);
      expect((await reconcile()).restarted).toBe(0);
    });

    it('that nobody has made yet are not made here', async () => {
      expect((await reconcile()).redelivered).toBe(0);
      expect(ports.callback.answers).toEqual([]);
    });
  });

  describe('F38 storms', () => {
    const K = 3;
    const runOf = (index: number) => `jr_s${index}`;
    const idOf = (index: number) => incidentIdOf('orders', runOf(index), 0);
    const event = (index: number) => ({
      source: 'aws.glue',
      'detail-type': 'Glue Job State Change',
      account: '111122223333',
      detail: { jobName: 'orders', jobRunId: runOf(index), state: 'FAILED' },
    });
    const join = (index: number) => joinStorm(ports, 'throttling', idOf(index), { stormIncidents: K, stormWindowSeconds: 600 });
    const incidents = () => new IncidentStore(ports);

    beforeEach(async () => {
      for (let index = 1; index <= 5; index += 1) {
        ports.jobRuns.add(endedAgo(600, { id: runOf(index), arguments: { '--part': String(index) } }));
        await claimIncident(event(index), `e-${index}`, ports);
        if ((await join(index)).deferred) await incidents().close(idOf(index), 'Deferred', 'waits');
      }
    });
    const reopened = () => ports.workflow.started.filter(({ name }) => name.startsWith('r'));

    it('wait as long as the first is under way', async () => {
      expect((await reconcile()).stormsSettled).toBe(0);
      expect(reopened()).toEqual([]);
    });

    it('are opened again once the first is resolved, each once, and each may be claimed', async () => {
      await incidents().close(idOf(1), 'Resolved', 'validated');
      expect((await reconcile()).stormsSettled).toBe(1);
      expect((await reconcile()).stormsSettled).toBe(0);
      expect(reopened().map(({ name }) => name)).toEqual([3, 4, 5].map((index) => `r2-${idOf(index)}`));
      for (const { input } of reopened()) {
        expect(await claimIncident(input, `again-${JSON.stringify(input)}`, ports)).toMatchObject({ disposition: 'claimed', opening: 2 });
      }
      expect(ports.notifier.sent).toEqual([]);
    });

    it('members that are opened again may act: they are no part of the storm that is over', async () => {
      await incidents().close(idOf(1), 'Resolved', 'validated');
      await reconcile();
      expect(await join(3)).toEqual({ place: 1, deferred: false });
    });

    it.each(['HandedOver', 'Superseded', 'Shadowed'] as const)(
      'are told to a person in one digest where the first ended %s',
      async (outcome) => {
        await incidents().close(idOf(1), outcome, 'x');
        await reconcile();
        await reconcile();
        expect(ports.notifier.sent.map((mail) => mail.subject)).toEqual(['Glue Medic: 3 failures wait behind throttling']);
        for (const index of [3, 4, 5]) expect(ports.notifier.sent[0]?.body).toContain(idOf(index));
        expect(reopened()).toEqual([]);
      },
    );

    it('wait for a member that is about to be closed: it could not be opened again yet', async () => {
      ports.jobRuns.add(endedAgo(600, { id: runOf(6), arguments: { '--part': '6' } }));
      await claimIncident(event(6), 'e-6', ports);
      await join(6);
      await incidents().close(idOf(1), 'Resolved', 'validated');
      expect((await reconcile()).stormsSettled).toBe(0);
      await incidents().close(idOf(6), 'Deferred', 'waits');
      expect((await reconcile()).stormsSettled).toBe(1);
      expect(reopened()).toHaveLength(4);
    });

    it('do not wait for ever for a first one, or a member, on which the machine itself has failed', async () => {
      ports.jobRuns.add(endedAgo(600, { id: runOf(6), arguments: { '--part': '6' } }));
      await claimIncident(event(6), 'e-6', ports);
      await join(6);
      ports.time.advance(24 * HOUR + 90 * 60 + 1);
      expect((await reconcile()).stormsSettled).toBe(1);
      expect(ports.notifier.sent.at(-1)?.subject).toBe('Glue Medic: 4 failures wait behind throttling');
    });

    it('F22 lose nobody where the reconciler dies at any write: a later pass finishes, and nothing is done twice', async () => {
      await incidents().close(idOf(1), 'Resolved', 'validated');
      for (let dyingCall = 1; dyingCall <= 5; dyingCall += 1) {
        let writes = 0;
        const operations = gatedTable(ports.operations, async (call) => {
          if (call === 'replace') writes += 1;
          if (writes === dyingCall) throw new Error('died');
        });
        await reconcileRuns({ ...ports, operations }).catch(() => undefined);
        ports.time.advance(5 * 60 + 1);
      }
      await reconcile();
      expect(reopened().map(({ name }) => name)).toEqual([3, 4, 5].map((index) => `r2-${idOf(index)}`));
      expect(await listStorms(ports.operations)).toEqual([]);
    });

    it('F30 are told again where the message could not be sent', async () => {
      await incidents().close(idOf(1), 'HandedOver', 'x');
      ports.notifier.isDown = true;
      await expect(reconcile()).rejects.toThrow('storm throttling');
      ports.notifier.isDown = false;
      expect((await reconcile()).stormsSettled).toBe(0);
      ports.time.advance(5 * 60 + 1);
      expect((await reconcile()).stormsSettled).toBe(1);
      expect(ports.notifier.sent).toHaveLength(1);
    });

    it('are told once, though reconcilers run at once, and counted where they are too many to be named', async () => {
      for (let index = 6; index <= 110; index += 1) {
        ports.jobRuns.add(endedAgo(600, { id: runOf(index), arguments: { '--part': String(index) } }));
        await claimIncident(event(index), `e-${index}`, ports);
        if ((await join(index)).deferred) await incidents().close(idOf(index), 'Deferred', 'waits');
      }
      await incidents().close(idOf(1), 'HandedOver', 'x');
      const passes = await Promise.all(Array.from({ length: 5 }, reconcile));
      expect(passes.map(({ stormsSettled }) => stormsSettled).toSorted()).toEqual([0, 0, 0, 0, 1]);
      expect(ports.notifier.sent).toHaveLength(1);
      expect(ports.notifier.sent[0]?.body).toContain('and 8 more');
    });
  });
});
