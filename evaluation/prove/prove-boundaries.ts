/** Every guardrail at every boundary: asked directly, and through the machine in every mode, with every answer of environment and people. */
import { judgePlan } from '../../functions/check-safety/judge-plan.ts';
import { ACTIONS } from '../../functions/shared/actions.ts';
import { MODES } from '../../functions/shared/job-registration.ts';
import { type Boundary, boundaries } from './boundaries.ts';
import { exploreIncident } from './explore-incident.ts';
import type { Machine } from './machine.ts';
import { type GuardrailSet, proposalOf, saidOfAll, worldIn } from './scenario-parts.ts';
import type { Tally } from './tally.ts';
import { STRICTNESS } from './unsafe.ts';

export function proveBoundaries(machine: Machine, guardrails: GuardrailSet, tally: Tally): void {
  const followed = new Set<string>();
  const worlds = MODES.map(worldIn);
  for (const boundary of boundaries()) {
    const { guardrail, action, place, facts, expected } = boundary;
    tally.way('asked directly');
    const answered = verdictAt(guardrails, boundary);
    if (STRICTNESS.indexOf(answered) < STRICTNESS.indexOf(expected)) {
      tally.found(['guardrail-too-lenient'], () => ({ guardrail, action, place, expected, answered }));
    }
    const proposal = proposalOf({ state: facts.findings.state, plans: [facts.plan] });
    // The mode is the world's here: what it asks for is known from there.
    const said = { ...saidOfAll('deny'), [action]: guardrail === 'execution-mode' ? 'allow' : expected };
    for (const { mode, modes } of worlds) {
      // The boundary's own registration, with the authority of this world.
      const registration = facts.registration && {
        ...facts.registration,
        modes: Object.fromEntries(ACTIONS.map((each) => [each, modes[each]])),
      };
      exploreIncident(
        machine,
        {
          state: facts.findings.state,
          facts: { ...facts, proposal, registration, modes },
          guardrails,
          listed: [action],
          said,
          saidLater: [said],
          decided: new Set(),
          label: { guardrail, place, action, mode },
        },
        tally,
        followed,
      );
    }
  }
}

/** A guardrail that is not there objects to nothing. */
export function verdictAt(guardrails: GuardrailSet, { guardrail, facts }: Pick<Boundary, 'guardrail' | 'facts'>) {
  const ask = guardrails[guardrail];
  return ask ? judgePlan(facts, { [guardrail]: ask }).verdict : 'allow';
}
