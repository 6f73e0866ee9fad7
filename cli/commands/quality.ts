/** `glue-medic quality`: compares data with good data, or evaluates a Data Quality ruleset on it. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Table from 'cli-table3';
import { parse as parseCsv } from 'csv-parse/sync';
import { analyzeQuality } from '../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { evaluateRuleset, type RulesetResult } from '../../functions/detect-anomalies/quality-analyzer/dqdl/evaluate-ruleset.ts';
import { parseDqdl } from '../../functions/detect-anomalies/quality-analyzer/dqdl/parse-dqdl.ts';
import { learnBaseline } from '../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import type { QualityBaseline } from '../../functions/detect-anomalies/quality-analyzer/quality-baseline.ts';
import type { QualityReport } from '../../functions/detect-anomalies/quality-analyzer/quality-report.ts';
import type { TableSample } from '../../functions/detect-anomalies/table-sample.ts';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, CommandIo, ExitCode, Invocation } from '../command.ts';

/** Rows that are read of each file. */
const MOST_ROWS = 50_000;

export const quality: Command = {
  summary: 'compare data with good data: completeness, validity, consistency, uniqueness',
  usage: 'quality BASELINE CURRENT [--ruleset FILE] | quality CURRENT --ruleset FILE | quality --batch FILE|-',
  options: { batch: { type: 'string' }, ruleset: { type: 'string' } },
  async run(invocation: Invocation): Promise<ExitCode> {
    const { positionals, values } = invocation;
    if (typeof values.batch === 'string') {
      if (positionals.length > 0)
        throw new InputError('E_USAGE', `--batch takes no files beside it; seen ${quoteForMessage(positionals[0])}`);
      return runBatch(values.batch, invocation);
    }
    const ruleset = typeof values.ruleset === 'string' ? parseDqdl(await readText(values.ruleset)) : undefined;
    const expected = ruleset ? [1, 2] : [2];
    if (!expected.includes(positionals.length)) {
      throw new InputError('E_USAGE', `seen ${positionals.length} files\nusage: glue-medic ${quality.usage}`);
    }
    const current = await loadSample(positionals.at(-1) ?? '');
    const report = positionals.length === 2 ? analyzeQuality(learnBaseline(await loadSample(positionals[0] ?? '')), current) : undefined;
    const rules = ruleset ? evaluateRuleset(ruleset, current, { now: Date.now() }) : undefined;
    if (invocation.json) writeLine(invocation.io, { ...(report ? answer(report) : {}), ...(rules ? { ruleset: rules } : {}) });
    else {
      if (report) invocation.io.stdout.write(describeReport(report));
      if (rules) invocation.io.stdout.write(describeRules(rules));
    }
    const negative = report?.condition === 'poor' || report?.condition === 'degraded' || rules?.outcome === 'failed';
    return negative ? 1 : 0;
  },
};

async function runBatch(file: string, { io, json, values }: Invocation): Promise<ExitCode> {
  const ruleset = typeof values.ruleset === 'string' ? parseDqdl(await readText(values.ruleset)) : undefined;
  const baselines = new Map<string, Promise<QualityBaseline>>();
  let exitCode: ExitCode = 0;
  let lineNumber = 0;
  for await (const line of linesOf(file, io.stdin)) {
    lineNumber++;
    if (line.trim() === '') continue;
    const request = parseRequest(line);
    const id = request?.id ?? null;
    try {
      if (!request)
        throw new InputError(
          'E_BATCH',
          `line ${lineNumber}: expected {"id","baseline","current"} with paths; seen ${quoteForMessage(line)}`,
        );
      const baseline = await remember(baselines, request.baseline, async () => learnBaseline(await loadSample(request.baseline)));
      const current = await loadSample(request.current);
      const report = analyzeQuality(baseline, current);
      const rules = ruleset ? { ruleset: evaluateRuleset(ruleset, current, { now: Date.now() }) } : {};
      if (json) writeLine(io, { id, ...answer(report), ...rules });
      else io.stdout.write(`${id}: ${describeReport(report)}`);
    } catch (error) {
      if (!(error instanceof MedicError)) throw error;
      exitCode = 2;
      writeLine(io, { id, error: { code: error.code, message: error.message } });
    }
  }
  return exitCode;
}

interface Request {
  readonly id: string;
  readonly baseline: string;
  readonly current: string;
}

function parseRequest(line: string): Request | undefined {
  try {
    const { id, baseline, current } = JSON.parse(line);
    const isRequest = [id, baseline, current].every((part) => typeof part === 'string');
    return isRequest ? { id, baseline, current } : undefined;
  } catch {
    return undefined;
  }
}

/** The same good data is often compared with several others: the last few baselines are kept. */
function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const kept = cache.get(key) ?? make();
  cache.delete(key);
  cache.set(key, kept);
  if (cache.size > 4) cache.delete(cache.keys().next().value ?? key);
  return kept;
}

function answer({ condition, score, rows, baselineRows, columns, findings }: QualityReport) {
  return {
    condition,
    score,
    rows,
    baselineRows,
    columns: columns.map(({ offendingRows, ...column }) => ({ ...column, offendingRows: offendingRows.slice(0, 20) })),
    findings: findings.map((finding) => ({ ...finding, offendingRows: finding.offendingRows.slice(0, 20) })),
  };
}

function describeReport({ condition, score, columns, rows, baselineRows, findings }: QualityReport): string {
  if (score === null) return `unmeasured: ${rows} rows against ${baselineRows} of the baseline are too few to compare\n`;
  const table = new Table({
    head: ['column', 'complete', 'valid', 'consistent', 'unique', 'degraded because'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [24, 10, 10, 12, 10, 64],
  });
  for (const column of columns) {
    table.push([
      column.name,
      ...[column.completeness, column.validity, column.consistency, column.uniqueness].map(show),
      column.reasons.join('\n'),
    ]);
  }
  const whole = findings.filter((finding) => finding.column === null).map((finding) => `${finding.reason}\n`);
  return `${condition}, score ${score.toFixed(4)}, ${rows} rows against ${baselineRows}\n${table}\n${whole.join('')}`;
}

function describeRules({ outcome, score, rules }: RulesetResult): string {
  const lines = rules.map((rule) => `  ${rule.outcome.padEnd(13)} ${rule.rule}${rule.reason ? ` — ${rule.reason}` : ''}\n`);
  return `ruleset ${outcome}, score ${score === null ? '–' : score.toFixed(4)}\n${lines.join('')}`;
}

function show(share: number | null): string {
  return share === null ? '–' : share.toFixed(3);
}

function writeLine(io: CommandIo, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError('E_FILE', `cannot read ${quoteForMessage(path)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function linesOf(file: string, stdin: Readable): AsyncIterable<string> {
  const input = file === '-' ? stdin : createReadStream(file, 'utf8');
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

async function loadSample(path: string): Promise<TableSample> {
  const rows: string[][] = parseCsv(await readText(path), { relax_column_count: true, skip_empty_lines: true, to: MOST_ROWS + 1 });
  const [head = [], ...body] = rows;
  return {
    format: 'csv',
    columns: head.map((name, index) => ({ name, type: 'string', values: body.map((row) => row[index] ?? '') })),
    rowCount: body.length,
    totalRows: body.length,
    malformedRows: 0,
  };
}
