import { standDownOf } from '../../../functions/claim-incident/stand-down.ts';
import { REMEDIATION_ID } from '../../../functions/shared/lineage.ts';
import type { Job, JobRun } from '../../../functions/shared/ports.ts';
import { aJob, aRun, secondsAgo } from '../../support/memory-ports.ts';

type Facts = Parameters<typeof standDownOf>[0];

const failed = aRun();
const newer = (changes: Partial<JobRun>) => aRun({ id: 'jr_2', startedOn: secondsAgo(300), completedOn: null, ...changes });
const judge = (run: JobRun, job: Partial<Job> = {}, others: JobRun[] = [], source: Facts['source'] = 'event') =>
  standDownOf({ run, job: aJob(job), recentRuns: [run, ...others], source, incidentId: 'inc-own' });

describe('standDownOf', () => {
  it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'] as const)('R1 a run that is %s is ours', (state) => {
    expect(judge(aRun({ state }))).toBeNull();
  });

  it.each(['STOPPED', 'STOPPING'] as const)('R10 a run that is %s is left alone for good', (state) => {
    expect(judge(aRun({ state }))).toEqual({ reason: 'the run was stopped, which is a human intent', until: 'for-good' });
  });

  it.each(['RUNNING', 'STARTING', 'WAITING', 'SUCCEEDED'] as const)('R1 a run that is %s by now may still fail: for now', (state) => {
    expect(judge(aRun({ state }))).toEqual({ reason: `the run is ${state} by now`, until: 'for-now' });
  });

  it('R7 F4 a failure that Glue itself will retry is left alone; after the last attempt it is ours', () => {
    expect(judge(aRun({ attempt: 0 }), { maxRetries: 1 })?.reason).toBe('Glue will retry by itself: attempt 0 of 1');
    expect(judge(aRun({ attempt: 1 }), { maxRetries: 1 })).toBeNull();
  });

  it('R7 Glue does not restart a run that reached its timeout, so that is ours at once', () => {
    expect(judge(aRun({ state: 'TIMEOUT', attempt: 0 }), { maxRetries: 3 })).toBeNull();
  });

  it.each(['STARTING', 'RUNNING', 'WAITING', 'STOPPING'] as const)('R7 a newer run of the lineage that is %s has overtaken it', (state) => {
    expect(judge(failed, {}, [newer({ state })])?.reason).toBe(`overtaken by run jr_2, which is ${state}`);
  });

  it('R6 F3 FAILED of attempt 0 after SUCCEEDED of attempt 1 leads to nothing', () => {
    expect(judge(failed, { maxRetries: 1 }, [newer({ id: 'jr_1_attempt_1', attempt: 1, state: 'SUCCEEDED' })])).not.toBeNull();
    expect(judge(failed, { maxRetries: 0 }, [newer({ state: 'SUCCEEDED' })])?.until).toBe('for-good');
  });

  it('is not overtaken by a newer failure, an older run, another lineage or the incident’s own rerun', () => {
    expect(judge(failed, {}, [newer({ state: 'FAILED' })])).toBeNull();
    expect(judge(failed, {}, [newer({ state: 'SUCCEEDED', startedOn: secondsAgo(2000) })])).toBeNull();
    expect(judge(failed, {}, [newer({ state: 'SUCCEEDED', arguments: { '--day': '2026-11-06' } })])).toBeNull();
    expect(judge(failed, {}, [newer({ state: 'RUNNING', arguments: { ...failed.arguments, [REMEDIATION_ID]: 'inc-own' } })])).toBeNull();
  });

  it('is overtaken by another incident’s rerun of the same lineage', () => {
    const rerun = newer({ state: 'RUNNING', arguments: { ...failed.arguments, [REMEDIATION_ID]: 'inc-other' } });
    expect(judge(failed, {}, [rerun])?.reason).toBe('overtaken by run jr_2, which is RUNNING');
  });

  it('a remediation’s rerun belongs to its incident, until that hands it on', () => {
    const rerun = aRun({ arguments: { [REMEDIATION_ID]: 'inc-1' } });
    expect(judge(rerun)).toEqual({ reason: 'the run belongs to remediation inc-1', until: 'for-now' });
    expect(judge(rerun, {}, [], 'reconciler')?.until).toBe('for-now');
    expect(judge(rerun, {}, [], 'lineage')).toBeNull();
  });

  describe('for a failed data quality ruleset', () => {
    const byRuleset = (run: JobRun, job: Partial<Job> = {}) => judge(run, job, [], 'data-quality');

    it('a run that succeeded is ours', () => {
      expect(byRuleset(aRun({ state: 'SUCCEEDED' }))).toBeNull();
    });

    it('a run that still runs is not: its end would be a duplicate', () => {
      expect(byRuleset(aRun({ state: 'RUNNING' }))?.until).toBe('for-now');
    });

    it('R7 a failure that Glue itself will retry stays Glue’s', () => {
      expect(byRuleset(aRun({ attempt: 0 }), { maxRetries: 1 })).not.toBeNull();
    });
  });
});
