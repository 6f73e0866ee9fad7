/** The settings of a deployment, from the CDK's context. */
import type { Node } from 'constructs';
import * as z from 'zod';
import { InputError } from '../functions/shared/errors.ts';

const list = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item));

const SettingsSchema = z.object({
  /** A bucket's name alone: a wildcard would give away the account. */
  dataBuckets: list(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'names of buckets, separated by commas')).prefault(''),
  logGroupPrefixes: list(z.string().regex(/^[\w./#-]{3,}$/, 'beginnings of log groups, separated by commas')).prefault('/aws-glue/'),
  email: z.email('a mail address').optional(),
  executorConcurrency: z.coerce.number('a whole number').int().min(1).max(100).prefault(5),
});
export interface Settings {
  readonly dataBuckets: readonly string[];
  readonly logGroupPrefixes: readonly string[];
  readonly email?: string;
  readonly executorConcurrency: number;
}

/** Errors: E_SETTING names the setting. */
export function readSettings(node: Node): Settings {
  const given = Object.fromEntries(Object.keys(SettingsSchema.shape).map((name) => [name, node.tryGetContext(name)]));
  const parsed = SettingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError('E_SETTING', `${issue?.path.join('.')} is not as expected: ${issue?.message}; pass it with -c`);
  }
  const { email, ...rest } = parsed.data;
  return email === undefined ? rest : { ...rest, email };
}
