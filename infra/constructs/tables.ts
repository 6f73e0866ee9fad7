/** The three tables. They are apart because IAM can make a table append-only, but not a kind of row. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EXPIRY_ATTRIBUTE } from '../../functions/shared/tables/dynamodb-item-table.ts';

const KEPT: TableProps = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
};

export class Tables extends Construct {
  /** Policies: what the versions say for each state. */
  readonly q: Table;
  /** Claims, incidents, approvals, registrations, budgets, ledger; what has an expiry goes by itself. */
  readonly operations: Table;
  /** What was known and decided, for good. */
  readonly audit: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.q = new Table(this, 'QTable', KEPT);
    this.operations = new Table(this, 'OperationsTable', { ...KEPT, timeToLiveAttribute: EXPIRY_ATTRIBUTE });
    this.audit = new Table(this, 'AuditTable', { ...KEPT, resourcePolicy: new PolicyDocument({ statements: [appendOnly()] }) });
  }
}

/** Beside the roles' own Deny: also nobody else in the account rewrites what is written. */
function appendOnly(): PolicyStatement {
  return new PolicyStatement({
    sid: 'AppendOnly',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
    ],
    // In a table's own policy this is the table; its ARN would be a circle.
    resources: ['*'],
  });
}
