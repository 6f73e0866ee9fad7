/** The proof: everything enumerated, through the product's own modules and the state machine's own text, and what was found on the way. */
import { GUARDRAILS } from '../../functions/check-safety/guardrails/index.ts';
import { GUARDRAIL_VERSION } from '../../functions/check-safety/judge-plan.ts';
import { rulesHash } from '../../functions/check-safety/rules-hash.ts';
import { refusalReason } from '../../functions/execute-action/assert-authority.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import { allStates, type RlState } from '../../functions/shared/rl-state.ts';
import { DefinitionSchema, walkPaths } from '../../statemachine/asl-definition.ts';
import { type Finding, lintAsl } from '../../statemachine/lint-asl.ts';
import { compileMachine } from './machine.ts';
import { proveBoundaries } from './prove-boundaries.ts';
import { proveDecisions, proveMixedModes } from './prove-decisions.ts';
import { proveExecutor } from './prove-executor.ts';
import type { GuardrailSet } from './scenario-parts.ts';
import { type Counterexample, Tally } from './tally.ts';

export interface ProofSubject {
  /** The ASL's JSON. */
  readonly definition: unknown;
  readonly guardrails?: GuardrailSet;
  readonly refusalOf?: typeof refusalReason;
  /** All of them unless a test is content with fewer. */
  readonly states?: Iterable<RlState>;
}

export interface Proof {
  readonly states: number;
  /** Ways judged: from a proposal to an execution, an end, or a point from which the same ways have been judged. */
  readonly combinations: number;
  /** How the combinations are made up. */
  readonly parts: { readonly decisions: number; readonly mixedModes: number; readonly boundaries: number; readonly executor: number };
  /** How often CheckSafety has decided what. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly ends: Readonly<Record<string, number>>;
  /** Every way through the machine's graph, whatever the data says, and what the lint finds on them. */
  readonly graph: { readonly paths: number; readonly findings: readonly Finding[] };
  /** Predicates that held, findings of the graph included; 0 for a sound product. */
  readonly unsafe: number;
  /** The first few, in the order in which they were found. */
  readonly counterexamples: readonly Counterexample[];
  readonly guardrailVersion: string;
  readonly rulesHash: string;
  readonly definitionHash: string;
}

/** Deterministic. Throws where the definition cannot be followed. */
export async function prove({
  definition,
  guardrails = GUARDRAILS,
  refusalOf = refusalReason,
  states = allStates(),
}: ProofSubject): Promise<Proof> {
  const machine = compileMachine(definition);
  const tally = new Tally();
  const enumerated = [...states];
  const judged = () => tally.combinations;
  const count = proveDecisions(machine, guardrails, enumerated, tally);
  const decisions = judged();
  proveMixedModes(machine, guardrails, enumerated, tally);
  const mixedModes = judged() - decisions;
  proveBoundaries(machine, guardrails, tally);
  const boundaries = judged() - decisions - mixedModes;
  await proveExecutor(tally, refusalOf);
  const graph = { paths: countPaths(definition), findings: lintAsl(definition) };
  return {
    states: count,
    combinations: tally.combinations,
    parts: { decisions, mixedModes, boundaries, executor: judged() - decisions - mixedModes - boundaries },
    verdicts: tally.verdicts,
    ends: tally.ends,
    graph,
    unsafe: tally.unsafe + graph.findings.length,
    counterexamples: tally.counterexamples,
    guardrailVersion: GUARDRAIL_VERSION,
    rulesHash: rulesHash(guardrails),
    definitionHash: canonicalHash(definition),
  };
}

function countPaths(definition: unknown): number {
  let paths = 0;
  walkPaths(DefinitionSchema.parse(definition), null, (behind, { by }) => {
    if (by === null) paths += 1;
    return behind;
  });
  return paths;
}
