/**
 * Every AWS client, made here and nowhere else, on first use. This is the one layer that retries single calls: the SDK's standard
 * mode, three attempts with jitter. Endpoints come from the SDK's own `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`.
 */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Three attempts must end before the shortest Lambda does, so that the error still has a name. */
const REQUEST = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;
/** S3 answers a copy of gigabytes when it is done. */
const COPYING = { ...REQUEST, requestTimeout: 90_000 } as const;
const RETRYING = { retryMode: 'standard', maxAttempts: 3, requestHandler: REQUEST } as const;
/** For calls that may have had their effect although no answer came. */
const ONCE = { ...RETRYING, maxAttempts: 1 } as const;

export class AwsClients {
  readonly #emulated: boolean;
  #glue?: GlueClient;
  #glueOnce?: GlueClient;
  #logs?: CloudWatchLogsClient;
  #s3?: S3Client;
  #documents?: DynamoDBDocumentClient;
  #sns?: SNSClient;
  #events?: EventBridgeClient;
  #states?: SFNClient;

  /** `emulated`: the endpoint is one host for all buckets, so a bucket's name belongs in the path. */
  constructor({ emulated }: { emulated: boolean }) {
    this.#emulated = emulated;
  }

  get glue(): GlueClient {
    this.#glue ??= new GlueClient(RETRYING);
    return this.#glue;
  }

  /** StartJobRun has no idempotency token: a second attempt could be a second run. */
  get glueOnce(): GlueClient {
    this.#glueOnce ??= new GlueClient(ONCE);
    return this.#glueOnce;
  }

  get logs(): CloudWatchLogsClient {
    this.#logs ??= new CloudWatchLogsClient(RETRYING);
    return this.#logs;
  }

  get s3(): S3Client {
    this.#s3 ??= new S3Client({ ...RETRYING, requestHandler: COPYING, forcePathStyle: this.#emulated });
    return this.#s3;
  }

  get documents(): DynamoDBDocumentClient {
    this.#documents ??= DynamoDBDocumentClient.from(new DynamoDBClient(RETRYING));
    return this.#documents;
  }

  get sns(): SNSClient {
    this.#sns ??= new SNSClient(RETRYING);
    return this.#sns;
  }

  get events(): EventBridgeClient {
    this.#events ??= new EventBridgeClient(RETRYING);
    return this.#events;
  }

  get states(): SFNClient {
    this.#states ??= new SFNClient(RETRYING);
    return this.#states;
  }
}
