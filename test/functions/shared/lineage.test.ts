import fc from 'fast-check';
import { lineageOf, REMEDIATION_ID } from '../../../functions/shared/lineage.ts';

const runArguments = fc.dictionary(
  fc.string().map((name) => `--${name}`),
  fc.string(),
);

describe('lineageOf', () => {
  it('is 16 hex digits', () => {
    expect(lineageOf('orders', {})).toMatch(/^[0-9a-f]{16}$/);
  });

  it('R37 is handed down: a rerun, which carries our own arguments, is of the failed run’s lineage', () => {
    fc.assert(
      fc.property(runArguments, fc.string(), (given, id) => {
        fc.pre(!Object.keys(given).some((name) => name.startsWith('--glue-medic-')));
        expect(lineageOf('orders', { ...given, [REMEDIATION_ID]: id })).toBe(lineageOf('orders', given));
      }),
    );
  });

  it('does not depend on the order of arguments', () => {
    fc.assert(
      fc.property(runArguments, (given) => {
        expect(lineageOf('orders', Object.fromEntries(Object.entries(given).toReversed()))).toBe(lineageOf('orders', given));
      }),
    );
  });

  it('differs with the job and with each argument of the caller', () => {
    const lineages = [
      lineageOf('orders', {}),
      lineageOf('customers', {}),
      lineageOf('orders', { '--day': '1' }),
      lineageOf('orders', { '--day': '2' }),
      lineageOf('orders', { '--month': '1' }),
    ];
    expect(new Set(lineages).size).toBe(lineages.length);
  });
});
