import { classify } from '../../../../functions/detect-anomalies/error-classifier/classify.ts';
import { parseUserSignatures, withUserSignatures } from '../../../../functions/detect-anomalies/error-classifier/user-signatures.ts';

const rule = (change: object = {}) => ({
  id: 'OOM-3',
  family: 'resource_exhaustion',
  confidence: 0.9,
  says: ['the cauldron is full'],
  match: ['ERROR the cauldron is full of soup'],
  noMatch: ['ERROR the cauldron is empty'],
  ...change,
});
const parse = (...rules: object[]) => parseUserSignatures(JSON.stringify(rules));

describe('signatures of a team', () => {
  it('are asked before the product’s own', () => {
    const own = withUserSignatures(
      parse(
        rule(),
        rule({ id: 'SOUP-1', says: undefined, pattern: 'soup \\d{3,}', match: ['ERROR soup 1234'], noMatch: ['ERROR soup 1'] }),
      ),
    );
    expect(classify({ errorMessage: 'the cauldron is full', log: '' }, own)).toMatchObject({ signature: 'OOM-3', confidence: 0.9 });
    expect(classify({ errorMessage: null, log: 'ERROR no more than soup 1234' }, own)).toMatchObject({ signature: 'SOUP-1' });
    expect(classify({ errorMessage: 'java.lang.OutOfMemoryError', log: '' }, own)).toMatchObject({ signature: 'jvm-out-of-memory' });
  });

  it.each([
    ['x(?=y)', 'E_RULE_REGEX: rule OOM-3: lookahead not supported by RE2'],
    ['(?<!x)y', 'E_RULE_REGEX: rule OOM-3: lookbehind not supported by RE2'],
    ['(a)\\1', 'E_RULE_REGEX: rule OOM-3: backreference not supported by RE2'],
    ['a++b', 'E_RULE_REGEX: rule OOM-3: atomic group or possessive repetition not supported by RE2'],
    ['[z-a]', 'E_RULE_REGEX: rule OOM-3: error parsing regexp: invalid character class range: `z-a`'],
  ])('B20: a pattern that is not linear or not valid is refused: %s', (pattern, message) => {
    expect(() => parse(rule({ pattern }))).toThrow(message);
  });

  it.each([
    [rule({ family: 'unknown' }), /^E_RULE: signatures: 0\.family/],
    [rule({ confidence: 1.5 }), /^E_RULE: signatures: 0\.confidence/],
    [rule({ surprise: true }), /^E_RULE: signatures: 0: .*surprise/],
    [rule({ match: [] }), /^E_RULE: signatures: 0\.match/],
    [rule({ says: undefined }), /^E_RULE: rule OOM-3: needs says or pattern/],
    [rule({ says: ['ab'] }), /^E_RULE: rule OOM-3: phrase "ab" needs/],
    [rule({ id: 'jvm-out-of-memory' }), /^E_RULE: rule jvm-out-of-memory: the id is taken/],
    [rule({ match: ['ERROR something else'] }), /^E_RULE_EXAMPLE: rule OOM-3: does not match/],
    [rule({ noMatch: ['the cauldron is full'] }), /^E_RULE_EXAMPLE: rule OOM-3: matches/],
  ])('says which rule is wrong and how: %#', (wrong, message) => {
    expect(() => parse(wrong)).toThrow(message);
  });

  it('refuses a file that is no list, or no JSON, or names an id twice', () => {
    expect(() => parseUserSignatures('{}')).toThrow(/^E_RULE: signatures: file/);
    expect(() => parseUserSignatures('[')).toThrow(/^E_RULE: signatures: not JSON/);
    expect(() => parse(rule(), rule())).toThrow(/the id is taken/);
  });
});
