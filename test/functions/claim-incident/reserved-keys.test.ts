import fc from 'fast-check';
import { claimIncident } from '../../../functions/claim-incident/claim-incident.ts';
import { withoutReservedKeys } from '../../../functions/claim-incident/reserved-keys.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { aRun, memoryPorts } from '../../support/memory-ports.ts';
import { aRegistration } from '../../support/sample-incident.ts';

const eventWith = (more: string, detail = '') =>
  JSON.parse(
    `{"source":"aws.glue","detail-type":"Glue Job State Change",${more}"detail":{${detail}"jobName":"orders","jobRunId":"jr_1","state":"FAILED"}}`,
  ) as unknown;

describe('B9 keys that reach for the prototype', () => {
  it('are taken out wherever they stand, and named', () => {
    const { event, dropped } = withoutReservedKeys(eventWith('"constructor":{"a":1},', '"__proto__":{"state":"SUCCEEDED"},'));
    expect(event).toEqual(eventWith(''));
    expect(dropped).toEqual(['constructor', 'detail.__proto__']);
  });

  it('are dropped from a claim that goes on without them, which says W_KEY_DROPPED on the record', async () => {
    const ports = memoryPorts();
    ports.jobRuns.add(aRun());
    await register(ports.operations, aRegistration());
    const section = await claimIncident(eventWith('"__proto__":{"account":"9"},'), 'e-1', ports);
    expect(section).toMatchObject({ disposition: 'claimed', reason: expect.stringContaining('W_KEY_DROPPED: "__proto__"') });
    expect(JSON.stringify(await new AuditTrail(ports).entries(section.id))).toContain('W_KEY_DROPPED');
  });

  it('are told also of an event that is left alone', async () => {
    const event = JSON.parse('{"source":"aws.s3","detail-type":"x","detail":{"constructor":1}}') as unknown;
    expect((await claimIncident(event, 'e-1', memoryPorts())).reason).toMatch(/^E_EVENT_SOURCE: .*; W_KEY_DROPPED: "detail\.constructor"$/);
  });

  it('nothing is said of an event without them, which stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (event) => {
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(event)));
        expect(withoutReservedKeys(event)).toEqual({ event, dropped: [] });
      }),
    );
  });

  it('a nesting of any depth is cut off, not followed', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
    expect(JSON.stringify(withoutReservedKeys(deep).event).length).toBeLessThan(100);
  });
});

describe('R31 a registration that cannot be read', () => {
  it('B24 is shadow, and the claim says why: E_MODE', async () => {
    const ports = memoryPorts();
    ports.jobRuns.add(aRun());
    await ports.operations.create({ pk: 'JOBS', sk: 'orders' }, { ...aRegistration(), modes: { RETRY: 'actve' } });
    const section = await claimIncident(eventWith(''), 'e-1', ports);
    expect(section).toMatchObject({ registered: false, reason: expect.stringMatching(/shadowed: E_MODE: modes\.RETRY: /) });
    expect(section.reason).not.toContain('W_JOB_UNREGISTERED');
  });
});
