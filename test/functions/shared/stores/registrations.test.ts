import { ACTIONS } from '../../../../functions/shared/actions.ts';
import { LimitsSchema, modeOf } from '../../../../functions/shared/job-registration.ts';
import { listRegistrations, readRegistration, register, registrationOf } from '../../../../functions/shared/stores/registrations.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../../../support/memory-ports.ts';
import { aRegistration } from '../../../support/sample-incident.ts';

describe('registrations', () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = memoryPorts();
  });

  it('are kept as they were given, with the default of every limit', async () => {
    const registration = await register(ports.operations, aRegistration({ limits: { retriesPerLineage: 1 } }));
    expect(await registrationOf(ports.operations, 'orders')).toEqual(registration);
    expect(registration.limits).toEqual({ ...LimitsSchema.parse({}), retriesPerLineage: 1 });
  });

  it('changed later keep the time of the first: nothing from before it is ever touched', async () => {
    await register(ports.operations, aRegistration({ registeredAt: secondsAgo(1000) }));
    const changed = await register(ports.operations, aRegistration({ registeredAt: secondsAgo(0), criticality: 'high' }));
    expect(changed).toMatchObject({ registeredAt: secondsAgo(1000), criticality: 'high' });
  });

  it.each([
    ['B24 a mode that is none', { modes: { RETRY: 'actve' } }, 'modes.RETRY'],
    ['an action that is none', { modes: { RERUN: 'auto' } }, 'modes'],
    ['B25 a negative limit', { limits: { retriesPerLineage: -1 } }, 'limits.retriesPerLineage'],
    ['B25 a limit that is no number', { limits: { cooldownSeconds: Number.NaN } }, 'limits.cooldownSeconds'],
    ['B25 a limit that nobody knows', { limits: { retries: 1 } }, 'limits'],
    ['a key that nobody knows', { mode: 'auto' }, 'registration'],
    ['B10 an empty prefix, which would mean the whole bucket', { inputs: [input('')] }, 'inputs.0.prefix'],
    ['B10 a prefix that begins at the root', { inputs: [input('/orders/')] }, 'inputs.0.prefix'],
    ['B10 a prefix that does not end', { inputs: [input('orders')] }, 'inputs.0.prefix'],
    ['B10 a URI in the place of a prefix', { inputs: [input('s3://lake/orders/')] }, 'inputs.0.prefix'],
    ['B10 a way up in a prefix', { inputs: [input('orders/../payments/')] }, 'inputs.0.prefix'],
    ['B10 a URI in the place of a bucket', { inputs: [input('orders/', 'http://lake')] }, 'inputs.0.bucket'],
    ['B10 an ARN in the place of a bucket', { inputs: [input('orders/', 'arn:aws:s3:::lake')] }, 'inputs.0.bucket'],
    ['R51 a wait of eleven days', { approvalTimeoutSeconds: 11 * 86_400 }, 'approvalTimeoutSeconds'],
    ['exploration beyond a tenth', { explorationRate: 0.2 }, 'explorationRate'],
  ])('R72 refuse %s, naming the field', async (_what, changes, field) => {
    await expect(register(ports.operations, { ...aRegistration(), ...changes })).rejects.toThrow(`E_CONFIG: ${field}: `);
    expect(await registrationOf(ports.operations, 'orders')).toBeNull();
  });

  it('R31 that cannot be read are no registration, say why, and can be replaced', async () => {
    await ports.operations.create({ pk: 'JOBS', sk: 'orders' }, { ...aRegistration(), protected: 'yes' });
    expect(await readRegistration(ports.operations, 'orders')).toMatchObject({
      status: 'unreadable',
      reason: expect.stringMatching(/^E_CONFIG: protected: /),
    });
    expect(await registrationOf(ports.operations, 'orders')).toBeNull();
    await register(ports.operations, aRegistration());
    expect(await registrationOf(ports.operations, 'orders')).toEqual(aRegistration());
  });

  it('are listed by name, those that cannot be read left out', async () => {
    for (const jobName of ['b', 'a']) await register(ports.operations, aRegistration({ jobName }));
    await ports.operations.create({ pk: 'JOBS', sk: 'broken' }, {});
    expect((await listRegistrations(ports.operations)).map(({ jobName }) => jobName)).toEqual(['a', 'b']);
  });
});

describe('R31 modeOf', () => {
  it('is shadow for every action of a job that is not registered, or has no authority', () => {
    for (const action of ACTIONS) {
      expect(modeOf(null, action)).toBe('shadow');
      expect(modeOf(aRegistration({ modes: {} }), action)).toBe('shadow');
    }
  });

  it('is what was declared, shadow for any other active action, and lets people be told once there is authority', () => {
    const registration = aRegistration({ modes: { RETRY: 'approve' } });
    expect(ACTIONS.map((action) => modeOf(registration, action))).toEqual(['approve', 'shadow', 'shadow', 'shadow', 'auto', 'auto']);
  });
});

function input(prefix: string, bucket = 'lake') {
  return { name: 'orders', bucket, prefix, format: 'csv', table: null };
}
