import {
  freezeJob,
  type JobFreeze,
  liftJobFreeze,
  listJobFreezes,
  readJobFreeze,
} from '../../../../functions/shared/stores/frozen-jobs.ts';
import { MemoryItemTable } from '../../../../local/twins/memory-item-table.ts';
import { secondsAgo } from '../../../support/memory-ports.ts';

const FREEZE: JobFreeze = { jobName: 'orders', incidentId: 'inc-1', reason: 'inverse failed: AccessDenied', at: secondsAgo(60) };
const LIFTED = { by: 'ada', at: secondsAgo(0), reason: 'restored by hand' };

describe('F32 frozen jobs', () => {
  let table: MemoryItemTable;
  beforeEach(() => {
    table = new MemoryItemTable();
  });

  it('are frozen until a person lifts it, and can be frozen again', async () => {
    expect(await readJobFreeze(table, 'orders')).toBeNull();
    await freezeJob(table, FREEZE);
    expect(await readJobFreeze(table, 'orders')).toEqual(FREEZE);
    expect(await liftJobFreeze(table, 'orders', LIFTED)).toBe('lifted');
    expect(await readJobFreeze(table, 'orders')).toBeNull();
    expect(await liftJobFreeze(table, 'orders', LIFTED)).toBe('not-frozen');
    await freezeJob(table, { ...FREEZE, incidentId: 'inc-2' });
    expect(await readJobFreeze(table, 'orders')).toMatchObject({ incidentId: 'inc-2' });
  });

  it('keep the first of freezes at the same moment', async () => {
    await Promise.all(['inc-1', 'inc-2', 'inc-3'].map((incidentId) => freezeJob(table, { ...FREEZE, incidentId })));
    expect(await readJobFreeze(table, 'orders')).toMatchObject({ incidentId: 'inc-1' });
    expect((await table.get({ pk: 'FROZEN_JOBS', sk: 'orders' }))?.revision).toBe(1);
  });

  it('keep who has lifted it, when and why', async () => {
    await freezeJob(table, FREEZE);
    await liftJobFreeze(table, 'orders', LIFTED);
    expect((await table.get({ pk: 'FROZEN_JOBS', sk: 'orders' }))?.attributes).toEqual({ ...FREEZE, lifted: LIFTED });
  });

  it('R31 that cannot be read count as frozen, and can be lifted', async () => {
    await table.create({ pk: 'FROZEN_JOBS', sk: 'orders' }, { lifted: 'perhaps' });
    expect(await readJobFreeze(table, 'orders')).toMatchObject({ jobName: 'orders', reason: expect.stringContaining('unreadable') });
    expect(await liftJobFreeze(table, 'orders', LIFTED)).toBe('lifted');
    expect(await readJobFreeze(table, 'orders')).toBeNull();
  });

  it('are listed while they are frozen', async () => {
    for (const jobName of ['b', 'a', 'c']) await freezeJob(table, { ...FREEZE, jobName });
    await liftJobFreeze(table, 'b', LIFTED);
    expect((await listJobFreezes(table)).map(({ jobName }) => jobName)).toEqual(['a', 'c']);
  });

  it('bound a reason of any length', async () => {
    await freezeJob(table, { ...FREEZE, reason: 'x'.repeat(5000) });
    expect((await readJobFreeze(table, 'orders'))?.reason).toHaveLength(500);
  });
});
