/** What one move, its postcondition and its inverse do with each state in which source and copy can be. */
import { quarantine } from '../../../../functions/execute-action/actions/quarantine.ts';
import { Mutations } from '../../../../functions/execute-action/mutations.ts';
import type { PlanOf } from '../../../../functions/shared/actions.ts';
import type { ObjectHead, Ports } from '../../../../functions/shared/ports.ts';
import { faultyPorts, isMutating, type PortCall } from '../../../support/fault-injection.ts';
import { type HealingWorld, healingWorld, KEYS, quarantineOf } from '../../../support/healing-world.ts';
import { INCIDENT_ID } from '../../../support/sample-incident.ts';

const [FIRST = '', SECOND = ''] = KEYS;
const COPY = `quarantine/${INCIDENT_ID}/lake/${FIRST}`;
const SOURCE = `s3://lake/${FIRST}`;

describe('QUARANTINE of one object', () => {
  let world: HealingWorld;
  let plan: PlanOf<'QUARANTINE'>;
  let calls: string[];
  let ports: Ports;
  beforeEach(async () => {
    world = await healingWorld();
    plan = await quarantineOf(world.objects, [FIRST]);
    calls = [];
    ports = faultyPorts(world.ports, { onCall: (call: PortCall) => void (isMutating(call) && calls.push(call.op)) });
  });
  afterEach(() => world.remove());

  const move = async (on: Ports = ports, of = plan) => quarantine.execute(of, new Mutations(on, INCIDENT_ID), on);
  const judge = async (on: Ports = ports) => (await quarantine.postconditions(plan, await world.ledger(), on))[0];
  const undo = async (on: Ports = ports, of = plan) => quarantine.undo(of, await world.ledger(), new Mutations(on, INCIDENT_ID), on);
  const head = (bucket: string, key: string) => world.objects.headObject(bucket, key).catch(() => null);
  const remove = async (bucket: string, key: string) =>
    world.objects.deleteObject(bucket, key, { ifMatch: (await world.objects.headObject(bucket, key)).etag });
  /** A bucket that holds no checksums, or in which a copy has another etag: what a multipart object is like. */
  const seenAs = (change: (head: ObjectHead, bucket: string) => Partial<ObjectHead>): Ports => {
    const seen = (bucket: string, of: ObjectHead): ObjectHead => ({ ...of, ...change(of, bucket) });
    return {
      ...ports,
      objects: new Proxy(world.objects, {
        get: (target, name) =>
          name === 'headObject'
            ? async (bucket: string, key: string) => seen(bucket, await target.headObject(bucket, key))
            : bound(target, name),
      }),
      objectWriter: new Proxy(ports.objectWriter, {
        get: (target, name) =>
          name === 'copyObject'
            ? async (request: Parameters<typeof target.copyObject>[0]) => seen(request.bucket, await target.copyObject(request))
            : bound(target, name),
      }),
    };
  };

  describe('moving', () => {
    it('R43 copies, then deletes, and records both places', async () => {
      const source = await head('lake', FIRST);
      await move();
      expect(calls).toEqual(['copyObject', 'deleteObject']);
      const copy = await head('quarantine', COPY);
      expect(await head('lake', FIRST)).toBeNull();
      expect(copy?.checksum).toBe(source?.checksum);
      const [row] = await world.ledger();
      expect(row).toMatchObject({
        call: `Quarantine:lake/${FIRST}`,
        target: SOURCE,
        before: { object: plan.objects[0], destination: { bucket: 'quarantine', key: COPY } },
        result: {
          from: plan.objects[0],
          to: { bucket: 'quarantine', key: COPY, size: copy?.size, etag: copy?.etag, checksum: copy?.checksum },
        },
      });
    });

    it('R36 finds the copy of an earlier try and does not copy again', async () => {
      await world.put(COPY, 'id,amount\n1,10\n', 'quarantine');
      await move();
      expect(calls).toEqual(['deleteObject']);
    });

    it('R36 finds the whole move done by an earlier try, and changes nothing', async () => {
      await world.put(COPY, 'id,amount\n1,10\n', 'quarantine');
      await remove('lake', FIRST);
      await move();
      expect(calls).toEqual([]);
      expect(await judge()).toMatchObject({ verdict: 'holds' });
    });

    it('R44 refuses an object that is gone and was never copied', async () => {
      await remove('lake', FIRST);
      await expect(move()).rejects.toThrow(`E_OBJECT_CHANGED: ${SOURCE} is gone and was not quarantined`);
      expect(calls).toEqual([]);
    });

    it('R44 refuses a copy of another length when the source is gone', async () => {
      await world.put(COPY, 'shorter', 'quarantine');
      await remove('lake', FIRST);
      await expect(move()).rejects.toThrow('E_COPY_DIFFERS');
    });

    it('R44 says which object was written again, and what to do', async () => {
      const [object] = plan.objects;
      await world.put(FIRST, 'id,amount\n1,99\n');
      const now = await head('lake', FIRST);
      await expect(move()).rejects.toThrow(
        `E_OBJECT_CHANGED: ${SOURCE} has etag ${now?.etag}, planned for ${object?.etag}; gather evidence again`,
      );
      expect(calls).toEqual([]);
    });

    it('R43 says which copy differs, and keeps the source', async () => {
      await world.put(COPY, 'id,amount\n1,1X\n', 'quarantine');
      await expect(move()).rejects.toThrow(`E_COPY_DIFFERS: s3://quarantine/${COPY} is not the copy of ${SOURCE}; the source is kept`);
      expect(calls).toEqual([]);
    });

    it.each([
      ['the source', 'lake'],
      ['the copy', 'quarantine'],
    ])('R43 takes sizes for enough where %s has no checksum', async (_which, without) => {
      await move(seenAs((_head, bucket) => (bucket === without ? { checksum: null } : {})));
      expect(calls).toEqual(['copyObject', 'deleteObject']);
    });

    it('R43 takes a copy with another etag for the same where the checksums are', async () => {
      await move(seenAs((_head, bucket) => (bucket === 'quarantine' ? { etag: '"multipart-2"' } : {})));
      expect(calls).toEqual(['copyObject', 'deleteObject']);
    });

    it('R43 takes no copy for the same that has another length, whatever its checksum', async () => {
      const odd = seenAs((_head, bucket) => (bucket === 'quarantine' ? { size: 3 } : {}));
      await expect(move(odd)).rejects.toThrow('E_COPY_DIFFERS');
      expect(calls).toEqual(['copyObject']);
    });

    it('F20 goes no further where it cannot look: that is not the same as nothing there', async () => {
      const denied = faultyPorts(ports, {
        schedule: [{ port: 'objects', op: 'headObject', callNumber: 1, fault: { throws: 'AccessDenied', effect: 'not-made' } }],
      });
      await expect(move(denied)).rejects.toThrow('AccessDenied');
      expect(calls).toEqual([]);
    });

    it('F18 does not take a delete that failed for done', async () => {
      const failing = faultyPorts(ports, {
        schedule: [{ port: 'objectWriter', op: 'deleteObject', callNumber: 1, fault: { throws: 'SlowDown', effect: 'not-made' } }],
      });
      await expect(move(failing)).rejects.toThrow('SlowDown');
      expect((await world.ledger())[0]).toMatchObject({ resultAt: null });
    });
  });

  describe('judging afterwards', () => {
    it('R42 says what is where, and what was expected', async () => {
      await move();
      const copy = await head('quarantine', COPY);
      expect(await judge()).toEqual({
        postcondition: 'object is quarantined, and only there',
        verdict: 'holds',
        value: `source absent, copy ${copy?.size} bytes, etag ${copy?.etag}`,
        expected: `source absent, copy ${copy?.size} bytes, etag ${copy?.etag}`,
      });
    });

    it('R42 does not hold where the object was never moved', async () => {
      expect(await judge()).toEqual({
        postcondition: 'object is quarantined, and only there',
        verdict: 'fails',
        value: 'source present, copy absent',
        expected: `source absent, copy ${plan.objects[0]?.size} bytes, etag as copied`,
      });
    });

    it('R42 does not hold where source and copy are both there', async () => {
      await move();
      await world.put(FIRST, 'id,amount\n1,10\n');
      expect(await judge()).toMatchObject({ verdict: 'fails', value: expect.stringMatching(/^source present, copy 15 bytes/) });
    });

    it.each([
      ['holds for a copy that S3 has given another etag since, by its checksum', { etag: '"other"' }, 'holds'],
      ['holds for a copy without a checksum, by its etag', { checksum: null }, 'holds'],
      ['fails for a copy of which neither is known', { etag: '"other"', checksum: null }, 'fails'],
      ['fails for another checksum and etag', { etag: '"other"', checksum: 'other' }, 'fails'],
      ['fails for another length', { size: 3 }, 'fails'],
    ])('R42 %s', async (_what, change, verdict) => {
      await move();
      expect(await judge(seenAs((_head, bucket) => (bucket === 'quarantine' ? change : {})))).toMatchObject({ verdict });
    });

    it('R42 does not take two unknown checksums for the same', async () => {
      await move(seenAs(() => ({ checksum: null })));
      expect(await judge(seenAs(() => ({ checksum: null, etag: '"other"' })))).toMatchObject({ verdict: 'fails' });
    });

    it('bounds what it says of an etag without end', async () => {
      await move(seenAs((_head, bucket) => (bucket === 'quarantine' ? { etag: `"${'x'.repeat(1000)}"` } : {})));
      const check = await judge(seenAs((_head, bucket) => (bucket === 'quarantine' ? { etag: `"${'x'.repeat(1000)}"` } : {})));
      expect(check?.value).toHaveLength('source absent, copy '.length + 100);
      expect(check?.expected).toHaveLength(200);
    });

    it('goes no further where it cannot look', async () => {
      await move();
      const denied = faultyPorts(ports, {
        schedule: [{ port: 'objects', op: 'headObject', callNumber: 1, fault: { throws: 'AccessDenied', effect: 'not-made' } }],
      });
      await expect(judge(denied)).rejects.toThrow('AccessDenied');
    });
  });

  describe('its inverse', () => {
    it('R45 brings the bytes back and says which version they have now', async () => {
      await move();
      calls.length = 0;
      expect(await undo()).toBe(true);
      expect(calls).toEqual(['copyObject']);
      const back = await head('lake', FIRST);
      expect(back?.checksum).toBe(world.checksums.get(FIRST));
      expect((await world.ledger()).find((row) => row.call === `Restore:lake/${FIRST}`)).toMatchObject({
        target: SOURCE,
        before: null,
        result: { versionId: back?.versionId },
      });
      // The copy is kept: a quarantine is evidence.
      expect(await head('quarantine', COPY)).not.toBeNull();
    });

    it('R45 copies the version that lies in quarantine, and only while it is still that one', async () => {
      await move();
      const copy = await head('quarantine', COPY);
      const requests: unknown[] = [];
      await undo(
        faultyPorts(ports, {
          onCall: ({ op, given }) => void (op === 'copyObject' && requests.push(given[0])),
        }),
      );
      expect(requests).toEqual([
        {
          sourceBucket: 'quarantine',
          sourceKey: COPY,
          sourceVersionId: copy?.versionId,
          sourceIfMatch: copy?.etag,
          bucket: 'lake',
          key: FIRST,
        },
      ]);
    });

    it('R45 has nothing to bring back where the move stopped before its delete', async () => {
      const source = await head('lake', FIRST);
      const failing = faultyPorts(ports, {
        schedule: [{ port: 'objectWriter', op: 'deleteObject', callNumber: 1, fault: { throws: 'SlowDown', effect: 'not-made' } }],
      });
      await expect(move(failing)).rejects.toThrow('SlowDown');
      calls.length = 0;
      expect(await undo()).toBe(true);
      expect(calls).toEqual([]);
      expect((await world.ledger()).at(-1)).toMatchObject({ call: `Restore:lake/${FIRST}`, result: { versionId: source?.versionId } });
    });

    it('R45 has nothing to bring back where the move stopped before its copy', async () => {
      const failing = faultyPorts(ports, {
        schedule: [{ port: 'objectWriter', op: 'copyObject', callNumber: 1, fault: { throws: 'SlowDown', effect: 'not-made' } }],
      });
      await expect(move(failing)).rejects.toThrow('SlowDown');
      expect(await undo()).toBe(true);
      expect(await head('quarantine', COPY)).toBeNull();
      expect(await head('lake', FIRST)).not.toBeNull();
    });

    it('R45 F11 takes an object that somebody has put back, the same by checksum, for restored', async () => {
      await move();
      await world.put(FIRST, 'id,amount\n1,10\n');
      calls.length = 0;
      // As a multipart upload has it: another etag than the plan names.
      expect(await undo(seenAs((_head, bucket) => (bucket === 'lake' ? { etag: '"multipart-1"' } : {})))).toBe(true);
      expect(calls).toEqual([]);
      expect((await world.ledger()).at(-1)?.result).toEqual({ versionId: (await head('lake', FIRST))?.versionId });
    });

    it('R43 R45 does not write over an object that was delivered again, and says where the bytes are', async () => {
      await move();
      await world.put(FIRST, 'id,amount\n1,1X\n');
      calls.length = 0;
      await expect(undo()).rejects.toThrow(
        `E_OBJECT_CHANGED: ${SOURCE} was written again meanwhile; restore by hand from s3://quarantine/${COPY}`,
      );
      expect(calls).toEqual([]);
    });

    it('R45 has nothing to undo where nothing was begun', async () => {
      expect(await undo()).toBe(false);
      expect(await world.ledger()).toEqual([]);
    });

    it('R45 brings back what was moved, and nothing that other calls of the incident have done', async () => {
      plan = await quarantineOf(world.objects, [FIRST, SECOND]);
      await move();
      await new Mutations(ports, INCIDENT_ID).make({
        call: 'StartJobRun:orders',
        target: 'orders',
        before: null,
        effect: async () => 'jr_2',
      });
      calls.length = 0;
      expect(await undo()).toBe(true);
      expect(calls).toEqual(['copyObject', 'copyObject']);
      expect((await world.ledger()).map((row) => row.call)).toEqual([
        `Quarantine:lake/${FIRST}`,
        `Quarantine:lake/${SECOND}`,
        `Restore:lake/${FIRST}`,
        `Restore:lake/${SECOND}`,
        'StartJobRun:orders',
      ]);
    });

    it('goes no further where the copy is gone', async () => {
      await move();
      await remove('quarantine', COPY);
      await expect(undo()).rejects.toMatchObject({ name: 'NoSuchKey' });
      expect(await head('lake', FIRST)).toBeNull();
    });
  });
});

function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name, target);
  return typeof member === 'function' ? member.bind(target) : member;
}
