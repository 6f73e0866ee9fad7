import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBAppendOnlyTable, DynamoDBItemTable } from '../../../../functions/shared/tables/dynamodb-item-table.ts';
import { type DynaliteServer, startDynalite } from '../../../../local/dynalite-server.ts';
import { itemTableContract } from '../../../contract/item-table.contract.ts';

let server: DynaliteServer;
let tables = 0;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());

async function newTable(): Promise<string> {
  tables += 1;
  const name = `table-${tables}`;
  await server.createTable(name);
  return name;
}

itemTableContract('tables on DynamoDB', async () => ({
  items: new DynamoDBItemTable(server.client, await newTable()),
  log: new DynamoDBAppendOnlyTable(server.client, await newTable()),
}));

describe('the tables on DynamoDB', () => {
  it('say so when an item is not one of ours', async () => {
    const name = await newTable();
    await server.client.send(new PutCommand({ TableName: name, Item: { pk: 'a', sk: 'b', revision: 'one', attributes: {} } }));
    await expect(new DynamoDBItemTable(server.client, name).get({ pk: 'a', sk: 'b' })).rejects.toMatchObject({ code: 'E_STORED' });
  });

  it('pass on the errors of the service', async () => {
    const table = new DynamoDBItemTable(server.client, 'no-such-table');
    await expect(table.create({ pk: 'a', sk: 'b' }, {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
