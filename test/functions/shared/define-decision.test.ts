import * as z from 'zod';
import { putArtefact } from '../../../functions/shared/artefacts.ts';
import { BASIS_LIMIT_BYTES, type Decision, defineDecision } from '../../../functions/shared/define-decision.ts';
import { DOCUMENT_LIMIT_BYTES } from '../../../functions/shared/define-step.ts';
import { type ArtefactPointer, ArtefactPointerSchema } from '../../../functions/shared/incident.ts';
import { RELEASE } from '../../../functions/shared/release.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { type HealingWorld, healingWorld } from '../../support/healing-world.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { aDocument, INCIDENT_ID } from '../../support/sample-incident.ts';

const weighed = z.strictObject({ text: z.string() });
const section = z.strictObject({ said: z.string() });
const saying: Decision<never, { text: string }, { said: string }> = {
  name: 'SayIt',
  reads: [],
  section,
  weighed,
  rules: { rulesOfSpeech: 'v1' },
  decide: (_document, { text }) => ({ said: text }),
};

describe('defineDecision', () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = memoryPorts();
  });
  const say = (text: string, decision = saying) => defineDecision(decision, async () => ({ text }))(() => ports)(aDocument());
  const entries = () => new AuditTrail(ports).entries(INCIDENT_ID);

  it('records what was weighed, whose document it was and what decided, beside the section that alone travels on', async () => {
    expect(await say('yes')).toEqual({ said: 'yes' });
    expect(await entries()).toMatchObject([
      {
        stepKey: 'SayIt#1',
        payload: { said: 'yes' },
        basis: { executionId: 'execution-1', by: { release: RELEASE, rulesOfSpeech: 'v1' }, weighed: { text: 'yes' } },
      },
    ]);
    expect(await new AuditTrail(ports).verify(INCIDENT_ID)).toMatchObject({ verdict: 'intact' });
  });

  it('run again it weighs nothing', async () => {
    await say('yes');
    const step = defineDecision(saying, async () => {
      throw new Error('weighed again');
    });
    expect(await step(() => ports)(aDocument())).toEqual({ said: 'yes' });
  });

  it('decides on what the record will give back, not on what recording loses', async () => {
    expect(await say('half \ud83d')).toEqual({ said: 'half \ufffd' });
    expect((await entries())[0]?.basis?.weighed).toEqual({ text: 'half \ufffd' });
  });

  it('records nothing that is not of its schema', async () => {
    const step = defineDecision(saying, async () => ({ text: 'yes', secret: 'x' }));
    await expect(step(() => ports)(aDocument())).rejects.toThrow('secret');
    expect(await entries()).toEqual([]);
  });

  it('B34 what is weighed is bounded to the byte, and a full document with a full basis fits into an item', async () => {
    const empty = Buffer.byteLength(
      JSON.stringify({ executionId: 'execution-1', by: { release: RELEASE, rulesOfSpeech: 'v1' }, weighed: { text: '' } }),
    );
    const room = BASIS_LIMIT_BYTES - empty;
    await expect(say('x'.repeat(room + 1))).rejects.toThrow(
      `E_OUTPUT_SIZE: SayIt would have to record ${BASIS_LIMIT_BYTES + 1} bytes of what it weighed`,
    );
    expect(await entries()).toEqual([]);
    const said = 'x'.repeat(DOCUMENT_LIMIT_BYTES - Buffer.byteLength(JSON.stringify(aDocument())) - Buffer.byteLength('{"said":""}'));
    await say('x'.repeat(room), { ...saying, decide: () => ({ said }) });
    expect(await entries()).toHaveLength(1);
  });

  describe('with artefacts', () => {
    let world: HealingWorld;
    beforeEach(async () => {
      world = await healingWorld();
    });
    afterEach(() => world.remove());

    it('reads them by pointer and hash, and refuses what was changed', async () => {
      const pointer = await putArtefact(world.ports, 'test', { log: 'Rate exceeded' });
      const reading: Decision<never, { pointer: ArtefactPointer }, { said: string }> = {
        ...saying,
        weighed: z.strictObject({ pointer: ArtefactPointerSchema }),
        decide: async (_document, given, artefact) => ({ said: JSON.stringify(await artefact(given.pointer)) }),
      };
      const step = (of: ArtefactPointer) => defineDecision(reading, async () => ({ pointer: of }))(() => world.ports)(aDocument());
      await expect(step({ ...pointer, sha256: 'f'.repeat(64) })).rejects.toThrow('E_ARTEFACT');
      expect(await step(pointer)).toEqual({ said: '{"log":"Rate exceeded"}' });
    });
  });
});
