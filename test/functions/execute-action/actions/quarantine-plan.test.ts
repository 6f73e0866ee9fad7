import fc from 'fast-check';
import type { PlanningFacts } from '../../../../functions/execute-action/actions/action.ts';
import { quarantine, quarantineKey } from '../../../../functions/execute-action/actions/quarantine.ts';
import type { EvidenceSection, FindingsSection } from '../../../../functions/shared/incident.ts';
import { anIncident, aRegistration, INCIDENT_ID, someEvidence, someFindings } from '../../../support/sample-incident.ts';

type Offending = FindingsSection['offendingObjects'][number];
type Dataset = EvidenceSection['datasets'][number];

const anObject = (key: string, size: number) => ({ bucket: 'lake', key, versionId: `v-${key}`, size, etag: `e-${key}` });
const offending = (key: string, size: number, changes: Partial<Offending> = {}): Offending => ({
  ...anObject(key, size),
  input: 'orders',
  reason: `${key} cannot be read`,
  ...changes,
});
const aDataset = (sizes: Readonly<Record<string, number>>, changes: Partial<Dataset> = {}): Dataset => ({
  input: 'orders',
  bucket: 'lake',
  prefix: 'orders/incoming/',
  format: 'csv',
  objectCount: Object.keys(sizes).length,
  totalBytes: Object.values(sizes).reduce((sum, size) => sum + size, 0),
  newObjectCount: Object.keys(sizes).length,
  inspected: Object.entries(sizes).map(([key, size]) => inspected(key, size)),
  sample: null,
  baseline: null,
  ...changes,
});
const inspected = (key: string, size: number, isNew = true): Dataset['inspected'][number] => ({
  ...anObject(key, size),
  lastModified: '2026-11-05T00:00:00.000Z',
  isNew,
  rows: 1,
  readError: null,
});
const planned = (offendingObjects: Offending[], datasets: Dataset[] = []) =>
  quarantine.plan({
    incident: anIncident(),
    evidence: someEvidence({ datasets }),
    findings: someFindings({ offendingObjects }),
    registration: aRegistration(),
    settings: { quarantineBucket: 'quarantine' },
  } satisfies PlanningFacts);
const shareOf = (offendingObjects: Offending[], datasets: Dataset[]) => planned(offendingObjects, datasets).plan?.shareOfInput;

describe('the plan of QUARANTINE', () => {
  it('R34 names each object by version and etag, the place it goes to, and why', () => {
    expect(planned([offending('a', 100), offending('b', 200)], [aDataset({ a: 100, b: 200, c: 900 })])).toEqual({
      plan: {
        action: 'QUARANTINE',
        reason: '2 object(s) shown by evidence to be the cause: a cannot be read',
        objects: [anObject('a', 100), anObject('b', 200)],
        quarantineBucket: 'quarantine',
        quarantinePrefix: `quarantine/${INCIDENT_ID}/`,
        totalBytes: 300,
        shareOfInput: 0.6667,
        delaySeconds: 0,
        rerun: expect.objectContaining({ jobName: 'orders', failedRunId: 'jr_1', argumentChanges: {} }),
      },
    });
  });

  it('R34 without an object that is shown to be the cause there is no plan', () => {
    expect(planned([], [aDataset({ a: 1 })])).toEqual({
      plan: null,
      reason: 'no object is shown by evidence to be the cause; an empty set is a refusal, never "all"',
    });
  });

  it('bounds its reason, however much the evidence says', () => {
    const reason = planned([offending('a', 1, { reason: 'x'.repeat(5000) })]).plan?.reason;
    expect(reason).toBe(`1 object(s) shown by evidence to be the cause: ${'x'.repeat(5000)}`.slice(0, 500));
  });

  it('keeps objects of the same key apart by their bucket', () => {
    const plan = { quarantinePrefix: 'quarantine/inc-1/' };
    expect(quarantineKey(plan, anObject('orders/1.csv', 1))).toBe('quarantine/inc-1/lake/orders/1.csv');
  });

  describe('R28 R33 its share of the new input', () => {
    it.each([
      ['is by count where the objects are small', [offending('a', 1)], [aDataset({ a: 1, b: 999 })], 0.5],
      ['is by bytes where they are large', [offending('a', 900)], [aDataset({ a: 900, b: 50, c: 50 })], 0.9],
      [
        'is of what is new: what was there before does not water it down',
        [offending('a', 90)],
        [withOld(), withOld({ input: 'other' })],
        0.9,
      ],
      ['is of all inputs that are touched', [offending('a', 10), offending('x', 10, { input: 'items' })], twoInputs(), 0.3333],
      ['is not of inputs that are left alone', [offending('a', 10)], twoInputs(), 0.3333],
      ['is all of it where nothing is known to be new', [offending('a', 10)], [aDataset({}, { newObjectCount: 0 })], 1],
      ['is all of it where the input was not looked at', [offending('a', 0)], [], 1],
      ['is never more than all', [offending('a', 10), offending('b', 10)], [aDataset({ a: 10 })], 1],
      ['is rounded to four places', [offending('a', 1)], [aDataset({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 })], 0.1429],
    ] as const)('%s', (_what, objects, datasets, share) => {
      expect(shareOf([...objects], [...datasets])).toBe(share);
    });

    it('is at least the share by count and the share by bytes, and within 0 and 1, for any input', () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 20 });
      fc.assert(
        fc.property(sizes, fc.integer({ min: 1, max: 20 }), (all, count) => {
          const named = Object.fromEntries(all.map((size, index) => [`k${index}`, size]));
          const taken = Object.entries(named).slice(0, count);
          const share = shareOf(
            taken.map(([key, size]) => offending(key, size)),
            [aDataset(named)],
          );
          const bytes = (entries: readonly (readonly [string, number])[]) => entries.reduce((sum, [, size]) => sum + size, 0);
          expect(share).toBeGreaterThanOrEqual(taken.length / all.length - 0.0001);
          expect(share).toBeGreaterThanOrEqual(bytes(taken) / bytes(Object.entries(named)) - 0.0001);
          expect(share).toBeLessThanOrEqual(1);
        }),
      );
    });
  });
});

/** 90 new bytes in `a` and 10 in `b`, beside much that was there before. */
function withOld(changes: Partial<Dataset> = {}): Dataset {
  const old = inspected('old', 100_000, false);
  const dataset = aDataset({ a: 90, b: 10 }, changes);
  return { ...dataset, objectCount: 3, inspected: [...dataset.inspected, old] };
}

/** Two inputs of three new objects of 10 bytes each. */
function twoInputs(): Dataset[] {
  return [aDataset({ a: 10, b: 10, c: 10 }), aDataset({ x: 10, y: 10, z: 10 }, { input: 'items' })];
}
