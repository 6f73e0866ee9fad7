/** The parts below the classifier: needles, phrases, chunks of lines. */
import fc from 'fast-check';
import { byteLines, wholeLineChunks } from '../../../../functions/detect-anomalies/error-classifier/byte-lines.ts';
import { catalogueSignatures, classifyScan } from '../../../../functions/detect-anomalies/error-classifier/classify.ts';
import { needleScanner } from '../../../../functions/detect-anomalies/error-classifier/needle-scanner.ts';
import { parsePhrase, says } from '../../../../functions/detect-anomalies/error-classifier/phrase.ts';
import { LogScan } from '../../../../functions/detect-anomalies/error-classifier/scan-log.ts';

describe('needleScanner', () => {
  it('finds what a search needle by needle finds, at every position', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'B', 'c', ' ', '\n', 'é') }),
        (needles, text) => {
          const bytes = Buffer.from(text);
          const scanner = needleScanner(needles)();
          const found: string[] = [];
          for (let at = scanner.next(bytes, 0, bytes.length); at < bytes.length; at = scanner.next(bytes, at + 1, bytes.length)) {
            for (const index of scanner.found() ?? []) found.push(`${needles[index]}@${at}`);
          }
          const lower = bytes.toString('latin1').toLowerCase();
          const expected = needles.flatMap((needle) =>
            Array.from(lower, (_, at) => (lower.endsWith(needle, at + 1) && at + 1 >= needle.length ? `${needle}@${at}` : '')).filter(
              Boolean,
            ),
          );
          expect(found.toSorted()).toEqual(expected.toSorted());
        },
      ),
    );
  });

  it('stops at a control character and says that it is no needle', () => {
    const scanner = needleScanner(['abc'])();
    expect(scanner.next(Buffer.from('ab\u0007'), 0, 3)).toBe(2);
    expect(scanner.found()).toBeNull();
  });
});

describe('phrases', () => {
  it.each([
    ['TypeError', "typeerror: 'int' object", true],
    ['TypeError', 'datatypeerror: x', false],
    ['*TimeoutException', 'org.x.bulktimeoutexception', true],
    ['Container killed … memory limits', 'container killed by yarn for exceeding memory limits', true],
    ['Container killed … memory limits', 'memory limits: container killed', false],
    ['(404)', 'an error occurred (404) when calling', true],
  ])('%s in %s: %s', (phrase, line, expected) => {
    expect(says(line, parsePhrase(phrase))).toBe(expected);
  });

  it('refuses a phrase without a part to look for', () => {
    expect(() => parsePhrase('a … b')).toThrow(RangeError);
  });
});

describe('LogScan', () => {
  it('finds the same, however the log is cut into chunks of lines', () => {
    const lines = [
      '24/01/31 10:00:00 INFO Start: up',
      '24/01/31 10:00:01 WARN TaskSetManager: Lost task 0.0 in stage 1.0: java.io.IOException: broken',
      '\tat a.b.C(D.java:1)',
      'Caused by: java.net.UnknownHostException: db.internal',
      '24/01/31 10:00:02 ERROR Job: failed',
    ];
    const answerOf = (chunks: readonly string[]) => {
      const scan = new LogScan(catalogueSignatures());
      for (const chunk of chunks) scan.read(Buffer.from(chunk));
      return classifyScan(null, scan);
    };
    const whole = answerOf([lines.join('\n')]);
    expect(whole).toMatchObject({ family: 'connectivity', signature: 'name-not-resolved' });
    expect(answerOf(lines.map((line) => `${line}\n`))).toEqual(whole);
  });
});

describe('cutting streams', () => {
  const pieces = (text: string, size: number) =>
    Array.from({ length: Math.ceil(text.length / size) }, (_, index) => Buffer.from(text.slice(index * size, (index + 1) * size)));
  async function* stream(chunks: readonly Buffer[]) {
    yield* chunks;
  }

  it.each([1, 3, 1000])('gives the lines, whatever the chunk size: %d', async (size) => {
    const lines: (string | null)[] = [];
    for await (const line of byteLines(stream(pieces('one\n\nthree\nfar too long\nlast', size)), 5)) lines.push(line?.toString() ?? null);
    expect(lines).toEqual(['one', '', 'three', null, 'last']);
  });

  it.each([1, 3, 1000])('gives chunks that end at line ends and cuts an over-long line: %d', async (size) => {
    let text = '';
    for await (const chunk of wholeLineChunks(stream(pieces(`ab\n${'x'.repeat(50)}\nlast`, size)), 10)) text += chunk.toString();
    expect(text.replace(/x+/, (run) => (run.length <= 50 ? 'x' : 'too many'))).toBe('ab\nx\nlast');
  });
});
