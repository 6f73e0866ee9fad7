import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const functions = fileURLToPath(new URL('../../../../functions', import.meta.url));

const sources = readdirSync(functions, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const importing = (pattern: RegExp) => sources.filter((file) => pattern.test(readFileSync(join(functions, file), 'utf8')));

describe('the SDK', () => {
  it('is imported by the adapters and the tables alone: domain code sees only ports', () => {
    const adapters = /^shared\/(aws\/aws-[a-z-]+|tables\/dynamodb-item-table)\.ts$/;
    const found = importing(/from '@(aws-sdk|smithy)\//);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((file) => !adapters.test(file))).toEqual([]);
  });

  it('has its clients made in one place', () => {
    expect(importing(/new (\w*Client)\(/)).toEqual([join('shared', 'aws', 'aws-clients.ts')]);
  });
});
