import { capacityOf, dpuOf, workerTypeProblem } from '../../../functions/shared/worker-types.ts';
import { aJob, aRun } from '../../support/memory-ports.ts';

describe('worker types', () => {
  it.each([
    ['G.025X', 4, 1],
    ['G.1X', 10, 10],
    ['G.2X', 5, 10],
    ['G.4X', 2, 8],
    ['G.8X', 2, 16],
    ['G.12X', 1, 12],
    ['G.16X', 2, 32],
    ['R.1X', 3, 3],
    ['R.8X', 2, 16],
  ])('%s × %i are %d DPU', (type, count, dpu) => {
    expect(dpuOf(type, count)).toBe(dpu);
  });

  it.each(['Z.2X', 'g.1x', '', 'constructor', '__proto__', 'toString'])('knows no DPU of %j', (type) => {
    expect(dpuOf(type, 2)).toBeNull();
  });

  it('reads a run’s capacity from its workers, else from its MaxCapacity', () => {
    expect(capacityOf(aRun({ workerType: 'G.2X', numberOfWorkers: 5 }))).toBe(10);
    expect(capacityOf(aRun({ workerType: null, numberOfWorkers: null, maxCapacity: 6 }))).toBe(6);
    expect(capacityOf(aRun({ workerType: null, numberOfWorkers: null, maxCapacity: null }))).toBeNull();
  });
});

describe('R39 workerTypeProblem', () => {
  it.each([
    ['G.2X', '5.0', 'glueetl'],
    ['G.2X', '1.0', 'glueetl'],
    ['G.4X', '3.0', 'glueetl'],
    ['G.16X', '5.1', 'gluestreaming'],
    ['R.1X', '4.0', 'glueetl'],
    ['G.025X', '3.0', 'gluestreaming'],
  ])('%s serves a job of Glue %s, %s', (type, glueVersion, command) => {
    expect(workerTypeProblem(type, aJob({ glueVersion, command }))).toBeNull();
  });

  it.each([
    ['B14 G.025X is streaming only', 'G.025X', {}, 'E_WORKER: G.025X is streaming only'],
    ['B14 G.4X needs Glue 3', 'G.4X', { glueVersion: '2.0' }, 'E_WORKER: G.4X needs Glue 3, the job has 2.0'],
    ['B14 R.1X needs Glue 4', 'R.1X', { glueVersion: '3.0' }, 'E_WORKER: R.1X needs Glue 4, the job has 3.0'],
    ['a job without a version', 'G.2X', { glueVersion: null }, 'E_WORKER: G.2X needs Glue 1, the job has none named'],
    ['a version that is none', 'G.2X', { glueVersion: 'latest' }, 'E_WORKER: G.2X needs Glue 1, the job has latest'],
    ['a python shell', 'G.1X', { command: 'pythonshell' }, 'E_WORKER: G.1X does not serve pythonshell jobs'],
    ['a type that nobody knows', 'G.3X', {}, 'E_WORKER: G.3X is not a worker type that is known here'],
    ['B15 a job sized by MaxCapacity', 'G.2X', { workerType: null, maxCapacity: 10 }, 'E_WORKER: job uses MaxCapacity'],
  ])('refuses %s', (_what, type, job, problem) => {
    expect(workerTypeProblem(type, aJob(job))).toBe(problem);
  });
});
