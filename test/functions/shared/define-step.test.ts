import * as z from 'zod';
import { DOCUMENT_LIMIT_BYTES, defineStep } from '../../../functions/shared/define-step.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { gatedTable, type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { aDocument, anIncident, aValidation, INCIDENT_ID, someFindings } from '../../support/sample-incident.ts';

describe('defineStep', () => {
  let ports: MemoryPorts;
  let runs: number;
  beforeEach(() => {
    ports = memoryPorts();
    runs = 0;
  });
  const section = z.strictObject({ value: z.number() });
  const counting = (name = 'CountRuns') =>
    defineStep({
      name,
      reads: [],
      section,
      pass: (document) => document.validation?.poll ?? 1,
      run: async () => {
        runs += 1;
        return { value: runs };
      },
    })(() => ports);
  const stepKeys = async () => (await new AuditTrail(ports).entries(INCIDENT_ID)).map((entry) => entry.stepKey);

  it('adds one section, which is in the audit trail before it is returned', async () => {
    expect(await counting()(aDocument())).toEqual({ value: 1 });
    expect(await new AuditTrail(ports).entries(INCIDENT_ID)).toMatchObject([{ stepKey: 'CountRuns#1', payload: { value: 1 } }]);
  });

  it('run again it returns what it recorded, and does nothing', async () => {
    const step = counting();
    await step(aDocument());
    expect(await step(aDocument())).toEqual({ value: 1 });
    expect(runs).toBe(1);
    expect(await stepKeys()).toEqual(['CountRuns#1']);
  });

  it('F11 run twice at once, both return the one section that was recorded', async () => {
    const step = counting();
    const [first, second] = await Promise.all([step(aDocument()), step(aDocument())]);
    expect(first).toEqual(second);
    expect(await stepKeys()).toEqual(['CountRuns#1']);
  });

  it('F24 returns nothing that could not be written down', async () => {
    const audit = gatedTable(ports.audit, async (call) => {
      if (call === 'append') throw new Error('the trail does not answer');
    });
    const step = defineStep({ name: 'CountRuns', reads: [], section, run: async () => ({ value: 1 }) })(() => ({ ...ports, audit }));
    await expect(step(aDocument())).rejects.toThrow('the trail does not answer');
    expect(await stepKeys()).toEqual([]);
  });

  it('a crash between writing down and advancing the head is no second run', async () => {
    const operations = gatedTable(ports.operations, async (call) => {
      if (call === 'create' || call === 'replace') throw new Error('died');
    });
    const run = async () => ({ value: 7 });
    await expect(defineStep({ name: 'CountRuns', reads: [], section, run })(() => ({ ...ports, operations }))(aDocument())).rejects.toThrow(
      'died',
    );
    expect(await counting()(aDocument())).toEqual({ value: 7 });
    expect(runs).toBe(0);
  });

  it('each pass, and each opening of the incident, records for itself', async () => {
    const step = counting();
    await step(aDocument());
    await step(aDocument({ validation: aValidation('pending', { poll: 2 }) }));
    await step({ incident: anIncident({ opening: 2 }) });
    expect(await stepKeys()).toEqual(['CountRuns#1', 'CountRuns#2', 'CountRuns@2#1']);
  });

  it('refuses a document that is none, and one without the sections that it reads', async () => {
    const reader = defineStep({ name: 'ReadFindings', reads: ['findings'], section, run: async () => ({ value: 1 }) })(() => ports);
    await expect(reader('x')).rejects.toThrow('E_DOCUMENT: ReadFindings got a document that is wrong at its root');
    await expect(reader({ incident: { ...anIncident(), attempt: -1 } })).rejects.toThrow('wrong at incident.attempt');
    await expect(reader(aDocument())).rejects.toThrow('E_DOCUMENT: ReadFindings needs findings');
    expect(await reader(aDocument({ findings: someFindings() }))).toEqual({ value: 1 });
  });

  it('hands the step no key that the document does not have', async () => {
    const seen: string[] = [];
    const step = defineStep({
      name: 'SeeKeys',
      reads: [],
      section,
      run: async (document) => {
        seen.push(...Object.keys(document));
        return { value: 1 };
      },
    })(() => ports);
    await step({ ...aDocument(), event: { secret: 'x' } });
    expect(seen).toEqual(['incident']);
  });

  it('returns no section that is not of its schema', async () => {
    const wrong = defineStep({ name: 'GoWrong', reads: [], section, run: async () => ({ value: Number.NaN }) })(() => ports);
    await expect(wrong(aDocument())).rejects.toThrow();
    expect(await stepKeys()).toEqual([]);
  });

  it('R14 B34 refuses to make the document larger than 200 KiB, to the byte', async () => {
    const step = (text: string) =>
      defineStep({ name: 'WriteMuch', reads: [], section: z.strictObject({ text: z.string() }), run: async () => ({ text }) })(() => ports);
    const room = DOCUMENT_LIMIT_BYTES - Buffer.byteLength(JSON.stringify(aDocument())) - Buffer.byteLength('{"text":""}');
    await expect(step('x'.repeat(room + 1))(aDocument())).rejects.toThrow('E_OUTPUT_SIZE: WriteMuch would make the document');
    await expect(step(`${'x'.repeat(room - 1)}ä`)(aDocument())).rejects.toThrow('E_OUTPUT_SIZE');
    expect(await stepKeys()).toEqual([]);
    expect(await step('x'.repeat(room))(aDocument())).toEqual({ text: 'x'.repeat(room) });
  });

  it('builds nothing before it is run', () => {
    const step = defineStep({ name: 'CountRuns', reads: [], section, run: async () => ({ value: 1 }) });
    expect(() =>
      step(() => {
        throw new Error('ports were built');
      }),
    ).not.toThrow();
  });
});
