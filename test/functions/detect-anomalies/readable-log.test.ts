import { isReadableLog } from '../../../functions/detect-anomalies/readable-log.ts';

describe('isReadableLog', () => {
  it.each([
    ['plain text', '26/11/05 INFO Main: all well\n'],
    ['colours', '\u001b[31mERROR\u001b[0m done\n'],
    ['some bytes that were no UTF-8', 'Stra\ufffde nach M\ufffdnchen: alles in Ordnung\n'],
    ['another script', 'задание завершено\n'],
  ])('is true of %s', (_what, text) => {
    expect(isReadableLog(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t'],
    ['digits and signs alone', '0101 --- 1\n'],
    ['zeros', '\0'.repeat(100)],
    ['bytes that were no text', `\ufffd\u0003a\ufffdz\u0010`],
  ])('is false of %s', (_what, text) => {
    expect(isReadableLog(text)).toBe(false);
  });
});
