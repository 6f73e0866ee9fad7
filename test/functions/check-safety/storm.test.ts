import { deferredAt, stormSignature } from '../../../functions/check-safety/storm.ts';
import { aRegistration, aSafety, someFindings } from '../../support/sample-incident.ts';

describe('stormSignature', () => {
  it('F38 is the signature of the failure', () => {
    expect(stormSignature({ findings: someFindings({ signature: 'disk-full' }) })).toBe('disk-full');
  });

  const nameless = (evidenceLine: string | null, rootCauseLine: string | null = null) => {
    const findings = someFindings({ signature: null, state: { family: 'unknown' } });
    return stormSignature({ findings: { ...findings, classification: { ...findings.classification, evidenceLine, rootCauseLine } } });
  };

  it('F38 is the line of a failure that has no signature, but for what differs from run to run', () => {
    const one = nameless("Widget 'north-7' of host ip-10-0-0-1 gave up after 31 s, see s3://logs/a");
    expect(one).toBe('unknown: widget … of host … gave up after … s, see …');
    expect(nameless("Widget 'south' of host ip-10-0-9-9 gave up after 8 s,  see s3://logs/b")).toBe(one);
    expect(nameless('The gadget gave up')).not.toBe(one);
    expect(nameless('Job aborted', 'The gadget gave up')).toBe(nameless('The gadget gave up'));
  });

  it('F38 of a long line it is the beginning', () => {
    expect(nameless('a'.repeat(1000))).toHaveLength('unknown: '.length + 80);
  });

  it('F38 is the family where there is no line either', () => {
    expect(nameless(null)).toBe('family:unknown');
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
