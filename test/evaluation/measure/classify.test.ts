import { type Failure, type Healthy, scoreClassify } from '../../../evaluation/measure/classify.ts';
import { figureOf } from './figure-of.ts';

const failure = (id: string, family: string, alsoAcceptable: string[] = []): Failure => ({ id, log: id, family, alsoAcceptable });
const healthy: Healthy[] = [
  { id: 'h1', log: 'all is well' },
  { id: 'h2', log: 'done' },
];
const failures = [
  failure('f1', 'resource_exhaustion'),
  failure('f2', 'access_denied', ['configuration']),
  failure('f3', 'schema_drift', ['unknown']),
  failure('f4', 'unknown'),
];
const right: Readonly<Record<string, string>> = {
  f1: 'resource_exhaustion',
  f2: 'access_denied',
  f3: 'schema_drift',
  f4: 'unknown',
  h1: 'none',
  h2: 'none',
};

const scoreWith = (planted: Readonly<Record<string, string>> = {}) =>
  scoreClassify(failures, healthy, ({ id }) => ({ ...right, ...planted })[id] ?? 'none');

describe('the score of the error classifier', () => {
  it('is full where every answer is right', () => {
    const result = scoreWith();
    expect(figureOf(result, 'precision')).toBe('1.0000 met');
    expect(figureOf(result, 'recall')).toBe('1.0000 met');
    expect(figureOf(result, 'unknown kept unknown')).toBe('1/1 reported');
    expect(result.misses).toEqual([]);
  });

  it('accepts the other families of the label, and unknown where it allows that', () => {
    expect(scoreWith({ f2: 'configuration', f3: 'unknown' }).misses).toEqual([]);
  });

  it('counts a wrong family against precision and recall, and as dangerous where it is curable and the failure is not', () => {
    const result = scoreWith({ f2: 'transient_infrastructure' });
    expect(figureOf(result, 'precision')).toBe('0.6667 missed');
    expect(figureOf(result, 'recall')).toBe('0.6667 missed');
    expect(figureOf(result, 'curable family for an incurable failure')).toBe('1/4 missed');
    expect(result.misses).toEqual(['f2: access_denied was called transient_infrastructure']);
  });

  it('does not call a wrong family dangerous where the failure is curable itself', () => {
    expect(figureOf(scoreWith({ f1: 'data_quality' }), 'curable family for an incurable failure')).toBe('0/4 met');
  });

  it('counts an unnamed failure against recall alone', () => {
    const result = scoreWith({ f1: 'none' });
    expect(figureOf(result, 'precision')).toBe('1.0000 met');
    expect(figureOf(result, 'recall')).toBe('0.6667 missed');
  });

  it('counts a guess at an unknowable failure against precision', () => {
    const result = scoreWith({ f4: 'code_defect' });
    expect(figureOf(result, 'precision')).toBe('0.7500 missed');
    expect(figureOf(result, 'recall')).toBe('1.0000 met');
    expect(figureOf(result, 'unknown kept unknown')).toBe('0/1 reported');
  });

  it('counts a named healthy log as an alarm and against precision, an unknown one as an alarm', () => {
    const named = scoreWith({ h1: 'connectivity' });
    expect(figureOf(named, 'healthy called failed')).toBe('1/2 missed');
    expect(figureOf(named, 'precision')).toBe('0.7500 missed');
    const unknown = scoreWith({ h1: 'unknown' });
    expect(figureOf(unknown, 'healthy called failed')).toBe('1/2 missed');
    expect(figureOf(unknown, 'precision')).toBe('1.0000 met');
  });
});
