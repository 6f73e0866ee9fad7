import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBItemTable } from '../../functions/shared/tables/dynamodb-item-table.ts';
import { startDynalite } from '../../local/dynalite-server.ts';

describe('dynalite on this machine', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glue-medic-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps on disk what was written, over a restart, and leaves nothing running', async () => {
    const path = join(folder, 'tables');
    const first = await startDynalite({ path });
    await first.createTable('operations');
    await new DynamoDBItemTable(first.client, 'operations').create({ pk: 'a', sk: 'b' }, { kept: true });
    await first.stop();
    await expect(fetch(first.endpoint)).rejects.toThrow();

    const second = await startDynalite({ path });
    try {
      await second.createTable('operations');
      const item = await new DynamoDBItemTable(second.client, 'operations').get({ pk: 'a', sk: 'b' });
      expect(item?.attributes).toEqual({ kept: true });
    } finally {
      await second.stop();
    }
  });

  it('says so when the folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(startDynalite({ path: join(file, 'tables') })).rejects.toMatchObject({ code: 'E_DYNALITE' });
  });

  it('closes no connection for being idle: the request that comes next would fail', async () => {
    const server = await startDynalite();
    try {
      const { headers } = await fetch(server.endpoint);
      expect(headers.get('keep-alive')).toBeNull();
    } finally {
      await server.stop();
    }
  });

  it('listens on loopback only', async () => {
    const server = await startDynalite();
    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await server.stop();
  });
});
