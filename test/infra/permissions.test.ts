import { BASE, type Grant, PERMISSIONS } from '../../infra/permissions.ts';
import { MACHINE_STEPS, SIDE_STEPS, type StepName } from '../../infra/steps.ts';
import { actionsOf, type Statement, Synthesised } from './synthesise.ts';

const stack = new Synthesised();
const steps: StepName[] = [...MACHINE_STEPS, ...SIDE_STEPS];

/** `Allow s3:GetObject`, one line for each action. */
function rightsOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap((statement) => actionsOf(statement).map((action) => `${statement.Effect} ${action}`)))].sort();
}
function listed(grants: readonly Grant[]): string[] {
  return [...new Set(grants.flatMap((grant) => grant.actions.map((action) => `${grant.effect ?? 'Allow'} ${action}`)))].sort();
}
function stepsThatMay(action: string): string[] {
  return steps.filter((step) => rightsOf(stack.statementsOf(step)).includes(`Allow ${action}`));
}
function on(tableId: string, statements: readonly Statement[]): Statement[] {
  return statements.filter((statement) => JSON.stringify(statement.Resource).includes(tableId));
}

describe('the roles', () => {
  it.each(steps)('R60 %s may do what the list says and nothing else', (step) => {
    expect(rightsOf(stack.statementsOf(step))).toEqual(listed([...BASE, ...PERMISSIONS[step]]));
  });

  it('R11 gathering evidence reads, and writes only its evidence and its own audit entries', () => {
    expect(rightsOf(stack.statementsOf('GatherEvidence'))).toEqual([
      'Allow dynamodb:GetItem',
      'Allow dynamodb:PutItem',
      'Allow dynamodb:Query',
      'Allow glue:GetJob',
      'Allow glue:GetJobBookmark',
      'Allow glue:GetJobRun',
      'Allow glue:GetJobRuns',
      'Allow glue:GetPartitions',
      'Allow glue:GetTable',
      'Allow glue:GetTableVersion',
      'Allow glue:GetTableVersions',
      'Allow logs:CreateLogStream',
      'Allow logs:FilterLogEvents',
      'Allow logs:PutLogEvents',
      'Allow s3:GetBucketVersioning',
      'Allow s3:GetObject',
      'Allow s3:GetObjectVersion',
      'Allow s3:ListBucket',
      'Allow s3:ListBucketVersions',
      'Allow s3:PutObject',
      'Allow xray:PutTelemetryRecords',
      'Allow xray:PutTraceSegments',
      'Deny dynamodb:BatchWriteItem',
      'Deny dynamodb:DeleteItem',
      'Deny dynamodb:PartiQLDelete',
      'Deny dynamodb:PartiQLInsert',
      'Deny dynamodb:PartiQLUpdate',
      'Deny dynamodb:UpdateItem',
    ]);
    const writes = stack.statementsOf('GatherEvidence').filter((statement) => actionsOf(statement).includes('s3:PutObject'));
    expect(writes).toHaveLength(1);
    expect(JSON.stringify(writes[0]?.Resource)).toContain('ArtefactBucket');
  });

  it('R60 none has a wildcard in an action, a managed policy or a right to pass one on', () => {
    for (const [id, statement] of stack.statements) {
      for (const action of actionsOf(statement))
        expect(`${id} ${action}`).not.toMatch(/\*|iam:|sts:|:Create(?!LogStream|LogDelivery)|secretsmanager/);
    }
    for (const [id, role] of stack.ofType('AWS::IAM::Role')) expect([id, role.Properties['ManagedPolicyArns']]).toEqual([id, undefined]);
    expect(stack.ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it.each([
    ['glue:StartJobRun', ['ExecuteAction', 'UndoAction']],
    ['glue:BatchStopJobRun', ['ExecuteAction', 'UndoAction']],
    ['glue:UpdateTable', ['ExecuteAction', 'UndoAction']],
    ['s3:DeleteObject', ['ExecuteAction', 'UndoAction']],
    ['sns:Publish', ['AwaitDecision', 'ReconcileRuns']],
    ['events:PutEvents', ['CloseIncident']],
    ['states:SendTaskSuccess', ['AwaitDecision', 'ReconcileRuns', 'DecideApproval']],
    ['states:StartExecution', ['ReconcileRuns']],
    ['s3:DeleteObjectVersion', []],
    ['glue:UpdateJob', []],
    ['glue:ResetJobBookmark', []],
    ['dynamodb:UpdateItem', []],
    ['dynamodb:DeleteItem', []],
    ['dynamodb:BatchWriteItem', []],
    ['dynamodb:Scan', []],
  ])('R60 %s is for %j', (action, allowed) => {
    expect(stepsThatMay(action)).toEqual(allowed);
  });

  it('deleting a version is forbidden to those who may delete, on every bucket they may', () => {
    for (const step of ['ExecuteAction', 'UndoAction']) {
      const statements = stack.statementsOf(step);
      const deletes = statements.filter((statement) => actionsOf(statement).includes('s3:DeleteObject'));
      const forbidden = statements.filter(
        (statement) => statement.Effect === 'Deny' && actionsOf(statement).includes('s3:DeleteObjectVersion'),
      );
      const arns = (found: Statement[]) =>
        found.flatMap((statement) => [statement.Resource].flat().map((arn) => JSON.stringify(arn))).sort();
      expect(arns(forbidden)).toEqual(arns(deletes));
      expect(arns(deletes)).toHaveLength(3);
    }
  });
});

describe('the tables', () => {
  const [audit, auditTable] = stack.one('AWS::DynamoDB::Table', 'TablesAuditTable');
  const [operations] = stack.one('AWS::DynamoDB::Table', 'TablesOperationsTable');
  const [q] = stack.one('AWS::DynamoDB::Table', 'TablesQTable');

  it('R60 the audit table is written by PutItem alone, and every role that reaches it is forbidden the rest', () => {
    const reaching = steps.filter((step) => on(audit, stack.statementsOf(step)).length > 0);
    expect(reaching).toEqual(steps.filter((step) => !['RecordGoodRun', 'SeedPolicy'].includes(step)));
    for (const step of reaching) {
      expect(rightsOf(on(audit, stack.statementsOf(step)))).toEqual([
        'Allow dynamodb:GetItem',
        'Allow dynamodb:PutItem',
        'Allow dynamodb:Query',
        'Deny dynamodb:BatchWriteItem',
        'Deny dynamodb:DeleteItem',
        'Deny dynamodb:PartiQLDelete',
        'Deny dynamodb:PartiQLInsert',
        'Deny dynamodb:PartiQLUpdate',
        'Deny dynamodb:UpdateItem',
      ]);
    }
    expect(JSON.stringify(auditTable.Properties['ResourcePolicy'])).toContain('"Effect":"Deny","Principal":{"AWS":"*"}');
  });

  it('no step can give itself authority: modes, kill switch and active policy are out of reach', () => {
    const writers = steps.filter((step) =>
      on(operations, stack.statementsOf(step)).some(
        (statement) => statement.Effect === 'Allow' && actionsOf(statement).includes('dynamodb:PutItem'),
      ),
    );
    expect(writers).toEqual(steps);
    expect(keysIn(operations, 'SeedPolicy', 'Allow')).toEqual(['SETTINGS']);
    for (const step of writers.filter((name) => name !== 'SeedPolicy')) {
      const forbidden = keysIn(operations, step, 'Deny');
      if (forbidden.length === 0) expect([step, keysIn(operations, step, 'Allow')]).toEqual([step, ['INCIDENT#*']]);
      else expect([step, forbidden]).toEqual([step, expect.arrayContaining(['JOBS', 'SETTINGS'])]);
    }
  });

  it.each([
    [
      'FROZEN_JOBS',
      ['UndoAction', 'EscalateIncident'],
      'F32 only those who find an inverse not completed freeze a job; none lifts it by right',
    ],
    [
      'APPROVALS',
      ['AwaitDecision', 'CloseIncident', 'RecordAbort', 'ReconcileRuns', 'DecideApproval'],
      'R54 no step that acts can write a decision',
    ],
  ])('%s is written by %j alone: %s', (partition, allowed) => {
    const able = steps.filter((step) => {
      const [given, forbidden] = [keysIn(operations, step, 'Allow'), keysIn(operations, step, 'Deny')];
      return (given.includes('*') || given.includes(partition)) && !forbidden.includes(partition);
    });
    expect(able).toEqual(allowed);
  });

  it('what is learned reaches the candidate alone: no version that decides, no proof, no pointer', () => {
    expect(keysIn(q, 'UpdatePolicy', 'Allow')).toEqual(['POLICY#candidate']);
    expect(steps.filter((step) => keysIn(q, step, 'Allow').length > 0)).toEqual(['UpdatePolicy', 'SeedPolicy']);
  });
});

/** The partitions of a table for which a step's right to write, or the ban on it, holds; `*` for all of them. */
function keysIn(tableId: string, step: string, effect: Statement['Effect']): string[] {
  return on(tableId, stack.statementsOf(step))
    .filter((statement) => statement.Effect === effect && actionsOf(statement).includes('dynamodb:PutItem'))
    .flatMap(({ Condition }) =>
      Object.values(Condition ?? { any: { '': '*' } }).flatMap((keys) => Object.values(keys as object).flat() as string[]),
    );
}
