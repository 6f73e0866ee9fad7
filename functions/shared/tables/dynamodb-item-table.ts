/**
 * Item tables on DynamoDB, with nothing but PutItem, GetItem and Query on single items. The attributes lie in one map of their
 * own, so no attribute can ever be mistaken for a key or for the revision, and no reserved word needs an alias.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { IntegrityError, quoteForMessage } from '../errors.ts';
import type { AppendOnlyTable, ItemAttributes, ItemKey, ItemReader, ItemTable, StoredItem } from '../ports.ts';
import { checkItem, checkKey, checkQuery, ItemSizeError, type QueryOptions } from './item-rules.ts';

/**
 * The attribute that DynamoDB's time to live looks at, in epoch seconds. It has to lie beside the keys, so an attribute of this
 * name is written twice. Best effort, up to days late: whoever reads such items compares the time as well.
 */
export const EXPIRY_ATTRIBUTE = 'expiresAtEpochSeconds';

const StoredItemSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  revision: z.number().int().positive(),
  attributes: z.record(z.string(), z.unknown()),
});

class DynamoDBItemReader implements ItemReader {
  protected readonly client: DynamoDBDocumentClient;
  protected readonly tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.client = client;
    this.tableName = tableName;
  }

  async get(key: ItemKey): Promise<StoredItem | undefined> {
    checkKey(key);
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.tableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true }),
    );
    return Item && toStoredItem(Item);
  }

  async query(pk: string, options: QueryOptions = {}): Promise<{ items: StoredItem[]; next?: string }> {
    checkQuery(pk, options);
    const { Items = [], LastEvaluatedKey } = await this.client.send(new QueryCommand(queryInput(this.tableName, pk, options)));
    const next: unknown = LastEvaluatedKey?.['sk'];
    return { items: Items.map(toStoredItem), ...(typeof next === 'string' ? { next } : {}) };
  }

  /** Writes where `condition` holds; false where it does not. */
  protected async put(
    key: ItemKey,
    attributes: ItemAttributes,
    revision: number,
    condition: { expression: string; values?: Record<string, unknown> },
  ): Promise<boolean> {
    checkItem(key, attributes);
    const expiry = attributes[EXPIRY_ATTRIBUTE];
    try {
      await this.client.send(
        new PutCommand({
          TableName: this.tableName,
          Item: { pk: key.pk, sk: key.sk, revision, attributes, ...(typeof expiry === 'number' ? { [EXPIRY_ATTRIBUTE]: expiry } : {}) },
          ConditionExpression: condition.expression,
          ...(condition.values ? { ExpressionAttributeValues: condition.values } : {}),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw sizeErrorOf(error) ?? error;
    }
  }

  protected putNew(key: ItemKey, attributes: ItemAttributes): Promise<boolean> {
    return this.put(key, attributes, 1, { expression: 'attribute_not_exists(pk)' });
  }
}

export class DynamoDBItemTable extends DynamoDBItemReader implements ItemTable {
  async create(key: ItemKey, attributes: ItemAttributes): Promise<'created' | 'exists'> {
    return (await this.putNew(key, attributes)) ? 'created' : 'exists';
  }

  async replace(key: ItemKey, attributes: ItemAttributes, revision: number): Promise<'replaced' | 'conflict'> {
    const condition = { expression: 'revision = :revision', values: { ':revision': revision } };
    return (await this.put(key, attributes, revision + 1, condition)) ? 'replaced' : 'conflict';
  }
}

export class DynamoDBAppendOnlyTable extends DynamoDBItemReader implements AppendOnlyTable {
  async append(key: ItemKey, attributes: ItemAttributes): Promise<'appended' | 'exists'> {
    return (await this.putNew(key, attributes)) ? 'appended' : 'exists';
  }
}

function queryInput(tableName: string, pk: string, { prefix = '', limit, after, descending = false }: QueryOptions): QueryCommandInput {
  return {
    TableName: tableName,
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: prefix === '' ? { ':pk': pk } : { ':pk': pk, ':prefix': prefix },
    ConsistentRead: true,
    ScanIndexForward: !descending,
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
  };
}

/** Errors: E_STORED for an item that no table of ours has written. */
function toStoredItem(item: Record<string, unknown>): StoredItem {
  const parsed = StoredItemSchema.safeParse(item);
  if (parsed.success) return parsed.data;
  const where = `${quoteForMessage(item['pk'])}/${quoteForMessage(item['sk'])}`;
  const issue = parsed.error.issues[0];
  throw new IntegrityError(
    'E_STORED',
    `${where} is not one of our items: ${issue?.path.join('.')} ${issue?.message}; look at it, restore it`,
  );
}

/** DynamoDB's own count decides, should it ever differ from ours. */
function sizeErrorOf(error: unknown): ItemSizeError | undefined {
  if (!(error instanceof Error) || error.name !== 'ValidationException' || !/item size/i.test(error.message)) return undefined;
  return new ItemSizeError('E_ITEM_SIZE', `${error.message}; large content belongs in an artefact`, { cause: error });
}
