/**
 * What each Lambda may do: this list and nothing else becomes its role. No wildcard in an action, no managed policy. A test holds
 * the template to it, so a change of authority is a change of this file.
 */
import type { StepName } from './steps.ts';

/** What a grant is about; `constructs/grant-resources.ts` knows the ARNs. */
export type GrantResource =
  | 'own-logs'
  | 'traces'
  | 'glue-jobs'
  | 'glue-catalog'
  | 'glue-logs'
  | 'data-buckets'
  | 'data-objects'
  | 'artefact-objects'
  | 'quarantine-bucket'
  | 'quarantine-objects'
  | 'operations'
  | 'q-table'
  | 'audit'
  | 'topic'
  | 'topic-key'
  | 'event-bus'
  | 'state-machine'
  | 'dead-letters';

export interface Grant {
  readonly effect?: 'Deny';
  readonly actions: readonly string[];
  readonly on: GrantResource;
  /** Holds only for items whose partition key is one of these; `*` at the end stands for any continuation. */
  readonly partitions?: readonly string[];
}

/** Everybody: own log group and traces. */
export const BASE: readonly Grant[] = [
  { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: 'own-logs' },
  { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], on: 'traces' },
];

const OPERATIONS_READ: Grant = { actions: ['dynamodb:GetItem', 'dynamodb:Query'], on: 'operations' };
const OPERATIONS_WRITE: Grant = { actions: ['dynamodb:PutItem'], on: 'operations' };
/** Modes, kill switch and active policy are set by people, and so is a freeze lifted: no step can give itself authority. */
const SET_BY_PEOPLE = ['JOBS', 'SETTINGS'] as const;
const FREEZES = ['FROZEN_JOBS'] as const;
/** Requests for a person's word, and that word. */
const APPROVALS = ['APPROVALS', 'APPROVALS#*'] as const;
const except = (...partitions: string[]): Grant => ({ effect: 'Deny', actions: ['dynamodb:PutItem'], on: 'operations', partitions });
const OPERATIONS: readonly Grant[] = [OPERATIONS_READ, OPERATIONS_WRITE, except(...SET_BY_PEOPLE, ...FREEZES, ...APPROVALS)];
/** For those who freeze a job whose inverse was not completed. */
const OPERATIONS_AND_FREEZES: readonly Grant[] = [OPERATIONS_READ, OPERATIONS_WRITE, except(...SET_BY_PEOPLE, ...APPROVALS)];
/** For those who ask people, take their decision, or end the wait for it. */
const OPERATIONS_AND_APPROVALS: readonly Grant[] = [OPERATIONS_READ, OPERATIONS_WRITE, except(...SET_BY_PEOPLE, ...FREEZES)];

/** Append only: PutItem is the one write there is, by code on condition that the entry is new. */
const AUDIT_APPEND: readonly Grant[] = [
  { actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], on: 'audit' },
  {
    effect: 'Deny',
    actions: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
    ],
    on: 'audit',
  },
];
/** For steps that otherwise only read: the head of the incident's chain, and nothing else, is theirs to advance. */
const AUDITED_READER: readonly Grant[] = [
  ...AUDIT_APPEND,
  OPERATIONS_READ,
  { actions: ['dynamodb:PutItem'], on: 'operations', partitions: ['INCIDENT#*'] },
];
const AUDITED: readonly Grant[] = [...AUDIT_APPEND, ...OPERATIONS];
const ASKING: readonly Grant[] = [...AUDIT_APPEND, ...OPERATIONS_AND_APPROVALS];

const Q_READ: Grant = { actions: ['dynamodb:GetItem', 'dynamodb:Query'], on: 'q-table' };
const Q_WRITE: Grant = { actions: ['dynamodb:PutItem'], on: 'q-table' };
/** Learning reaches the draft alone: no version that decides, and no proof. */
const Q_LEARN: Grant = { ...Q_WRITE, partitions: ['POLICY#candidate'] };

const RUNS_READ: Grant = { actions: ['glue:GetJob', 'glue:GetJobRun', 'glue:GetJobRuns'], on: 'glue-jobs' };
const CATALOG_READ: Grant = {
  actions: ['glue:GetPartitions', 'glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
  on: 'glue-catalog',
};
const BUCKETS_READ: Grant = { actions: ['s3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions'], on: 'data-buckets' };
const DATA_READ: readonly Grant[] = [BUCKETS_READ, { actions: ['s3:GetObject', 's3:GetObjectVersion'], on: 'data-objects' }];
const ARTEFACTS_READ: Grant = { actions: ['s3:GetObject'], on: 'artefact-objects' };
const ARTEFACTS_WRITE: Grant = { actions: ['s3:PutObject'], on: 'artefact-objects' };

/** All that can be known about a failed run, and no way to change any of it. */
const EVIDENCE: readonly Grant[] = [
  RUNS_READ,
  { actions: ['glue:GetJobBookmark'], on: 'glue-jobs' },
  CATALOG_READ,
  { actions: ['logs:FilterLogEvents'], on: 'glue-logs' },
  ...DATA_READ,
  ARTEFACTS_READ,
  ARTEFACTS_WRITE,
];

/** Moving an object takes its tags along: they may carry who is allowed to see it. */
const OBJECT_ACTIONS = [
  's3:DeleteObject',
  's3:GetObject',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionTagging',
  's3:PutObject',
  's3:PutObjectTagging',
] as const;
/** Deleting a version cannot be undone; nothing here ever needs it. */
const NO_LASTING_DELETE = (on: GrantResource): Grant => ({ effect: 'Deny', actions: ['s3:DeleteObjectVersion'], on });

/** The two steps that change something outside. */
const MUTATIONS: readonly Grant[] = [
  RUNS_READ,
  { actions: ['glue:BatchStopJobRun', 'glue:StartJobRun'], on: 'glue-jobs' },
  CATALOG_READ,
  { actions: ['glue:UpdateTable'], on: 'glue-catalog' },
  BUCKETS_READ,
  { actions: OBJECT_ACTIONS, on: 'data-objects' },
  NO_LASTING_DELETE('data-objects'),
  { actions: ['s3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions'], on: 'quarantine-bucket' },
  { actions: OBJECT_ACTIONS, on: 'quarantine-objects' },
  NO_LASTING_DELETE('quarantine-objects'),
  ...AUDIT_APPEND,
];

/** What a Lambda that nobody waits for leaves behind when it fails. */
const DEAD_LETTERS: Grant = { actions: ['sqs:SendMessage'], on: 'dead-letters' };

const NOTIFY: readonly Grant[] = [
  { actions: ['sns:Publish'], on: 'topic' },
  { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'topic-key' },
];
/** To tell a waiting state what a person has decided: DecideApproval, or who finds that decision not yet delivered. */
const DELIVER: Grant = { actions: ['states:SendTaskSuccess'], on: 'state-machine' };

export const PERMISSIONS: Readonly<Record<StepName, readonly Grant[]>> = {
  ClaimIncident: [RUNS_READ, Q_READ, ...AUDITED],
  GatherEvidence: [...EVIDENCE, ...AUDITED_READER],
  DetectAnomalies: [ARTEFACTS_READ, ...AUDITED_READER],
  ProposeAction: [Q_READ, ...AUDITED_READER],
  CheckSafety: AUDITED,
  CheckCapability: [
    RUNS_READ,
    CATALOG_READ,
    ...DATA_READ,
    { actions: ['s3:GetBucketVersioning'], on: 'quarantine-bucket' },
    ...AUDITED_READER,
  ],
  ExecuteAction: [...MUTATIONS, ...OPERATIONS, ARTEFACTS_WRITE],
  ValidateOutcome: [...EVIDENCE, ...AUDITED],
  UndoAction: [...MUTATIONS, ...OPERATIONS_AND_FREEZES],
  UpdatePolicy: [Q_READ, Q_LEARN, ...AUDITED],
  EscalateIncident: [...AUDIT_APPEND, ...OPERATIONS_AND_FREEZES],
  AwaitDecision: [...NOTIFY, DELIVER, ...ASKING],
  CloseIncident: [{ actions: ['events:PutEvents'], on: 'event-bus' }, ...ASKING],
  RecordGoodRun: [...EVIDENCE, ...OPERATIONS, DEAD_LETTERS],
  RecordAbort: [...ASKING, DEAD_LETTERS],
  ReconcileRuns: [RUNS_READ, { actions: ['states:StartExecution'], on: 'state-machine' }, DELIVER, ...NOTIFY, ...ASKING, DEAD_LETTERS],
  DecideApproval: [DELIVER, ...ASKING],
  SeedPolicy: [Q_READ, Q_WRITE, OPERATIONS_READ, { actions: ['dynamodb:PutItem'], on: 'operations', partitions: ['SETTINGS'] }],
};
