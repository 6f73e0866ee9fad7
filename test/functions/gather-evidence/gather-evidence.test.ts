import { gatherEvidence } from '../../../functions/gather-evidence/gather-evidence.ts';
import { gatherEvidenceStep } from '../../../functions/gather-evidence/handler.ts';
import { getArtefact } from '../../../functions/shared/artefacts.ts';
import { DOCUMENT_LIMIT_BYTES } from '../../../functions/shared/define-step.ts';
import { EvidenceSectionSchema } from '../../../functions/shared/incident.ts';
import { recordGoodRun } from '../../../functions/shared/stores/good-runs.ts';
import { faultyPorts, isMutating, type PortCall } from '../../support/fault-injection.ts';
import { type HealingWorld, healingWorld, INPUT } from '../../support/healing-world.ts';
import { aRun, secondsAgo } from '../../support/memory-ports.ts';
import { aDocument, anIncident } from '../../support/sample-incident.ts';

const READING = /^(jobRuns|catalog|logs|objects|operations)\.(get|list|query|head|filter|bucketVersioning)/;
const atEnd = Date.parse(secondsAgo(650));

describe('gatherEvidence', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
  });
  afterEach(() => world.remove());

  const gather = (onCall: (call: PortCall) => void = () => {}) => gatherEvidence(anIncident(), faultyPorts(world.ports, { onCall }));
  const withLog = (lines: readonly string[]) =>
    world.logs.append(
      '/aws-glue/jobs/error',
      'jr_1-driver',
      lines.map((message) => ({ timestamp: atEnd, message })),
    );

  it('R11: reads, and writes nothing but artefacts', async () => {
    withLog(Array.from({ length: 4000 }, (_, index) => `line ${index} of a long log`));
    const calls: PortCall[] = [];
    const evidence = await gather((call) => void calls.push(call));
    EvidenceSectionSchema.parse(evidence);
    const others = calls.filter(({ port, op }) => !READING.test(`${port}.${op}`));
    expect(others.map(({ port, op, given }) => `${port}.${op} ${String(given[0])}`)).toEqual(
      others.map(() => 'artefacts.putObject artefacts'),
    );
    expect(others.length).toBeGreaterThanOrEqual(2);
    expect(calls.filter(isMutating)).toEqual([]);
  });

  it('is complete where every source answers', async () => {
    withLog(['ThrottlingException: Rate exceeded']);
    const evidence = await gather();
    expect(evidence).toMatchObject({ completeness: 'FULL', gaps: [] });
    expect(evidence.log).toMatchObject({ excerpt: 'ThrottlingException: Rate exceeded', lines: 1, artefact: null });
    expect(evidence.tables).toMatchObject([{ name: 'orders', versionId: '1' }]);
    expect(evidence.datasets).toMatchObject([{ input: 'orders', objectCount: 4, newObjectCount: 4 }]);
  });

  it('knows the last good version of the table, and how many versions others have written since', async () => {
    withLog(['x']);
    await recordGoodRun(world.ports.operations, 'orders', {
      runId: 'jr_good',
      startedOn: secondsAgo(5000),
      recordedAt: secondsAgo(5000),
      executionTimeSeconds: 60,
      dpuSeconds: null,
      tables: [{ database: 'sales', name: 'orders', versionId: '0' }],
      baselines: [],
    });
    const [table] = (await gather()).tables;
    expect(table).toMatchObject({ lastGoodVersionId: '0', versionsSinceGood: 1, foreignVersionsSinceGood: 1 });
    expect(table?.lastGoodColumns?.map((column) => column.type)).toEqual(['int', 'int']);
  });

  it.each<[string, string, string, string]>([
    ['the job', 'jobRuns', 'getJob', 'job'],
    ['the logs', 'logs', 'filterLogEvents', 'logs /aws-glue/jobs/error'],
    ['the table', 'catalog', 'getTable', 'table sales.orders'],
    ['the table’s versions', 'catalog', 'listTableVersions', 'table sales.orders versions'],
    ['the input', 'objects', 'listObjects', 'input orders'],
    ['the bookmark', 'jobRuns', 'getJobBookmark', 'bookmark'],
    ['the recent runs', 'jobRuns', 'listJobRuns', 'recent runs'],
    ['the artefact bucket', 'artefacts', 'putObject', 'artefact of orders'],
  ])('R13 F7: without access to %s the rest is gathered, and the gap is named', async (_name, port, op, source) => {
    withLog(['x']);
    const evidence = await gather((call) => {
      if (call.port === port && call.op === op) throw Object.assign(new Error('token=abcdefghijklmnop'), { name: 'AccessDeniedException' });
    });
    EvidenceSectionSchema.parse(evidence);
    expect(evidence.completeness).toBe('PARTIAL');
    expect(evidence.gaps).toContainEqual({ source, reason: expect.stringContaining('AccessDenied') });
    expect(JSON.stringify(evidence)).not.toContain('abcdefghijklmnop');
  });

  it('R13: an unregistered job is a gap, not an error', async () => {
    world.glue.add(aRun({ id: 'jr_9', jobName: 'strange' }));
    const evidence = await gatherEvidence(anIncident({ jobName: 'strange', runId: 'jr_9' }), world.ports);
    expect(evidence.gaps.map((gap) => gap.source)).toContain('registration');
    expect(evidence.datasets).toEqual([]);
  });

  it('F6: a run that Glue does not know any more is said so', async () => {
    await expect(gatherEvidence(anIncident({ runId: 'jr_gone' }), world.ports)).rejects.toThrow(
      /E_RUN_NOT_FOUND: run not found: Glue keeps/,
    );
  });

  it('R15: secrets of log, message and arguments stay out of the evidence and its artefacts', async () => {
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    withLog([...Array.from({ length: 2000 }, (_, index) => `padding ${index}`), `connecting with ${secret}`]);
    world.glue.add(
      aRun({ id: 'jr_2', errorMessage: `key ${secret} refused`, arguments: { '--db_password': 'hunter2hunter2', '--note': secret } }),
    );
    world.logs.append('/aws-glue/jobs/output', 'jr_2', [{ timestamp: atEnd, message: `${'x\n'.repeat(20_000)}${secret}` }]);
    const evidence = await gatherEvidence(anIncident({ runId: 'jr_2' }), world.ports);
    const log = evidence.log.artefact && (await getArtefact(world.ports, evidence.log.artefact));
    for (const text of [JSON.stringify(evidence), JSON.stringify(log)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('hunter2');
    }
    expect(log).not.toBeNull();
  });

  it('R14: a long log goes whole to an artefact, verified when it is read back; the document has its end', async () => {
    withLog(Array.from({ length: 5000 }, (_, index) => `line ${index}`));
    const { log } = await gather();
    if (!log.artefact) throw new Error('no artefact');
    const whole = (await getArtefact(world.ports, log.artefact)) as { log: string };
    expect(whole.log.startsWith('line 0\n')).toBe(true);
    expect(whole.log.endsWith(log.excerpt)).toBe(true);
    await world.objects.putObject('artefacts', log.artefact.key, Buffer.from('something else'));
    await expect(getArtefact(world.ports, log.artefact)).rejects.toThrow(/E_ARTEFACT/);
  });

  it('a log that ends in the middle of a character is kept as text that tables can carry', async () => {
    withLog([`${'😀'.repeat(1500)}`, `a${'😀'.repeat(9000)}`.slice(0, 4000), `${'😀'.repeat(7999)}a`.slice(0, 16_001)]);
    const section = await gatherEvidenceStep(() => world.ports)(aDocument());
    expect(EvidenceSectionSchema.parse(section).log.excerpt.isWellFormed()).toBe(true);
  });

  it('R14 F35: the step’s output stays below the limit with many wide inputs of long keys', async () => {
    const inputs = Array.from({ length: 12 }, (_, index) => ({ ...INPUT, name: `in${index}`, prefix: `in${index}/`, table: null }));
    const wide = await healingWorld({ inputs });
    for (const { prefix } of inputs) {
      for (let index = 0; index < 12; index += 1) await wide.put(`${prefix}${'k'.repeat(900)}${index}`, 'id,amount\n"broken');
    }
    const section = await gatherEvidenceStep(() => wide.ports)(aDocument());
    expect(Buffer.byteLength(JSON.stringify({ ...aDocument(), evidence: section }))).toBeLessThan(DOCUMENT_LIMIT_BYTES);
    wide.remove();
  }, 60_000);
});
