/** The registry: every signature earns its place by its own examples, and none can go missing unnoticed. */
import { classify } from '../../../../functions/detect-anomalies/error-classifier/classify.ts';
import { recogniserOf } from '../../../../functions/detect-anomalies/error-classifier/compile-signatures.ts';
import { FAMILIES } from '../../../../functions/detect-anomalies/error-classifier/families.ts';
import { HARMLESS_LINES } from '../../../../functions/detect-anomalies/error-classifier/harmless-lines.ts';
import { CATALOGUE } from '../../../../functions/detect-anomalies/error-classifier/signatures/index.ts';
import { FAILURE_FAMILIES } from '../../../../functions/shared/rl-state.ts';
import { SIGNATURE_IDS } from './signature-ids.ts';

const asLine = (phrase: string) => `ERROR ${phrase.replace(/^\*/, 'My').replaceAll('…', 'x')}`;

describe('the catalogue of signatures', () => {
  it('names the families of the state space', () => {
    expect([...FAMILIES]).toEqual([...FAILURE_FAMILIES]);
  });

  it('R17: holds exactly the signatures that are listed here, so that removing one fails', () => {
    expect(CATALOGUE.map(({ id }) => id).toSorted()).toEqual(SIGNATURE_IDS.toSorted());
  });

  it('covers every family that a signature can name', () => {
    expect(new Set(CATALOGUE.map(({ family }) => family))).toEqual(new Set(FAMILIES.filter((family) => family !== 'unknown')));
  });

  it('says each phrase in one signature only', () => {
    const phrases = CATALOGUE.filter(({ pattern }) => pattern === undefined).flatMap(({ says = [] }) =>
      says.map((phrase) => phrase.toLowerCase()),
    );
    expect(phrases.filter((phrase, index) => phrases.indexOf(phrase) < index)).toEqual([]);
  });

  describe.each(CATALOGUE.map((signature) => ({ ...signature })))('R17: $id', (signature) => {
    it('is what its examples are classified as', () => {
      for (const line of signature.match) {
        expect(classify({ errorMessage: null, log: line })).toMatchObject({ family: signature.family, signature: signature.id });
      }
    });

    it('does not recognise the lines that it must not', () => {
      for (const line of signature.noMatch) expect(recogniserOf(signature)(line)).toBe(false);
    });

    it('has only phrases that lead to its family', () => {
      const says = signature.pattern === undefined ? (signature.says ?? []) : [];
      const strays = says.filter((phrase) => classify({ errorMessage: null, log: asLine(phrase) }).family !== signature.family);
      expect(strays).toEqual([]);
    });

    it('has a confidence', () => {
      expect(signature.confidence).toBeGreaterThanOrEqual(0.5);
      expect(signature.confidence).toBeLessThan(1);
    });
  });

  it.each(HARMLESS_LINES.map(({ why, says }) => ({ why, says })))('finds no failure in: $why', ({ says }) => {
    const alarms = says.filter((phrase) => classify({ errorMessage: null, log: asLine(phrase) }).family !== 'none');
    expect(alarms).toEqual([]);
  });
});
