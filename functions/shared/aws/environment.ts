/** The environment variables of the Lambdas, each validated when it is used: no Lambda has more than it needs. */
import * as z from 'zod';
import { EnvironmentError } from '../errors.ts';

const tableName = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, 'a table name');
const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name');
const arnOf = (service: string) => z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]+:\\d{12}:.+$`), `an ARN of ${service}`);

export const EnvironmentSchema = z.object({
  OPERATIONS_TABLE_NAME: tableName,
  Q_TABLE_NAME: tableName,
  AUDIT_TABLE_NAME: tableName,
  ARTEFACT_BUCKET_NAME: bucketName,
  QUARANTINE_BUCKET_NAME: bucketName,
  TOPIC_ARN: arnOf('sns'),
  STATE_MACHINE_ARN: arnOf('states'),
  ACCOUNT_ID: z.string().regex(/^\d{12}$/, 'twelve digits'),
  AWS_REGION: z.string().regex(/^[a-z]{2}(-[a-z0-9]+)+$/, 'a region such as eu-central-1'),
});
export type EnvironmentVariable = keyof z.infer<typeof EnvironmentSchema>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Errors: E_ENVIRONMENT names the variable. */
export function readVariable(env: Environment, name: EnvironmentVariable): string {
  const parsed = EnvironmentSchema.shape[name].safeParse(env[name]);
  if (parsed.success) return parsed.data;
  const seen = env[name] === undefined ? 'is not set' : 'is not valid';
  const expected = env[name] === undefined ? '' : `, expected ${parsed.error.issues[0]?.message}`;
  throw new EnvironmentError('E_ENVIRONMENT', `${name} ${seen}${expected}; this function has no grant for what it names`);
}
