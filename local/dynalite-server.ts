/** DynamoDB on this machine: dynalite in this process, on loopback, kept on disk where a folder is given. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { EnvironmentError, quoteForMessage } from '../functions/shared/errors.ts';

const TABLE_READY_ATTEMPTS = 200;
const TABLE_READY_PAUSE_MS = 5;

export interface DynaliteServer {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  /** A table keyed by the strings `pk` and `sk`; one that is there already is kept with what it holds. */
  createTable(name: string): Promise<void>;
  /** Ends the server, its connections and the store: nothing is left running, the folder may be opened again. */
  stop(): Promise<void>;
}

/**
 * `path` must not be open elsewhere: who owns the data directory is for its owner to know, LevelDB tells only by failing.
 * Errors: E_DYNALITE where the folder cannot be written, or a table does not get ready.
 */
export async function startDynalite({ path }: { path?: string } = {}): Promise<DynaliteServer> {
  if (path !== undefined) await requireWritable(path);
  const server = dynalite(path === undefined ? { createTableMs: 0 } : { createTableMs: 0, path });
  // A connection that the server closed when idle would fail the request that is just being sent on it: after a quiet while, the first.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const raw = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const client = DynamoDBDocumentClient.from(raw);

  const stop = async () => {
    client.destroy();
    raw.destroy();
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  };
  return { endpoint, client, createTable: (name) => createTable(raw, name), stop };
}

async function requireWritable(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EnvironmentError('E_DYNALITE', `tables cannot be kept in ${quoteForMessage(path)}; name a folder that can be written`, {
      cause: error,
    });
  }
}

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (let attempt = 0; attempt < TABLE_READY_ATTEMPTS; attempt += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await pause(TABLE_READY_PAUSE_MS);
  }
  throw new EnvironmentError('E_DYNALITE', `table ${name} was not ready after ${TABLE_READY_ATTEMPTS * TABLE_READY_PAUSE_MS} ms`);
}
