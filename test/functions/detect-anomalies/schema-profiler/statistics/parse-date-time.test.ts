import fc from 'fast-check';
import { parseDateTime } from '../../../../../functions/detect-anomalies/schema-profiler/parse-date-time.ts';

describe('parseDateTime', () => {
  it.each([
    ['2021-03-04', '2021-03-04T00:00:00+00:00', 'yyyy-MM-dd'],
    ['2021/3/4', '2021-03-04T00:00:00+00:00', 'yyyy/M/d'],
    ['2021-03-04 05:06', '2021-03-04T05:06:00+00:00', 'yyyy-MM-dd HH:mm'],
    ['2021-03-04T05:06:07.120Z', '2021-03-04T05:06:07.12+00:00', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"],
    ['2021-03-04 05:06:07 +0530', '2021-03-04T05:06:07+05:30', 'yyyy-MM-dd HH:mm:ssXX'],
    ['2021-03-04 05:06:07 PM', '2021-03-04T17:06:07+00:00', 'yyyy-MM-dd h:mm:ss a'],
    ['12:00 AM', null, null],
    ['20210304', '2021-03-04T00:00:00+00:00', 'yyyyMMdd'],
    ['20210304T050607Z', '2021-03-04T05:06:07+00:00', "yyyyMMdd'T'HHmmssXXX"],
    ['03/31/2021', '2021-03-31T00:00:00+00:00', 'MM/dd/yyyy'],
    ['31/03/2021', '2021-03-31T00:00:00+00:00', 'dd/MM/yyyy'],
    ['31.3.2021 7:05', '2021-03-31T07:05:00+00:00', 'd.M.yyyy HH:mm'],
    ['4 Mar 2021', '2021-03-04T00:00:00+00:00', 'd MMM yyyy'],
    ['March 4th, 2021', '2021-03-04T00:00:00+00:00', 'MMMM d, yyyy'],
    ['Thu, 04 Mar 2021 05:06:07 GMT', '2021-03-04T05:06:07+00:00', 'EEE, d MMM yyyy HH:mm:ss z'],
    ['Thu Mar  4 05:06:07 2021', '2021-03-04T05:06:07+00:00', 'EEE MMM d HH:mm:ss'],
    ['04/Mar/2021:05:06:07 -0700', '2021-03-04T05:06:07-07:00', 'd/MMM/yyyy:HH:mm:ssXX'],
    ['2021-W09-4', '2021-03-04T00:00:00+00:00', "YYYY-'W'ww-u"],
    ['2021-063', '2021-03-04T00:00:00+00:00', 'yyyy-DDD'],
    ['2021年3月4日', '2021-03-04T00:00:00+00:00', 'yyyy年MM月dd日'],
    ['1614834367', '2021-03-04T05:06:07+00:00', 'epoch seconds'],
    ['1614834367008', '2021-03-04T05:06:07.008+00:00', 'epoch milliseconds'],
  ])('reads %s', (text, iso, format) => {
    const parsed = parseDateTime(text);
    expect(parsed && { iso: parsed.iso, format: parsed.format }).toEqual(iso === null ? null : { iso, format });
  });

  it.each([
    '2021-02-29',
    '2021-13-01',
    '2021-00-10',
    '2021-04-31 10:00',
    '2021-03-04 24:00:01',
    '2021-03-04T05:60',
    '2021-03-04T05:06:07+25:00',
    '2021-03-04T',
    '30/30/2021',
    '2021-W54-1',
    '2020-367',
    '10.0.0.1',
    '1.2.3',
    'v2021.03',
    '12-34-5678',
    'Feb 30, 2021',
    'Marchy 3, 2021',
    '2021-03-04 and more',
    '1e9',
    '',
    'never',
  ])('refuses %j', (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  it('says where day and month could be swapped', () => {
    expect(parseDateTime('03/04/2021')).toMatchObject({ ambiguous: true, format: 'MM/dd/yyyy' });
    expect(parseDateTime('03/04/2021', true)).toMatchObject({ ambiguous: true, format: 'dd/MM/yyyy', iso: '2021-04-03T00:00:00+00:00' });
    expect(parseDateTime('13/04/2021')).toMatchObject({ ambiguous: false, format: 'dd/MM/yyyy' });
  });

  it('reads back every instant that is written in ISO format', () => {
    const instants = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(Date.parse(parseDateTime(instant.toISOString())?.iso ?? '')).toBe(instant.getTime());
      }),
    );
  });

  it('never throws, and what it accepts is an instant', () => {
    const signs = fc.constantFrom(...'0123456789/-:. TZ+JanMarpm,()[]年月日W');
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 40 }), (text) => {
        const parsed = parseDateTime(text);
        expect(parsed === null || !Number.isNaN(Date.parse(parsed.iso))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
