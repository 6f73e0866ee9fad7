/** Stand-in until read-sample.ts of the schema profiler is there. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Cell, TableSample } from '../table-sample.ts';

export async function loadSample(path: string): Promise<TableSample> {
  const text = await readFile(path, 'utf8');
  if (path.endsWith('.jsonl')) {
    const rows = text
      .split('\n')
      .filter((l) => l.trim())
      .map((l) => JSON.parse(l) as Record<string, Cell>);
    const names = [...new Set(rows.flatMap((r) => Object.keys(r)))];
    return {
      format: 'jsonl',
      rowCount: rows.length,
      totalRows: rows.length,
      malformedRows: 0,
      columns: names.map((name) => {
        const values = rows.map((r) => r[name] ?? null);
        return { name, values, type: jsonType(values) };
      }),
    };
  }
  const [head = [], ...rows] = parse(text, { bom: true, relax_column_count: true, relax_quotes: true }) as string[][];
  return {
    format: 'csv',
    rowCount: rows.length,
    totalRows: rows.length,
    malformedRows: 0,
    columns: head.map((name, i) => {
      const values = rows.map((r) => r[i] || null);
      return { name, values, type: csvType(values) };
    }),
  };
}
function csvType(values: (string | null)[]): string {
  const v = values.filter((x) => x !== null);
  if (v.length === 0) return 'void';
  if (v.every((x) => /^[+-]?\d+$/.test(x))) return 'bigint';
  if (v.every((x) => /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(x))) return 'double';
  if (v.every((x) => /^\d{4}-\d\d-\d\d$/.test(x))) return 'date';
  if (v.every((x) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(x))) return 'timestamp';
  return 'string';
}
function jsonType(values: readonly unknown[]): string {
  const kinds = new Set(
    values
      .filter((v) => v !== null)
      .map((v) =>
        Array.isArray(v)
          ? 'array'
          : typeof v === 'object'
            ? 'struct'
            : typeof v === 'number'
              ? Number.isInteger(v)
                ? 'bigint'
                : 'double'
              : typeof v === 'boolean'
                ? 'boolean'
                : 'string',
      ),
  );
  if (kinds.size === 2 && kinds.has('bigint') && kinds.has('double')) return 'double';
  if (kinds.size === 0) return 'void';
  if (kinds.size > 1) return 'string';
  const [k] = kinds;
  if (k === 'array') return `array<${jsonType(values.flatMap((v) => (v as unknown[]) ?? []))}>`;
  if (k === 'struct') {
    const n = new Set(values.flatMap((v) => Object.keys((v ?? {}) as object)));
    return `struct<${[...n].map((f) => `\`${f.replaceAll('`', '``')}\`:${jsonType(values.map((v) => (v as Record<string, unknown> | null)?.[f] ?? null))}`).join(',')}>`;
  }
  return k ?? 'void';
}
