import fc from 'fast-check';
import { RISK_WEIGHTS, type RiskFacts, scoreRisk } from '../../../../functions/detect-anomalies/risk-scorer/score-risk.ts';
import { RiskSchema } from '../../../../functions/shared/incident.ts';
import { DRIFT_SEVERITIES, FAILURE_FAMILIES, QUALITY_CONDITIONS, RISK_LEVELS } from '../../../../functions/shared/rl-state.ts';

const QUIET: RiskFacts = {
  family: 'transient_infrastructure',
  confidence: 0.95,
  drift: 'none',
  quality: 'good',
  retryCount: 0,
  criticality: 'medium',
  blastRadius: { objects: 0, shareOfInput: 0, tables: 0 },
  evidenceCompleteness: 'FULL',
};
const levelOf = (facts: Partial<RiskFacts>) => scoreRisk({ ...QUIET, ...facts }).level;

const CRITICALITIES = ['low', 'medium', 'high', 'critical'] as const;
const anyFacts: fc.Arbitrary<RiskFacts> = fc.record({
  family: fc.constantFrom(...FAILURE_FAMILIES),
  confidence: fc.double(),
  drift: fc.constantFrom(...DRIFT_SEVERITIES),
  quality: fc.constantFrom(...QUALITY_CONDITIONS),
  retryCount: fc.integer({ min: 0, max: 5 }),
  criticality: fc.constantFrom(...CRITICALITIES),
  blastRadius: fc.record({ objects: fc.nat(), shareOfInput: fc.double(), tables: fc.nat({ max: 30 }) }),
  evidenceCompleteness: fc.constantFrom('FULL' as const, 'PARTIAL' as const),
});

describe('scoreRisk', () => {
  it.each<[string, Partial<RiskFacts>, string]>([
    ['a throttled source of a medium job', {}, 'low'],
    ['the same after two failed retries', { retryCount: 2 }, 'medium'],
    [
      'a column that wants widening',
      { family: 'schema_drift', drift: 'compatible', blastRadius: { objects: 0, shareOfInput: 0, tables: 1 } },
      'medium',
    ],
    [
      'a datetime format that changed',
      {
        family: 'schema_drift',
        drift: 'compatible',
        quality: 'poor',
        confidence: 0.9,
        blastRadius: { objects: 1, shareOfInput: 1, tables: 0 },
      },
      'medium',
    ],
    ['breaking drift in a medium job', { family: 'schema_drift', drift: 'breaking' }, 'medium'],
    ['breaking drift in a job of high criticality', { family: 'schema_drift', drift: 'breaking', criticality: 'high' }, 'high'],
    [
      'one corrupt object among five',
      { family: 'data_quality', quality: 'degraded', blastRadius: { objects: 1, shareOfInput: 0.2, tables: 0 } },
      'medium',
    ],
    [
      'a null spike over the whole input',
      { family: 'data_quality', quality: 'poor', blastRadius: { objects: 4, shareOfInput: 1, tables: 0 } },
      'high',
    ],
    ['denied access', { family: 'access_denied' }, 'medium'],
    [
      'a bug in a job of high criticality, with nothing measured',
      { family: 'code_defect', drift: 'unmeasured', quality: 'unmeasured', criticality: 'high' },
      'medium',
    ],
    [
      'a failure nobody can name, with gaps in the evidence',
      { family: 'unknown', confidence: 0.2, drift: 'unmeasured', quality: 'unmeasured', evidenceCompleteness: 'PARTIAL' },
      'high',
    ],
    ['breaking drift in a critical job', { family: 'schema_drift', drift: 'breaking', criticality: 'critical' }, 'high'],
    ['that, with poor data', { family: 'schema_drift', drift: 'breaking', criticality: 'critical', quality: 'poor' }, 'critical'],
    [
      'that, after two failed remediations',
      { family: 'schema_drift', drift: 'breaking', criticality: 'critical', retryCount: 2 },
      'critical',
    ],
    ['that, hardly recognised', { family: 'schema_drift', drift: 'breaking', criticality: 'critical', confidence: 0.3 }, 'critical'],
  ])('rates %s', (_name, facts, level) => {
    expect(levelOf(facts)).toBe(level);
  });

  it('reaches critical by no single fact: each term alone stays below', () => {
    for (const weight of Object.values(RISK_WEIGHTS)) expect(weight).toBeLessThan(0.5);
  });

  it('lists every term with value, weight and contribution, and they sum to the score', () => {
    const { score, terms } = scoreRisk({ ...QUIET, family: 'schema_drift', drift: 'breaking' });
    expect(terms.map(({ name, contribution }) => [name, contribution])).toEqual([
      ['family', 0.15],
      ['drift', 0.22],
      ['quality', 0],
      ['uncertainty', 0.008],
      ['retries', 0],
      ['criticality', 0.055],
      ['blastRadius', 0],
      ['evidenceGaps', 0],
    ]);
    expect(score).toBeCloseTo(0.433, 10);
  });

  it('counts poor data half where the drift explains it', () => {
    const quality = (family: RiskFacts['family']) =>
      scoreRisk({ ...QUIET, family, quality: 'poor' }).terms.find((term) => term.name === 'quality');
    expect(quality('schema_drift')?.value).toBe(0.5);
    expect(quality('data_quality')?.value).toBe(1);
  });

  it('counts the reach of a failure: objects and share of the input, but tables alone where the schema drifted', () => {
    const reach = (family: RiskFacts['family'], blastRadius: RiskFacts['blastRadius']) =>
      scoreRisk({ ...QUIET, family, blastRadius }).terms.find((term) => term.name === 'blastRadius')?.value;
    expect(reach('data_quality', { objects: 1, shareOfInput: 0.3, tables: 1 })).toBe(0.3);
    expect(reach('data_quality', { objects: 25, shareOfInput: 0.1, tables: 0 })).toBe(0.5);
    expect(reach('schema_drift', { objects: 25, shareOfInput: 1, tables: 1 })).toBe(0);
    expect(reach('schema_drift', { objects: 0, shareOfInput: 0, tables: 3 })).toBe(0.5);
  });

  it('stays a valid risk for any facts, numbers out of range included', () => {
    fc.assert(fc.property(anyFacts, (facts) => RiskSchema.safeParse(scoreRisk(facts)).success));
  });

  it('never falls when a fact gets worse', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { score } = scoreRisk(facts);
        const worse: Partial<RiskFacts>[] = [
          { drift: 'breaking' },
          { quality: 'poor' },
          { retryCount: facts.retryCount + 1 },
          { criticality: 'critical' },
          { evidenceCompleteness: 'PARTIAL' },
          { confidence: 0 },
        ];
        for (const change of worse) expect(scoreRisk({ ...facts, ...change }).score).toBeGreaterThanOrEqual(score);
        expect(RISK_LEVELS).toContain(scoreRisk(facts).level);
      }),
    );
  });
});
