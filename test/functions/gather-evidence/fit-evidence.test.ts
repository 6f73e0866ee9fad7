import { fitEvidence } from '../../../functions/gather-evidence/fit-evidence.ts';
import { Gaps } from '../../../functions/gather-evidence/gaps.ts';
import { type DatasetEvidence, type EvidenceSection, EvidenceSectionSchema } from '../../../functions/shared/incident.ts';
import { aTable, someEvidence } from '../../support/sample-incident.ts';

const LIMIT = 96 * 1024;
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

function dataset(input: string, objects: number, keyLength: number): DatasetEvidence {
  return {
    input,
    bucket: 'lake',
    prefix: `${input}/`,
    format: 'csv',
    objectCount: objects,
    totalBytes: objects,
    newObjectCount: objects,
    inspected: Array.from({ length: objects }, (_, index) => ({
      bucket: 'lake',
      key: `${input}/${String(index).padEnd(keyLength, 'k')}`,
      versionId: 'v'.repeat(32),
      size: 1,
      etag: `"${'e'.repeat(32)}"`,
      lastModified: '2026-11-05T00:00:00.000Z',
      isNew: true,
      rows: null,
      readError: index === objects - 1 ? { code: 'E_CSV', message: 'm'.repeat(500) } : null,
    })),
    sample: null,
    baseline: null,
  };
}

function fitted(changes: Partial<EvidenceSection>) {
  const gaps = new Gaps();
  const { completeness: _, gaps: __, ...evidence } = someEvidence(changes);
  const fitting = fitEvidence(evidence, gaps);
  EvidenceSectionSchema.parse({ completeness: 'PARTIAL', gaps: gaps.list, ...fitting });
  return { fitting, gaps: gaps.list, evidence };
}

describe('fitEvidence', () => {
  it('leaves evidence alone that fits', () => {
    const { fitting, evidence, gaps } = fitted({ datasets: [dataset('orders', 40, 60)], tables: [aTable()] });
    expect(fitting).toEqual(evidence);
    expect(gaps).toEqual([]);
  });

  it('R14: of many objects keeps those that could not be read', () => {
    const datasets = Array.from({ length: 8 }, (_, index) => dataset(`input${index}`, 40, 400));
    const { fitting, gaps } = fitted({ datasets });
    expect(bytesOf(fitting)).toBeLessThanOrEqual(LIMIT);
    expect(fitting.datasets).toHaveLength(8);
    for (const each of fitting.datasets) expect(each.inspected[0]?.readError).not.toBeNull();
    expect(gaps).toEqual([]);
  });

  it('R14 F35: fits in the worst case, and every source that is left out is a gap', () => {
    const columns = Array.from({ length: 300 }, (_, index) => ({ name: `c${index}`, type: `struct<${'a:int,'.repeat(50)}z:int>` }));
    const { fitting, gaps } = fitted({
      datasets: Array.from({ length: 20 }, (_, index) => dataset(`input${index}`, 40, 1000)),
      tables: Array.from({ length: 20 }, (_, index) => aTable({ name: `t${index}`, columns, lastGoodColumns: columns })),
      log: { excerpt: '漢'.repeat(16_000), lines: 1, bytes: 1, truncated: true, groups: [], artefact: null },
      run: {
        ...someEvidence().run,
        errorMessage: '漢'.repeat(4096),
        arguments: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`--a${index}`, '漢'.repeat(500)])),
      },
    });
    expect(bytesOf(fitting)).toBeLessThanOrEqual(LIMIT);
    for (let index = 0; index < 20 - fitting.tables.length; index += 1) {
      expect(gaps).toContainEqual({ source: expect.stringMatching(/^table sales\.t/), reason: expect.stringContaining('too large') });
    }
    expect(fitting.datasets.length).toBeGreaterThan(0);
  });
});
