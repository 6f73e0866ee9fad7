import { boundaries } from '../../../evaluation/prove/boundaries.ts';
import { verdictAt } from '../../../evaluation/prove/prove-boundaries.ts';
import { GUARDRAILS } from '../../../functions/check-safety/guardrails/index.ts';
import { PlanSchema } from '../../../functions/shared/actions.ts';
import { LimitsSchema } from '../../../functions/shared/job-registration.ts';

const all = [...boundaries()];

describe('boundaries', () => {
  it.each(Object.keys(GUARDRAILS))('R33 %s says on both sides of its boundaries exactly what it has to', (id) => {
    const own = all.filter(({ guardrail }) => guardrail === id);
    const wrong = own.filter((boundary) => verdictAt(GUARDRAILS, boundary) !== boundary.expected);
    expect(wrong.map(({ action, place, expected }) => [action, place, expected])).toEqual([]);
    expect(own.some(({ expected }) => expected !== 'allow')).toBe(true);
  });

  it('are of guardrails that there are', () => {
    expect(new Set(all.map(({ guardrail }) => guardrail))).toEqual(new Set(Object.keys(GUARDRAILS)));
  });

  it('R33 stand below, at and above every limit that a team can set', () => {
    const { stormIncidents: _count, stormWindowSeconds: _window, tables, ...limits } = LimitsSchema.parse({});
    for (const [name, limit] of Object.entries(limits)) {
      const values = all.flatMap(({ place }) => (place.startsWith(`${name} ${limit}: `) ? [Number(place.split(': ')[1])] : []));
      expect(values.some((value) => value > limit)).toBe(true);
      expect(values).toContain(limit);
      expect(limit === 0 || values.some((value) => value < limit)).toBe(true);
    }
    expect(all.some(({ facts }) => facts.limits.tables < tables)).toBe(true);
  });

  it('stand on plans as they can be', () => {
    for (const { facts } of all) expect(PlanSchema.safeParse(facts.plan).success).toBe(true);
  });
});
