import { quarantine } from '../../../../functions/execute-action/actions/quarantine.ts';
import { executeAction } from '../../../../functions/execute-action/execute-action.ts';
import type { FindingsSection } from '../../../../functions/shared/incident.ts';
import { faultyPorts, type PortCall, type ScheduledFault } from '../../../support/fault-injection.ts';
import { documentOf, GOOD_KEY, type HealingWorld, healingWorld, KEYS, quarantineOf } from '../../../support/healing-world.ts';
import { anIncident, aRegistration, INCIDENT_ID, someEvidence, someFindings } from '../../../support/sample-incident.ts';

const [FIRST = '', SECOND = ''] = KEYS;
const copyOf = (key: string, bucket = 'lake') => `quarantine/${INCIDENT_ID}/${bucket}/${key}`;

describe('QUARANTINE', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
  });
  afterEach(() => world.remove());

  const execute = async (schedule: readonly ScheduledFault[] = [], onCall?: (call: PortCall) => void | Promise<void>, keys = [FIRST]) =>
    executeAction(
      documentOf(await quarantineOf(world.objects, keys)),
      faultyPorts(world.ports, { schedule, ...(onCall ? { onCall } : {}) }),
    );
  const textOf = async (bucket: string, key: string) => {
    const { size } = await world.objects.headObject(bucket, key);
    return Buffer.from(await world.objects.getRange(bucket, key, 0, size)).toString();
  };
  const keysIn = async (bucket: string, prefix = '') =>
    (await world.objects.listObjects(bucket, prefix, { limit: 100 })).objects.map((object) => object.key);

  it('R34: an empty set of objects is a refusal, never "all"', () => {
    const planned = quarantine.plan({
      incident: anIncident(),
      evidence: someEvidence(),
      findings: someFindings(),
      registration: aRegistration(),
      settings: world.ports.settings,
    });
    expect(planned).toEqual({ plan: null, reason: expect.stringContaining('never "all"') });
  });

  it('plans the share of the new input that would be taken away, by count and by bytes', () => {
    const at = (key: string, size: number) => ({ bucket: 'lake', key, versionId: 'v', size, etag: 'e' });
    const inspected = [at('a', 100), at('b', 300), at('c', 600)].map((object) => ({
      ...object,
      lastModified: '2026-11-05T00:00:00.000Z',
      isNew: true,
      rows: 1,
      readError: null,
    }));
    const dataset = { input: 'orders', bucket: 'lake', prefix: 'p/', format: 'csv' as const, objectCount: 3, totalBytes: 1000 };
    const offending: FindingsSection['offendingObjects'] = [{ ...at('c', 600), input: 'orders', reason: 'cannot be read' }];
    const planned = quarantine.plan({
      incident: anIncident(),
      evidence: someEvidence({ datasets: [{ ...dataset, newObjectCount: 3, inspected, sample: null, baseline: null }] }),
      findings: someFindings({ offendingObjects: offending }),
      registration: aRegistration(),
      settings: world.ports.settings,
    });
    expect(planned.plan).toMatchObject({ totalBytes: 600, shareOfInput: 0.6 });
  });

  it('R44: an object written again since the plan is left alone', async () => {
    const document = documentOf(await quarantineOf(world.objects, [FIRST]));
    await world.put(FIRST, 'id,amount\n1,99\n');
    expect(await executeAction(document, world.ports)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('E_OBJECT_CHANGED'),
    });
    expect(await textOf('lake', FIRST)).toBe('id,amount\n1,99\n');
    expect(world.glue.startedFor(INCIDENT_ID)).toEqual([]);
  });

  it('F19: an object overwritten while it is copied stays, and nothing is deleted', async () => {
    const section = await execute([], async ({ op }) => {
      if (op === 'deleteObject') await world.put(FIRST, 'written in between');
    });
    expect(section).toMatchObject({ status: 'refused', reason: expect.stringContaining('etag') });
    expect(await textOf('lake', FIRST)).toBe('written in between');
    expect(await textOf('quarantine', copyOf(FIRST))).toBe('id,amount\n1,10\n');
  });

  it('F17: a copy that is not what the source is counts as failed, and the source is kept', async () => {
    const document = documentOf(await quarantineOf(world.objects, [FIRST]));
    await world.put(copyOf(FIRST), 'id,amount\n1,1X\n', 'quarantine');
    expect(await executeAction(document, world.ports)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('E_COPY_DIFFERS'),
    });
    expect(await keysIn('lake', FIRST)).toEqual([FIRST]);
  });

  it.each(['InternalError', 'KMS.KMSInvalidStateException', 'KMS.DisabledException', 'SlowDown'])(
    'F17 F20: a copy that ends with %s deletes nothing and starts nothing',
    async (throws) => {
      const attempt = execute([{ port: 'objectWriter', op: 'copyObject', callNumber: 1, fault: { throws, effect: 'not-made' } }]);
      const outcome = await attempt.then(
        (section) => `${section.status}: ${section.reason}`,
        (error: Error) => `thrown: ${error.name}`,
      );
      expect(outcome).toMatch(new RegExp(`^(refused: |thrown: ).*${throws.replace('.', '\\.')}`));
      expect(await keysIn('lake', FIRST)).toEqual([FIRST]);
      expect(world.glue.startedFor(INCIDENT_ID)).toEqual([]);
    },
  );

  it('F18: copied but not deleted, the object is readable in both places and the next try finishes', async () => {
    const document = documentOf(await quarantineOf(world.objects, [FIRST]));
    const schedule: ScheduledFault[] = [
      { port: 'objectWriter', op: 'deleteObject', callNumber: 1, fault: { throws: 'InternalError', effect: 'not-made' } },
    ];
    await expect(executeAction(document, faultyPorts(world.ports, { schedule }))).rejects.toThrow('InternalError');
    expect(await textOf('lake', FIRST)).toBe(await textOf('quarantine', copyOf(FIRST)));
    expect(await executeAction(document, world.ports)).toMatchObject({ status: 'started' });
    expect(await keysIn('lake', FIRST)).toEqual([]);
  });

  it('F11: a delete whose answer got lost and that is sent again by the client is done', async () => {
    const section = await execute([
      { port: 'objectWriter', op: 'deleteObject', callNumber: 1, fault: { throws: 'NoSuchKey', effect: 'made' } },
    ]);
    expect(section.status).toBe('started');
    expect(await keysIn('lake', FIRST)).toEqual([]);
  });

  it('keeps objects of the same key apart that come from different buckets', async () => {
    world.objects.createBucket('pond');
    await world.put(FIRST, 'id,amount\n1,77\n', 'pond');
    const [lake, pond] = [await quarantineOf(world.objects, [FIRST]), await quarantineOf(world.objects, [FIRST], 'pond')];
    const section = await executeAction(documentOf({ ...lake, objects: [...lake.objects, ...pond.objects] }), world.ports);
    expect(section.status).toBe('started');
    expect(await textOf('quarantine', copyOf(FIRST))).toBe('id,amount\n1,10\n');
    expect(await textOf('quarantine', copyOf(FIRST, 'pond'))).toBe('id,amount\n1,77\n');
  });

  it('R44: is stopped at the first object that has changed; what was moved is listed', async () => {
    const document = documentOf(await quarantineOf(world.objects, [FIRST, SECOND]));
    await world.put(SECOND, 'changed');
    const section = await executeAction(document, world.ports);
    expect(section).toMatchObject({ status: 'refused', reason: expect.stringMatching(/E_OBJECT_CHANGED.*2 call\(s\) had begun/) });
    expect(section.effects.map((effect) => [effect.target, effect.result === 'begun, no result'])).toEqual([
      [`s3://lake/${FIRST}`, false],
      [`s3://lake/${SECOND}`, true],
    ]);
  });

  describe('postconditions', () => {
    const judge = async () => quarantine.postconditions(await planned, await world.ledger(), world.ports);
    /** One verdict per moved object, the last one on all that was not moved. */
    const verdicts = async () => (await judge()).map((check) => check.verdict);
    let planned: ReturnType<typeof quarantineOf>;
    beforeEach(async () => {
      planned = quarantineOf(world.objects, [FIRST, SECOND]);
      await executeAction(documentOf(await planned), world.ports);
    });

    it('hold where every object is in quarantine and nowhere else', async () => {
      expect(await verdicts()).toEqual(['holds', 'holds', 'holds']);
    });
    it('fail where an object is back', async () => {
      await world.put(FIRST, 'id,amount\n1,10\n');
      expect(await verdicts()).toEqual(['fails', 'holds', 'holds']);
    });
    it('fail where the copy is not the bytes that were moved, though it is as long', async () => {
      await world.put(copyOf(SECOND), 'id,amount\n2,2X\n', 'quarantine');
      expect(await verdicts()).toEqual(['holds', 'fails', 'holds']);
    });
    it('fail where the copy is gone', async () => {
      const { etag } = await world.objects.headObject('quarantine', copyOf(FIRST));
      await world.objects.deleteObject('quarantine', copyOf(FIRST), { ifMatch: etag });
      expect(await verdicts()).toEqual(['fails', 'holds', 'holds']);
    });
    it('fail where an object that was not to be moved is gone or was written again since the INTENT', async () => {
      await world.put(GOOD_KEY, 'id,amount\n0,1\n');
      expect((await judge()).at(-1)).toMatchObject({ verdict: 'fails', value: `1 of 2 changed ${GOOD_KEY}` });
      const { etag } = await world.objects.headObject('lake', GOOD_KEY);
      await world.objects.deleteObject('lake', GOOD_KEY, { ifMatch: etag });
      expect((await judge()).at(-1)).toMatchObject({ verdict: 'fails', value: `1 of 2 changed ${GOOD_KEY}` });
    });
    it('hold where new input has arrived since', async () => {
      await world.put('orders/incoming/4.csv', 'id,amount\n4,40\n');
      expect(await verdicts()).toEqual(['holds', 'holds', 'holds']);
    });
    it('cannot hold where the listing that the INTENT points to is not what was written', async () => {
      const [listing = ''] = await keysIn('artefacts', `listings/${INCIDENT_ID}/`);
      await world.put(listing, 'tampered', 'artefacts');
      await expect(judge()).rejects.toThrow('E_ARTEFACT');
    });
    it('fail where the ledger knows nothing of the object', async () => {
      const other = await quarantineOf(world.objects, [GOOD_KEY]);
      const [check] = await quarantine.postconditions(other, await world.ledger(), world.ports);
      expect(check).toMatchObject({ postcondition: 'object is quarantined, and only there', verdict: 'fails' });
    });
  });

  it('R36: a replay compares with what lay there at the first INTENT, not with what the crash had left', async () => {
    const plan = await quarantineOf(world.objects, [FIRST, SECOND]);
    const schedule: ScheduledFault[] = [
      { port: 'objectWriter', op: 'copyObject', callNumber: 2, fault: { throws: 'InternalError', effect: 'not-made' } },
    ];
    await expect(executeAction(documentOf(plan), faultyPorts(world.ports, { schedule }))).rejects.toThrow('InternalError');
    await world.put(GOOD_KEY, 'overwritten between the crash and the replay');
    await executeAction(documentOf(plan), world.ports);
    expect((await quarantine.postconditions(plan, await world.ledger(), world.ports)).map((check) => check.verdict)).toEqual([
      'holds',
      'holds',
      'fails',
    ]);
  });
});
