import { readFileSync } from 'node:fs';
import { compileMachine } from '../../../evaluation/prove/machine.ts';
import { type ProofSubject, prove } from '../../../evaluation/prove/prove.ts';
import { proveBoundaries } from '../../../evaluation/prove/prove-boundaries.ts';
import { proveDecisions, proveMixedModes } from '../../../evaluation/prove/prove-decisions.ts';
import { proveExecutor } from '../../../evaluation/prove/prove-executor.ts';
import { type Counterexample, Tally } from '../../../evaluation/prove/tally.ts';
import { allow, type Guardrail } from '../../../functions/check-safety/guardrail.ts';
import { GUARDRAILS } from '../../../functions/check-safety/guardrails/index.ts';
import { refusalReason } from '../../../functions/execute-action/assert-authority.ts';
import { parseStateId } from '../../../functions/shared/rl-state.ts';

const text = readFileSync(new URL('../../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8');

interface EditableState {
  Next?: string;
  Default?: string;
  Choices?: Record<string, unknown>[];
  Catch?: { Next: string }[];
  [field: string]: unknown;
}

/** The deployed machine with one mistake in one of its states. */
function machineWith(name: string, mistake: (state: EditableState) => void): unknown {
  const definition = JSON.parse(text) as { States: Record<string, EditableState> };
  const state = definition.States[name];
  if (!state) throw new Error(`no state ${name}`);
  mistake(state);
  return definition;
}

/** One state of each kind: what a ranking may hold, and what a risk asks for. */
const STATES = [
  'transient_infrastructure|low|0|none|good',
  'transient_infrastructure|critical|0|none|good',
  'schema_drift|medium|0|breaking|good',
  'missing_input|low|0|none|good',
  'code_defect|high|2+|none|poor',
  'unknown|low|0|unmeasured|unmeasured',
].map(parseStateId);

const proofOf = (subject: Partial<ProofSubject> = {}) => prove({ definition: JSON.parse(text), states: STATES, ...subject });
/** Decisions and boundaries alone: what guardrails and state machine are answerable for. */
function tallyOf({ definition = JSON.parse(text), guardrails = GUARDRAILS, states = STATES }: Partial<ProofSubject>): Tally {
  const tally = new Tally();
  const machine = compileMachine(definition);
  proveDecisions(machine, guardrails, states, tally);
  proveBoundaries(machine, guardrails, tally);
  return tally;
}
async function executorTallyOf(refusalOf: typeof refusalReason): Promise<Tally> {
  const tally = new Tally();
  await proveExecutor(tally, refusalOf);
  return tally;
}
const kindsOf = ({ counterexamples }: { counterexamples: readonly Counterexample[] }) => [
  ...new Set(counterexamples.map(({ unsafe }) => unsafe)),
];
const without = (...ids: string[]) => Object.fromEntries(Object.entries(GUARDRAILS).filter(([id]) => !ids.includes(id)));

describe('prove', () => {
  it('R19 R20 finds nothing unsafe in the product, and has seen it decide, execute, ask, show and refuse', async () => {
    const proof = await proofOf();
    expect(proof).toMatchObject({ states: STATES.length, unsafe: 0, counterexamples: [], graph: { findings: [] } });
    expect(Object.keys(proof.verdicts).toSorted()).toEqual(['allow', 'escalate', 'needs-approval']);
    for (const end of ['executed', 'HandedOver', 'Shadowed', 'Resolved', 'Logged', 'Superseded', 'let through by the executor']) {
      expect(proof.ends[end]).toBeGreaterThan(0);
    }
    const { decisions, mixedModes, boundaries, executor } = proof.parts;
    expect(decisions + mixedModes + boundaries + executor).toBe(proof.combinations);
    expect(Math.min(decisions, mixedModes, boundaries, executor)).toBeGreaterThan(1000);
  });

  it('is the same each time', async () => {
    expect(await proofOf()).toEqual(await proofOf());
  });

  describe('finds a planted guardrail set', () => {
    it('R19 that has nothing against acting on a critical anomaly', async () => {
      const proof = tallyOf({ guardrails: without('critical-anomaly') });
      expect(kindsOf(proof)).toContain('critical-acted-on');
      expect(proof.counterexamples[0]?.when).toMatchObject({ stateId: 'transient_infrastructure|critical|0|none|good' });
    });

    it.each([
      ['high-risk', 'unapproved-executed'],
      ['unknown-failure', 'unapproved-executed'],
      ['execution-mode', 'unapproved-executed'],
      ['empty-target', 'empty-target-acted-on'],
      ['kill-switch', 'denied-executed'],
      ['frozen-job', 'denied-executed'],
      ['retry-budget', 'denied-executed'],
      ['protected-job', 'unapproved-executed'],
    ])('R19 without %s: %s', async (id, kind) => {
      expect(kindsOf(tallyOf({ guardrails: without(id) }))).toContain(kind);
    });

    it.each(Object.keys(GUARDRAILS))('R19 whose %s says yes to everything', async (id) => {
      const proof = tallyOf({ guardrails: { ...GUARDRAILS, [id]: () => allow(1, 1, 'fine') }, states: [] });
      expect(kindsOf(proof)).toContain('guardrail-too-lenient');
    });

    it('R33 whose limit is moved by one', async () => {
      const budget: Guardrail = (facts) => {
        const { usage, limits } = facts;
        return usage.lineageRetries === limits.retriesPerLineage
          ? allow(1, 1, 'one more')
          : (GUARDRAILS['retry-budget'] as Guardrail)(facts);
      };
      const proof = tallyOf({ guardrails: { ...GUARDRAILS, 'retry-budget': budget }, states: [] });
      expect(kindsOf(proof)).toEqual(expect.arrayContaining(['guardrail-too-lenient', 'denied-executed']));
      expect(proof.counterexamples[0]?.when).toMatchObject({ guardrail: 'retry-budget', place: 'retriesPerLineage 2: 2' });
    });

    it('R19 that goes by the mode of another action: only where actions are in different modes', () => {
      const ofRetry: Guardrail = (facts) =>
        (GUARDRAILS['execution-mode'] as Guardrail)({ ...facts, mode: facts.registration?.modes.RETRY ?? 'shadow' });
      const guardrails = { ...GUARDRAILS, 'execution-mode': ofRetry };
      const [alike, mixed] = [new Tally(), new Tally()];
      const machine = compileMachine(JSON.parse(text));
      proveDecisions(machine, guardrails, STATES, alike);
      proveMixedModes(machine, guardrails, STATES, mixed);
      expect(kindsOf(alike)).toEqual([]);
      expect(kindsOf(mixed)).toEqual(['unapproved-executed']);
      expect(mixed.counterexamples[0]?.when['mode']).toMatch(/^[A-Z_]+ (approve|auto), /);
    });

    it('of which nothing is left that could allow anything: that is safe, all the same', async () => {
      const proof = tallyOf({ guardrails: {}, states: STATES.slice(0, 1) });
      expect(proof.ends['executed']).toBeUndefined();
    });
  });

  describe('finds a planted state machine', () => {
    const withoutCondition = (variable: string) => (state: EditableState) => {
      for (const choice of state.Choices ?? []) {
        if (Array.isArray(choice['And'])) choice['And'] = choice['And'].filter((each) => each.Variable !== variable);
      }
    };
    const choosing = (next: string) => (state: EditableState) => {
      for (const each of state.Choices ?? []) each['Next'] = next;
    };
    const next = (to: string) => (state: EditableState) => {
      state.Next = to;
    };
    const caughtBy = (next: string) => (state: EditableState) => {
      for (const each of state.Catch ?? []) each.Next = next;
    };
    const withoutChoice = (place: number) => (state: EditableState) => {
      state.Choices = (state.Choices ?? []).toSpliced(place, 1);
    };

    it.each<[string, string, (state: EditableState) => void, string]>([
      ['whose authority does not ask for capability', 'Authority', withoutCondition('$.capability.verdict'), 'unavailable-executed'],
      ['whose authority does not ask for safety', 'Authority', withoutCondition('$.safety.verdict'), 'unapproved-executed'],
      ['whose authority does not stop in shadow', 'Authority', withoutChoice(0), 'shadow-executed'],
      [
        'whose safety verdict lets escalations through',
        'SafetyVerdict',
        (state) => {
          withoutChoice(3)(state);
          state.Default = 'WaitBeforeAction';
        },
        'asking-executed',
      ],
      ['whose failed capability check counts for nothing', 'CheckCapability', caughtBy('WaitBeforeAction'), 'unavailable-executed'],
      ['whose failed safety check counts for nothing', 'CheckSafety', caughtBy('ExecuteAction'), 'executed-without-safety'],
      ['that acts before it has asked', 'ProposeAction', next('WaitBeforeAction'), 'executed-without-safety'],
      ['that takes any decision for a yes', 'AwaitDecision', next('WaitBeforeAction'), 'unapproved-executed'],
      ['that asks people in shadow', 'EscalationDisposition', choosing('AwaitDecision'), 'shadow-asks-people'],
      ['that tries the same again', 'UndoAction', next('ExecuteAction'), 'acted-twice'],
      ['that loses an outcome', 'Outcome', withoutChoice(2), 'lost-on-the-way'],
      [
        'that looks at what is not there',
        'Decision',
        (state) => state.Choices?.unshift({ Variable: '$.undo.status', StringEquals: 'x', Next: 'CloseIncident' }),
        'lost-on-the-way',
      ],
    ])('%s', async (_what, name, mistake, kind) => {
      const proof = tallyOf({ definition: machineWith(name, mistake), states: STATES.slice(0, 1) });
      expect(kindsOf(proof)).toContain(kind);
    });

    it('R20 in whose graph the lint finds something, whatever is decided', async () => {
      const proof = await proofOf({ definition: machineWith('CheckSafety', (state) => delete state['TimeoutSeconds']), states: [] });
      expect(proof).toMatchObject({ unsafe: 1, graph: { findings: [{ rule: 'task-timeout', state: 'CheckSafety' }] } });
    });
  });

  describe('finds a planted executor', () => {
    it('that does whatever it is told, in each way in which that is unsafe', async () => {
      const kinds = kindsOf(await executorTallyOf(async () => null));
      expect(kinds.toSorted()).toEqual([
        'executed-a-changed-plan',
        'executed-against-safety',
        'executed-against-the-kill-switch',
        'executed-in-shadow',
        'executed-on-a-false-approval',
        'executed-on-a-frozen-job',
        'executed-though-overtaken',
        'executed-without-approval',
        'executed-without-capability',
      ]);
    });

    it.each<[string, typeof refusalReason]>([
      [
        'executed-against-safety',
        (document, ports) => refusalReason({ ...document, safety: { ...document.safety, verdict: 'allow' } }, ports),
      ],
      [
        'executed-without-capability',
        (document, ports) => refusalReason({ ...document, capability: { ...document.capability, verdict: 'available' } }, ports),
      ],
      [
        'executed-on-a-false-approval',
        (document, ports) => refusalReason({ ...document, safety: { ...document.safety, approvalId: null } }, ports),
      ],
      [
        'executed-though-overtaken',
        (document, ports) => refusalReason(document, { ...ports, jobRuns: { ...ports.jobRuns, listJobRuns: async () => ({ runs: [] }) } }),
      ],
    ])('that forgets one question: %s', async (kind, refusalOf) => {
      expect(kindsOf(await executorTallyOf(refusalOf))).toEqual([kind]);
    });
  });
});
