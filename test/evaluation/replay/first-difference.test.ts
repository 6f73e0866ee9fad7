import fc from 'fast-check';
import { firstDifference } from '../../../evaluation/replay/first-difference.ts';
import { canonicalJson } from '../../../functions/shared/canonical-hash.ts';

describe('firstDifference', () => {
  it('is there exactly where the canonical bytes differ', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(firstDifference(a, structuredClone(a))).toBeNull();
        expect(firstDifference(a, b) === null).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });

  it.each([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, { path: 'a.b', recorded: '1', replayed: '2' }],
    ['an element', { r: [{ p: null }] }, { r: [{ p: 'x' }] }, { path: 'r[0].p', recorded: 'null', replayed: '"x"' }],
    ['a member that is gone', { a: 1, b: 2 }, { a: 1 }, { path: 'b', recorded: '2', replayed: 'absent' }],
    ['an element that was added', [1], [1, { k: 2 }], { path: '[1]', recorded: 'absent', replayed: '{"k":2}' }],
    ['another kind of value', { a: [] }, { a: {} }, { path: 'a', recorded: '[]', replayed: '{}' }],
    ['the whole value', 'a', 'b', { path: '', recorded: '"a"', replayed: '"b"' }],
    ['the first of many, by the order of the keys', { z: 1, a: 1 }, { z: 2, a: 2 }, { path: 'a', recorded: '1', replayed: '2' }],
  ])('shows %s', (_what, recorded, replayed, difference) => {
    expect(firstDifference(recorded, replayed)).toEqual(difference);
  });

  it('shows no more than a person reads, and never half a character', () => {
    const difference = firstDifference({ text: '😀'.repeat(5000) }, { text: '' });
    expect(difference?.recorded.length).toBeLessThanOrEqual(200);
    expect(difference?.recorded.isWellFormed()).toBe(true);
  });
});
