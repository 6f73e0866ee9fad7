import * as fc from 'fast-check';
import { fingerprint, packFingerprints, unpackFingerprints } from '../../../../functions/detect-anomalies/quality-analyzer/fingerprints.ts';

describe('fingerprints', () => {
  it('are never zero, fit 24 bits and survive packing', () => {
    void fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const prints = texts.map(fingerprint);
        expect(prints.every((print) => print > 0 && print < 2 ** 24)).toBe(true);
        expect(unpackFingerprints(packFingerprints(prints))).toEqual(prints);
      }),
    );
  });

  it('of 20,000 different texts hardly collide', () => {
    const prints = new Set(Array.from({ length: 20_000 }, (_, index) => fingerprint(`value ${index}`)));
    expect(prints.size).toBeGreaterThan(19_960);
  });
});
