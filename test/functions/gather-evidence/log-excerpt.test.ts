import fc from 'fast-check';
import { logExcerpt } from '../../../functions/gather-evidence/log-excerpt.ts';

const LIMIT = 24_000;
const noise = (count: number, what = 'INFO BlockManager: removed broadcast') =>
  Array.from({ length: count }, (_, index) => `26/11/05 12:00:00 ${what}_${index}`);
const DRIVER = [
  '26/11/05 12:00:01 ERROR ProcessLauncher: Error from Python:Traceback (most recent call last):',
  '  File "/tmp/orders.py", line 12, in <module>',
  'py4j.protocol.Py4JJavaError: An error occurred while calling o91.save.',
  '\tat org.apache.spark.sql.Dataset.save(Dataset.scala:1)',
  'Caused by: java.io.FileNotFoundException: No such file s3://lake/orders/1.csv',
];
const TEARDOWN = [
  '26/11/05 12:00:02 INFO ShutdownHookManager: Shutdown hook called',
  '26/11/05 12:00:02 ERROR ShutdownHookManager: Exception while deleting Spark temp dir: /tmp/spark-1',
  'java.io.IOException: Failed to delete: /tmp/spark-1',
];

describe('logExcerpt', () => {
  it('is the log itself where it is short', () => {
    expect(logExcerpt(DRIVER.join('\n'), LIMIT)).toBe(DRIVER.join('\n'));
  });

  it.each<[string, string[]]>([
    ['the teardown follows at length', [...noise(2000), ...DRIVER, ...TEARDOWN, ...noise(3000, 'INFO MemoryStore: cleared')]],
    ['the output group follows the error group', [...noise(500), ...DRIVER, ...noise(5000, 'row printed')]],
    ['it is the very end', [...noise(5000), ...DRIVER]],
    ['it is the very start', [...DRIVER, ...noise(5000)]],
  ])('holds the failing lines and the end: %s', (_what, lines) => {
    const log = lines.join('\n');
    const excerpt = logExcerpt(log, LIMIT);
    for (const line of DRIVER) expect(excerpt).toContain(line);
    expect(excerpt.endsWith(lines.at(-1) ?? '')).toBe(true);
    expect(excerpt.length).toBeLessThanOrEqual(LIMIT);
  });

  it('shows the first cause as well as what ended the run', () => {
    const lines = [
      '26/11/05 11:59:00 ERROR Executor: Exception in task 3.0',
      'java.lang.OutOfMemoryError: Java heap space',
      ...noise(3000),
      'org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 failed 4 times',
      ...noise(3000),
    ];
    const excerpt = logExcerpt(lines.join('\n'), LIMIT);
    expect(excerpt).toContain('Java heap space');
    expect(excerpt).toContain('Job aborted');
    expect(excerpt).toMatch(/\[\d+ characters left out\]/);
  });

  it('of a log without any failure it is the end', () => {
    const log = noise(3000).join('\n');
    expect(logExcerpt(log, LIMIT)).toBe(log.slice(-LIMIT));
  });

  it('R16: keeps its bound, and loses no character that it does not count, whatever the log', () => {
    const line = fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom(...DRIVER, ...TEARDOWN, 'x'.repeat(9000), '😀'.repeat(500)));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 600, max: 30_000 }), (lines, limit) => {
        const log = lines.join('\n');
        const excerpt = logExcerpt(log, limit);
        expect(excerpt.length).toBeLessThanOrEqual(limit);
        expect(excerpt.isWellFormed()).toBe(true);
        if (log.length <= limit) expect(excerpt).toBe(log);
      }),
      { numRuns: 200 },
    );
  });
});
