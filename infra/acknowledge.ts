/** Accepts one finding of cdk-nag on one construct, with the reason. An acknowledgement that no finding needs fails a test. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Characters. */
export const SHORTEST_REASON = 20;

export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  if (reason.length < SHORTEST_REASON)
    throw new Error(`the acknowledgement of ${id} at ${scope.node.path} needs a reason, not "${reason}"`);
  Validations.of(scope).acknowledge({ id, reason });
}

/** A value as cdk-nag writes it in the id of a finding: `<LogicalId.Arn>/*`. */
export function asFinding(scope: IConstruct, value: unknown): string {
  return flatten(Stack.of(scope).resolve(value));
}

function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, content] = Object.entries(value)[0] ?? [];
  if (name === 'Ref') return `<${String(content)}>`;
  if (name === 'Fn::GetAtt' && Array.isArray(content)) return `<${content.join('.')}>`;
  if (name === 'Fn::Join' && Array.isArray(content) && Array.isArray(content[1])) return content[1].map(flatten).join(String(content[0]));
  return JSON.stringify(value);
}
