import { deferredAt, stormSignature } from '../../../functions/check-safety/storm.ts';
import { aRegistration, aSafety, someFindings } from '../../support/sample-incident.ts';

describe('stormSignature', () => {
  it('F38 is the signature of the failure', () => {
    expect(stormSignature({ findings: someFindings({ signature: 'disk-full' }) })).toBe('disk-full');
  });

  it('F38 is the family of a failure that has no signature', () => {
    expect(stormSignature({ findings: someFindings({ signature: null, state: { family: 'connectivity' } }) })).toBe('family:connectivity');
  });
});

describe('deferredAt', () => {
  it('F38 keeps what was judged and says why it waits', () => {
    const { limits } = aRegistration({ limits: { stormIncidents: 4, stormWindowSeconds: 600 } });
    const safety = aSafety('allow', 'RETRY');
    expect(deferredAt(5, { findings: someFindings({ signature: 'disk-full' }) }, safety, limits)).toEqual({
      ...safety,
      verdict: 'deferred',
      reason: 'incident 5 of disk-full within 600 s; from 4 on they wait for the first',
    });
  });
});
