import fc from 'fast-check';
import { canonicalHash, canonicalJson } from '../../../functions/shared/canonical-hash.ts';

describe('canonicalHash', () => {
  it('is the SHA-256 of canonical JSON', () => {
    expect(canonicalJson({ b: [1, null, 'ä'], a: { d: 1e21, c: -0 } })).toBe('{"a":{"c":0,"d":1e+21},"b":[1,null,"ä"]}');
    expect(canonicalHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  it('does not depend on the order of keys, nor on a trip through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalHash(reversed)).toBe(canonicalHash(value));
        expect(canonicalHash(JSON.parse(JSON.stringify(value)))).toBe(canonicalHash(value));
      }),
    );
  });

  it('differs where the content differs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(canonicalHash(a) === canonicalHash(b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
    expect(canonicalHash(['1'])).not.toBe(canonicalHash([1]));
    expect(canonicalHash([['a'], 'b'])).not.toBe(canonicalHash(['a', ['b']]));
  });

  it('takes half a character for the sign that stands for one: text from outside has a hash in any case', () => {
    expect(canonicalHash(['a\ud800'])).toBe(canonicalHash(['a\ufffd']));
  });

  it.each([undefined, () => 1, Symbol('x'), Number.NaN, Number.POSITIVE_INFINITY])('R23 refuses what is no JSON: %p', (value) => {
    expect(() => canonicalHash(value)).toThrow();
  });
});
