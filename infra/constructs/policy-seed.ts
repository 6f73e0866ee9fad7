/** Puts the shipped policy and its proof into the tables while the stack is deployed; again whenever another one is shipped. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

const WARM_START = new URL('../../functions/propose-action/warm-start.json', import.meta.url);
const PROOF = new URL('../../functions/propose-action/warm-start-proof.json', import.meta.url);

export class PolicySeed extends Construct {
  constructor(scope: Construct, id: string, { seedPolicy }: { seedPolicy: IFunction }) {
    super(scope, id);
    // Called by CloudFormation itself: the provider framework would bring a role with a managed policy.
    new CustomResource(this, 'Policy', {
      serviceToken: seedPolicy.functionArn,
      serviceTimeout: Duration.minutes(10),
      resourceType: 'Custom::SeedPolicy',
      properties: { WarmStartSha256: sha256Of(WARM_START), ProofSha256: sha256Of(PROOF) },
    });
  }
}

function sha256Of(file: URL): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
