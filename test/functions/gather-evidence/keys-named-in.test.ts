import { keysNamedIn } from '../../../functions/gather-evidence/keys-named-in.ts';

describe('keysNamedIn', () => {
  it.each([
    ['Could not read footer for file: s3://lake/orders/incoming/part-0007.parquet', 'orders/incoming/part-0007.parquet'],
    ['FileReadException: Error while reading file s3a://lake/orders/incoming/a.csv.', 'orders/incoming/a.csv'],
    ['java.io.IOException: (s3://lake/orders/incoming/b.json.gz): incorrect header check', 'orders/incoming/b.json.gz'],
    ['{"path":"orders/incoming/dt=2026-11-05/c.csv","size":1}', 'orders/incoming/dt=2026-11-05/c.csv'],
    ['file s3://lake/orders/incoming/dt%3D2026-11-05/d.csv was not found', 'orders/incoming/dt=2026-11-05/d.csv'],
  ])('finds the key in %s', (line, key) => {
    expect(keysNamedIn(`INFO nothing\n${line}\nINFO more`, 'orders/incoming/')).toContain(key);
  });

  it('finds nothing where nothing is named, and survives what cannot be decoded', () => {
    expect(keysNamedIn('no key here', 'orders/').size).toBe(0);
    expect(keysNamedIn('s3://lake/orders/%zz', 'orders/')).toEqual(new Set(['orders/%zz']));
  });

  it('R16: names at most a thousand keys, the last ones, in four megabytes of hostile log', () => {
    const keys = keysNamedIn('orders/'.repeat(600_000), 'orders/');
    expect(keys.size).toBeLessThanOrEqual(1001);
    const log = Array.from({ length: 5000 }, (_, index) => `read orders/${index}.csv`).join('\n');
    expect(keysNamedIn(log, 'orders/').has('orders/4999.csv')).toBe(true);
    expect(keysNamedIn(log, 'orders/').has('orders/0.csv')).toBe(false);
  });
});
