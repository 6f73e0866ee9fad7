import fc from 'fast-check';
import { parseDateTime } from '../../../../../functions/detect-anomalies/schema-profiler/parse-date-time.ts';
import { mayBeDate } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/date-start.ts';

/** With other bytes on both sides, which are none of its business. */
function ask(text: string): boolean {
  const bytes = new TextEncoder().encode(`9${text}]`);
  return mayBeDate(bytes, 1, bytes.length - 1);
}

const WRITTEN = [
  '20210304',
  '4 Mar 2021',
  'march 4th, 2021',
  'SEPT 4, 2021',
  'Thu, 04 Mar 2021 05:06:07 GMT',
  'Wednesday, 3 March 2021',
  'Thu Mar  4 05:06:07 2021',
  '2021年3月4日',
  '1.2.3.4 - joe [04/Mar/2021:05:06:07 -0700]',
  '[2021-03-04]',
];

describe('mayBeDate', () => {
  it.each(WRITTEN)('lets %s through, with blanks around it too', (text) => {
    expect(parseDateTime(text)).not.toBeNull();
    const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u2003', '\ufeff'), maxLength: 3 });
    fc.assert(fc.property(blanks, blanks, (before, behind) => ask(`${before}${text}${behind}`)));
  });

  it.each(['joe27@example.com', 'v1.2.3', 'ORD-2021-03-04', 'https://example.com/2021', '-12:30', '', ' ', '12'])('stops %j', (text) => {
    expect(ask(text)).toBe(false);
  });

  it('lets through whatever the parser knows', () => {
    const signs = fc.constantFrom(...'0123456789', '-', '/', ':', '.', ',', ' ', '[', ']', 'T', 'Z', 'Jan', 'tue', 'pm', '年', '\u00a0');
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 16 }), (text) => {
        expect(parseDateTime(text) === null || ask(text)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
