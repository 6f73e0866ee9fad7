import { JobRegistrationSchema } from '../../../functions/shared/job-registration.ts';
import type { JobRun } from '../../../functions/shared/ports.ts';
import { createJobWorld, type JobWorld } from '../../../local/job-world/job-world.ts';
import { DATABASE, LAKE, roleOf, type Scenario } from '../../../local/job-world/scenario.ts';
import { SCENARIOS } from '../../../local/job-world/scenarios.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const PACE = { starting: 1, running: 1, retry: 20 };

/** A world whose clock can be put forward. */
async function open(directory = scratchDirectory(), ahead = 0) {
  const time = { ahead };
  const world = await createJobWorld({ directory, pace: PACE, clock: () => new Date(Date.now() + time.ahead) });
  return { world, time, directory };
}
const worlds: JobWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** Prepares, runs well, is upset, and fails. */
async function fail(name: string) {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const { world, time, directory } = await open();
  worlds.push(world);
  await scenario.prepare(world);
  const good = await scenario.goodRun(world);
  const run = await world.glue.finished(name, await scenario.upset(world));
  expect(run.state).toBe('FAILED');
  const rerun = (changes: Partial<Pick<JobRun, 'workerType' | 'numberOfWorkers' | 'arguments'>> = {}) => again(world, run, changes);
  return { scenario, world, time, directory, good, run, rerun };
}

async function again(world: JobWorld, run: JobRun, changes: Partial<Pick<JobRun, 'workerType' | 'numberOfWorkers' | 'arguments'>> = {}) {
  const { workerType, numberOfWorkers } = changes;
  const request = { jobName: run.jobName, arguments: { ...run.arguments, ...changes.arguments } };
  const capacity = workerType && numberOfWorkers ? { workerType, numberOfWorkers } : {};
  return world.glue.finished(run.jobName, await world.glue.startJobRun({ ...request, ...capacity }));
}

/** Rewrites the text objects of the failed run's day. */
async function redeliver(world: JobWorld, { registration }: Scenario, run: JobRun, correct: (text: string) => string): Promise<void> {
  const prefix = `${registration.inputs[0]?.prefix}${run.arguments['--run_date']}/`;
  const { objects } = await world.objects.listObjects(LAKE, prefix, { limit: 100 });
  for (const { key, size } of objects) {
    const text = Buffer.from(await world.objects.getRange(LAKE, key, 0, size)).toString();
    await world.objects.putObject(LAKE, key, Buffer.from(correct(text)));
  }
}

describe('the scenarios', () => {
  it('are eleven, each with a registration that is valid and names its own input and output', () => {
    expect(SCENARIOS).toHaveLength(11);
    for (const { name, registration } of SCENARIOS) {
      const parsed = JobRegistrationSchema.parse({ ...registration, registeredAt: '2026-11-02T00:00:00.000Z' });
      expect(parsed.jobName).toBe(name);
      expect(parsed.inputs[0]?.table).not.toBeNull();
      expect(parsed.rerunSafe).toBe(true);
    }
  });

  it('write the same output twice where the same run is done twice', async () => {
    const { world, good } = await fail('payments-type-widened');
    const prefix = `payments/daily/${good.arguments['--run_date']}/`;
    const { objects: before } = await world.objects.listObjects(LAKE, prefix, { limit: 10 });
    expect((await again(world, good)).state).toBe('SUCCEEDED');
    const { objects: after } = await world.objects.listObjects(LAKE, prefix, { limit: 10 });
    expect(after.map(({ key, etag }) => [key, etag])).toEqual(before.map(({ key, etag }) => [key, etag]));
  });

  it('can be prepared again without change, in a world that was restarted', async () => {
    const { world, directory, scenario, run } = await fail('payments-type-widened');
    await world.stop();
    const { world: restarted } = await open(directory);
    worlds.push(restarted);
    await scenario.prepare(restarted);
    expect((await restarted.catalog.getTable(DATABASE, 'payments')).versionId).toBe('0');
    expect(await restarted.glue.getJobRun(run.jobName, run.id)).toEqual(run);
    expect((await again(restarted, run)).state).toBe('FAILED');
  });
});

describe('each scenario fails for its reason, and only mending that reason helps', () => {
  it('orders-throttled-source: time', async () => {
    const { run, rerun, time } = await fail('orders-throttled-source');
    expect(run.errorMessage).toContain(
      'An error occurred (ThrottlingException) when calling the ListPrices operation (reached max retries: 4): Rate exceeded',
    );
    time.ahead += 5000;
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('clickstream-oversized: a larger worker', async () => {
    const { run, rerun } = await fail('clickstream-oversized');
    expect(run.errorMessage).toMatch(/OUT_OF_MEMORY_ERROR.*ExecutorLostFailure.*code 137/);
    expect((await rerun()).state).toBe('FAILED');
    expect((await rerun({ workerType: 'G.2X', numberOfWorkers: 2 })).state).toBe('SUCCEEDED');
  });

  it('payments-type-widened: a wider column in the catalog', async () => {
    const { run, rerun, world } = await fail('payments-type-widened');
    expect(run.errorMessage).toContain('Column: [payment_id], Expected: int, Found: INT64');
    expect((await rerun()).state).toBe('FAILED');
    const table = await world.catalog.getTable(DATABASE, 'payments');
    const widened = table.columns.map((column) => (column.name === 'payment_id' ? { ...column, type: 'bigint' } : column));
    await world.catalog.updateTableColumns(table, widened, []);
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('bookings-datetime-format: nothing but dates in the old form, and no argument', async () => {
    const { run, rerun, world, scenario } = await fail('bookings-datetime-format');
    expect(run.errorMessage).toMatch(/Text '\d\d\/\d\d\/2026' could not be parsed at index 0/);
    expect((await rerun({ arguments: { '--datetime_format': 'dd/MM/yyyy' } })).state).toBe('FAILED');
    await redeliver(world, scenario, run, (text) => text.replace(/(\d\d)\/(\d\d)\/(\d{4})/g, '$3-$2-$1'));
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('customers-column-removed: the version of the table before', async () => {
    const { run, rerun, world } = await fail('customers-column-removed');
    expect(run.errorMessage).toContain(
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `segment` cannot be resolved',
    );
    expect((await rerun()).state).toBe('FAILED');
    const table = await world.catalog.getTable(DATABASE, 'customers');
    const before = await world.catalog.getTableVersion(DATABASE, 'customers', String(Number(table.versionId) - 1));
    await world.catalog.updateTableColumns(table, before.columns, before.partitionKeys);
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('sensors-corrupt-object: the input without the one object that the message names', async () => {
    const { run, rerun, world, scenario } = await fail('sensors-corrupt-object');
    const [, bucket = '', key = ''] = /s3:\/\/([^/]+)\/(\S+) is not a Parquet file/.exec(run.errorMessage ?? '') ?? [];
    const { objects } = await world.objects.listObjects(LAKE, `sensors/incoming/${run.arguments['--run_date']}/`, { limit: 100 });
    const broken = objects.find((object) => object.key === key);
    expect(bucket).toBe(LAKE);
    expect(objects).toHaveLength(6);
    expect((broken?.size ?? 0) / objects.reduce((sum, object) => sum + object.size, 0)).toBeLessThan(0.25);
    expect((await rerun()).state).toBe('FAILED');
    await world.objects.deleteObject(LAKE, key, { ifMatch: broken?.etag ?? '' });
    expect((await rerun()).state).toBe('SUCCEEDED');
    expect(scenario.registration.inputs[0]?.format).toBe('parquet');
  });

  it('signups-null-spike: countries', async () => {
    const { run, rerun, world, scenario } = await fail('signups-null-spike');
    expect(run.errorMessage).toMatch(
      /failing DQ rules.*Completeness "country" >= 0.95: Value: 0\.\d+ does not meet the constraint requirement!/,
    );
    expect((await rerun()).state).toBe('FAILED');
    await redeliver(world, scenario, run, (text) => text.replaceAll('"country":null', '"country":"AT"'));
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('invoices-input-late: the delivery, which comes even where a restart lies in between', async () => {
    const { run, world, scenario, directory } = await fail('invoices-input-late');
    expect(run.errorMessage).toContain(
      `[PATH_NOT_FOUND] Path does not exist: s3://${LAKE}/invoices/incoming/${run.arguments['--run_date']}/`,
    );
    await world.stop();
    const { world: later } = await open(directory, 10_000);
    worlds.push(later);
    await scenario.prepare(later);
    let delivered = 0;
    while (delivered < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const listed = await later.objects.listObjects(LAKE, `invoices/incoming/${run.arguments['--run_date']}/`, { limit: 10 });
      delivered = listed.objects.length;
    }
    expect((await again(later, run)).state).toBe('SUCCEEDED');
  });

  it('ledger-access-denied: permission', async () => {
    const { run, rerun, world, scenario } = await fail('ledger-access-denied');
    expect(run.errorMessage).toMatch(/PERMISSION_ERROR.*Access Denied \(Service: Amazon S3; Status Code: 403; Error Code: AccessDenied/);
    expect((await rerun()).state).toBe('FAILED');
    world.objects.allowRead(LAKE, scenario.registration.inputs[0]?.prefix ?? '', roleOf(scenario.name));
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it('pricing-script-bug: only data that the script expects', async () => {
    const { run, rerun, world, scenario } = await fail('pricing-script-bug');
    expect(run.errorMessage).toContain('ZeroDivisionError: division by zero');
    expect((await rerun()).state).toBe('FAILED');
    await redeliver(world, scenario, run, (text) => text.replace(/^.*P-NEW.*\n/gm, ''));
    expect((await rerun()).state).toBe('SUCCEEDED');
  });

  it("inventory-glue-retries: Glue's own retry, once the service answers again", async () => {
    const scenario = SCENARIOS.find((each) => each.name === 'inventory-glue-retries');
    if (!scenario) throw new Error('no scenario');
    const { world, time } = await open();
    worlds.push(world);
    await scenario.prepare(world);
    await scenario.goodRun(world);
    const ended: string[] = [];
    const healed = new Promise<void>((resolve) => {
      world.onEvent(({ detail }) => {
        ended.push(detail.jobRunId);
        if (detail.state === 'FAILED') time.ahead += 5000;
        if (detail.state === 'SUCCEEDED' && ended.length === 3) resolve();
      });
    });
    const first = await scenario.upset(world);
    await healed;
    const { runs } = await world.glue.listJobRuns(scenario.name, { limit: 2 });
    expect(runs.map(({ state, attempt, previousRunId }) => [state, attempt, previousRunId])).toEqual([
      ['SUCCEEDED', 1, first],
      ['FAILED', 0, null],
    ]);
    expect(runs[1]?.errorMessage).toContain('ThrottlingException');
  });
});

describe('the logs of a failed run', () => {
  it('lie where Glue 5 puts them, among ordinary lines, with the whole chain of causes', async () => {
    const { world, run } = await fail('sensors-corrupt-object');
    const read = async (group: string) => {
      const lines: { logStreamName: string; message: string }[] = [];
      let nextToken: string | undefined;
      do {
        const page = await world.logs.filterLogEvents({
          logGroupName: `/aws-glue/jobs/${group}`,
          logStreamNamePrefix: run.id,
          startTime: Date.parse(run.startedOn),
          limit: 10_000,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        lines.push(...page.events);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return lines;
    };
    const lines = await read('error');
    expect(new Set(lines.map((line) => line.logStreamName))).toEqual(new Set([`${run.id}-driver`, `${run.id}-1`]));
    const python = lines.find((line) => line.message.includes('Error from Python:'))?.message ?? '';
    expect(python).toContain('py4j.protocol.Py4JJavaError: An error occurred while calling o47.getDynamicFrame.');
    expect(python).toMatch(/Caused by: org\.apache\.spark\.SparkException: Encountered error while reading file s3:/);
    expect(python).toMatch(/Caused by: java\.lang\.RuntimeException: s3:\S+ is not a Parquet file/);
    expect(lines.filter((line) => line.message.startsWith('INFO')).length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.message.includes('Reading File path'))).toHaveLength(6);
  });
});
