/**
 * What `cdk` runs. Settings come as context, for instance `cdk deploy -c dataBuckets=lake,landing -c email=oncall@example.org`:
 * `dataBuckets` and `logGroupPrefixes` (comma-separated), `email`, `executorConcurrency`.
 */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { GlueMedicStack } from './glue-medic-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
new GlueMedicStack(app, 'GlueMedic', {
  description: 'Heals failed AWS Glue jobs: rules for facts, learning for bounded choices, guards for authority',
  terminationProtection: true,
  ...readSettings(app.node),
});
