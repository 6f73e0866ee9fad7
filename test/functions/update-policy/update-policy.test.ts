import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { type Incident, LearningSectionSchema } from '../../../functions/shared/incident.ts';
import { updatePolicyStep } from '../../../functions/update-policy/handler.ts';
import { rewardFor } from '../../../functions/update-policy/reward.ts';
import { updatePolicy } from '../../../functions/update-policy/update-policy.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import {
  anApproval,
  anEscalation,
  anExecution,
  anIncident,
  anUndo,
  aProposedDocument,
  aSafety,
  aValidation,
  someFindings,
} from '../../support/sample-incident.ts';

const STATE = someFindings().stateId;
const executed = (sections: Partial<Incident> = {}) => ({
  ...aProposedDocument(),
  safety: aSafety('allow', 'RETRY'),
  execution: anExecution(),
  validation: aValidation('validated'),
  ...sections,
});

describe('updatePolicy', () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = memoryPorts();
  });
  const learn = async (document: ReturnType<typeof executed>) =>
    LearningSectionSchema.parse(await updatePolicy(document as Parameters<typeof updatePolicy>[0], ports));
  const learned = async (action: 'RETRY' | 'QUARANTINE' = 'RETRY') =>
    (await new PolicyStore(ports).updateCandidate(STATE, action, 0, `probe-${action}`)).before;

  it('credits the executed action in its state with what validation measured', async () => {
    const section = await learn(executed());
    const expected = rewardFor({
      action: 'RETRY',
      risk: 'low',
      verdict: 'validated',
      minutes: 10,
      dpuHours: 600 / 3600,
      humanMinutes: 0,
      shareOfInputWithheld: 0,
      undoFailed: false,
    });
    expect(section).toMatchObject({ status: 'learned', action: 'RETRY', stateId: STATE, policyVersion: 'candidate', visits: 1 });
    expect(section.reward).toBe(expected?.reward);
    expect(section.terms).toEqual(expected?.terms);
    expect(await learned()).toMatchObject({ visits: 1, q: section.qValueAfter });
  });

  it('learns from a remediation that failed, and worse', async () => {
    const failed = await learn(executed({ validation: aValidation('failed'), undo: anUndo('nothing-to-undo') }));
    expect(failed.status).toBe('learned');
    expect(failed.reward).toBeLessThan((await learn({ ...executed(), incident: anIncident({ id: 'inc-2' }) })).reward ?? -1);
  });

  it('R24 the same incident teaches once, however often it is told', async () => {
    await learn(executed());
    expect((await learn(executed())).status).toBe('already-learned');
    expect((await learned()).visits).toBe(1);
  });

  it('R24 fifty incidents that teach at once are all counted', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => learn({ ...executed(), incident: anIncident({ id: `inc-${index}` }) })));
    expect((await learned()).visits).toBe(50);
  });

  it.each<[string, Partial<Incident>]>([
    ['an outcome that is not known', { validation: aValidation('unknown') }],
    ['a rerun that is still pending', { validation: aValidation('pending') }],
    ['no validation', { validation: undefined }],
    ['a recorded event', { execution: anExecution({ status: 'recorded', action: 'LOG_EVENT' }) }],
  ])('F31 nothing is learned from %s', async (_what, sections) => {
    const section = await learn(executed(sections));
    expect(section).toMatchObject({ status: 'nothing-to-learn', reward: null, policyVersion: null });
    expect((await learned()).visits).toBe(0);
  });

  it('charges the minutes that a person took to approve', async () => {
    const approval = anApproval('approved', { decidedAt: secondsAgo(-30 * 60) });
    const section = await learn(executed({ escalation: anEscalation({ escalatedAt: secondsAgo(0) }), approval }));
    expect(section.terms.find((term) => term.name === 'humanMinutes')?.value).toBeCloseTo(-0.1);
  });

  it('R28 charges the input that a quarantine withholds, unless it was given back', async () => {
    const quarantine = { safety: aSafety('allow', 'QUARANTINE'), execution: anExecution({ action: 'QUARANTINE' }) };
    const terms = async (sections: Partial<Incident>, id: string) =>
      (await learn({ ...executed({ ...quarantine, ...sections }), incident: anIncident({ id }) })).terms.map((term) => term.name);
    expect(await terms({}, 'a')).toContain('inputWithheld');
    expect(await terms({ validation: aValidation('failed'), undo: anUndo('undone') }, 'b')).not.toContain('inputWithheld');
    const stopped = await terms({ validation: aValidation('failed'), undo: anUndo('stopped') }, 'c');
    expect(stopped).toEqual(expect.arrayContaining(['inputWithheld', 'undoFailed']));
  });

  it('never writes to the version that decides', async () => {
    const before = await new PolicyStore(ports).active();
    await learn(executed());
    expect(await new PolicyStore(ports).active()).toEqual(before);
    expect((await new PolicyStore(ports).lookUp(before.version, STATE)).row).toBeNull();
  });

  it('UpdatePolicy needs an execution to learn from', async () => {
    await expect(updatePolicyStep(() => ports)(aProposedDocument())).rejects.toThrow('E_DOCUMENT: UpdatePolicy needs safety, execution');
    expect(await updatePolicyStep(() => ports)(executed())).toMatchObject({ status: 'learned' });
  });
});
