import fc from 'fast-check';
import { nameSimilarity, weighWords, wordsOf } from '../../../../functions/detect-anomalies/drift-detector/name-similarity.ts';

describe('wordsOf', () => {
  it.each([
    ['pickupLongitude2', ['pickup', 'longitude', '2']],
    ['HTTPStatus_code', ['http', 'status', 'code']],
    ['Province/State', ['province', 'state']],
    ['città-età', ['città', 'età']],
    ['__', []],
  ])('splits %s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

describe('nameSimilarity', () => {
  it.each([
    ['alt-spellings', 'altSpellings'],
    ['useragent', 'user_agent'],
    ['Last Update', 'last_update'],
  ])('finds %s and %s the same but for their dress', (a, b) => {
    expect(nameSimilarity(a, b)).toBe(1);
  });

  it.each([
    ['amt', 'amount'],
    ['cust_id', 'customer_id'],
    ['dept', 'department'],
    ['Lat', 'Latitude'],
    ['currency', 'currencies'],
    ['sourceaddress', 'srcaddr'],
    ['createdate', 'createdat'],
    ['rate_code', 'RatecodeID'],
  ])('finds %s and %s alike', (a, b) => {
    expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(0.7);
  });

  it.each([
    ['first_name', 'last_name'],
    ['order_id', 'customer_id'],
    ['address1', 'address2'],
    ['srcport', 'dstport'],
    ['city', 'capacity'],
    ['state', 'status'],
    ['beer', 'brewery'],
    ['pickup_longitude', 'pickup_latitude'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(nameSimilarity(a, b)).toBeLessThanOrEqual(0.55);
  });

  it('counts a word less the more columns share it', () => {
    const common = weighWords(['total_a', 'total_b', 'total_c', 'total_d', 'total_e', 'total_f']);
    expect(nameSimilarity('total_cases', 'total_deaths', common)).toBeLessThan(nameSimilarity('total_cases', 'total_deaths'));
  });

  it('is symmetric, within [0, 1], and 1 for a name and itself', () => {
    const names = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[a-z]{1,4}(_[a-z]{1,6}){0,3}[0-9]?$/));
    fc.assert(
      fc.property(names, names, (a, b) => {
        const there = nameSimilarity(a, b);
        expect(there).toBeCloseTo(nameSimilarity(b, a), 10);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(1);
        expect(nameSimilarity(a, a)).toBe(1);
      }),
    );
  });
});
