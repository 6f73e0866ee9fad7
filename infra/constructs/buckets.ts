/** The buckets: evidence kept beside the incidents, objects taken out of an input, and who accessed either. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';

const KEPT: BucketProps = {
  versioned: true,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
};

export class Buckets extends Construct {
  readonly artefacts: Bucket;
  readonly quarantine: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Access logs by bucket policy: the buckets have no ACLs.
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);
    // A Bucket is an IBucket; only exactOptionalPropertyTypes sees a difference.
    const accessLogs = new Bucket(this, 'AccessLogBucket', {
      ...KEPT,
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
    }) as IBucket;
    this.artefacts = new Bucket(this, 'ArtefactBucket', {
      ...KEPT,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'artefacts/',
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    // No expiry: what is in here belongs to somebody, and a restore needs it.
    this.quarantine = new Bucket(this, 'QuarantineBucket', {
      ...KEPT,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'quarantine/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
  }
}
