import { MemoryAppendOnlyTable, MemoryItemTable } from '../../../local/twins/memory-item-table.ts';
import { itemTableContract } from '../../contract/item-table.contract.ts';

itemTableContract('tables in memory', async () => ({ items: new MemoryItemTable(), log: new MemoryAppendOnlyTable() }));

describe('the append-only table in memory', () => {
  it('denies by name what the roles deny on AWS', async () => {
    const log = new MemoryAppendOnlyTable();
    await expect(log.replace()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(log.delete()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
