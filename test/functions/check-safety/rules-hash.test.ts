import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { factsGrid } from '../../../functions/check-safety/facts-grid.ts';
import { allow, deny, type Guardrail, type GuardrailFacts } from '../../../functions/check-safety/guardrail.ts';
import { CURRENT_GUARDRAILS, GUARDRAIL_SETS } from '../../../functions/check-safety/guardrail-sets.ts';
import { GUARDRAILS } from '../../../functions/check-safety/guardrails/index.ts';
import { GUARDRAIL_VERSION } from '../../../functions/check-safety/judge-plan.ts';
import { referenceFacts } from '../../../functions/check-safety/reference-facts.ts';
import { fingerprints, rulesHash } from '../../../functions/check-safety/rules-hash.ts';
import { ACTIONS, PlanSchema } from '../../../functions/shared/actions.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { EvidenceSectionSchema, FindingsSectionSchema, IncidentSectionSchema } from '../../../functions/shared/incident.ts';

describe('rulesHash', () => {
  it('R19 is the hash that is on record for this version of the set', () => {
    expect(rulesHash()).toBe(CURRENT_GUARDRAILS.rulesHash);
  });

  it('R19 the set that rules is the last of the sets that can still be asked, each under its own version and hash', () => {
    const sets = Object.entries(GUARDRAIL_SETS);
    expect(sets.at(-1)).toEqual([GUARDRAIL_VERSION, CURRENT_GUARDRAILS]);
    for (const [version, set] of sets) expect(set.version).toBe(version);
    expect(new Set(sets.map(([, { rulesHash: hash }]) => hash)).size).toBe(sets.length);
    expect(new Set(sets.map(([, { guardrails }]) => canonicalHash(fingerprints(guardrails)))).size).toBe(sets.length);
  });

  it('is the same wherever it is computed, and whatever the order of the guardrails', () => {
    expect(rulesHash(Object.fromEntries(Object.entries(GUARDRAILS).toReversed()))).toBe(rulesHash());
  });

  it('is the same in a bundled, minified Lambda as in the sources', () => {
    const entry = new URL('../../../functions/check-safety/rules-hash.ts', import.meta.url).pathname;
    const { outputFiles } = buildSync({
      stdin: { contents: `import { rulesHash } from ${JSON.stringify(entry)}; process.stdout.write(rulesHash());`, resolveDir: '/' },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    });
    const { stdout, stderr } = spawnSync(process.execPath, ['-'], { input: outputFiles[0]?.contents });
    expect(String(stderr)).toBe('');
    expect(String(stdout)).toBe(rulesHash());
  });

  it('R19 is another one where a guardrail is gone, has another name, or says something else', () => {
    const { cooldown, normality } = GUARDRAILS as Record<'cooldown' | 'normality', Guardrail>;
    const sets = [
      { cooldown, normality },
      { cooldown },
      { cooldown, 'another-name': normality },
      { cooldown: normality, normality: cooldown },
      { cooldown, normality: () => allow(1, 1, 'fine') },
      { cooldown, normality: () => deny(1, 1, 'no') },
    ];
    expect(new Set(sets.map((set) => rulesHash(set))).size).toBe(sets.length);
  });

  it.each(Object.entries(GUARDRAILS))('R19 tells when %s says yes to everything, or no to everything', (_id, asIs) => {
    const prints = fingerprints({ asIs, yes: () => allow(1, 1, 'fine'), no: () => deny(1, 1, 'no') });
    expect(new Set(Object.values(prints)).size).toBe(3);
  });

  it.each(Object.keys(GUARDRAILS))('the grid makes %s give every answer that it has', (id) => {
    const said = new Set([...factsGrid()].map((facts) => GUARDRAILS[id]?.(facts).verdict));
    expect(said).toContain('allow');
    expect(said.has('deny') || said.has('needs-approval')).toBe(true);
  });

  it.each([
    ['retry-budget', ({ usage, limits }: GuardrailFacts) => usage.lineageRetries <= limits.retriesPerLineage],
    ['cooldown', ({ usage, limits }: GuardrailFacts) => (usage.secondsSinceLastOfJob ?? Infinity) > limits.cooldownSeconds],
  ])('tells a limit of %s that is moved by one, and in which guardrail', (id, holds) => {
    const original = GUARDRAILS[id] as Guardrail;
    const moved: Guardrail = (facts) => {
      const answer = original(facts);
      return answer.verdict === 'not-applicable' ? answer : { ...answer, verdict: holds(facts) ? 'allow' : 'deny' };
    };
    const [before, after] = [fingerprints(), fingerprints({ ...GUARDRAILS, [id]: moved })];
    expect(Object.keys(GUARDRAILS).filter((each) => before[each] !== after[each])).toEqual([id]);
  });
});

describe('referenceFacts', () => {
  it.each(ACTIONS)('%s: sections as their schemas have them, to which no guardrail objects', (action) => {
    const facts = referenceFacts(action);
    expect(IncidentSectionSchema.safeParse(facts.incident).success).toBe(true);
    expect(EvidenceSectionSchema.safeParse(facts.evidence).success).toBe(true);
    expect(FindingsSectionSchema.safeParse(facts.findings).success).toBe(true);
    expect(PlanSchema.safeParse(facts.plan).success).toBe(true);
    for (const ask of Object.values(GUARDRAILS)) expect(['allow', 'not-applicable']).toContain(ask(facts).verdict);
  });
});
