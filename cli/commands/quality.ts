/** `glue-medic quality`: compares data with good data, or evaluates a Data Quality ruleset on it. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Table from 'cli-table3';
import pc from 'picocolors';
import * as z from 'zod';
import { analyzeQuality } from '../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { evaluateRuleset, type RulesetResult } from '../../functions/detect-anomalies/quality-analyzer/dqdl/evaluate-ruleset.ts';
import { parseDqdl } from '../../functions/detect-anomalies/quality-analyzer/dqdl/parse-dqdl.ts';
import type { Ruleset } from '../../functions/detect-anomalies/quality-analyzer/dqdl/ruleset.ts';
import { learnBaseline } from '../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import type { QualityBaseline } from '../../functions/detect-anomalies/quality-analyzer/quality-baseline.ts';
import type { QualityReport } from '../../functions/detect-anomalies/quality-analyzer/quality-report.ts';
import { openFile } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { readSample } from '../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import type { TableSample } from '../../functions/detect-anomalies/table-sample.ts';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, CommandIo, ExitCode, Invocation } from '../command.ts';

/** Offending rows that are printed per column and finding. */
const ROWS_SHOWN = 20;
const BASELINES_KEPT = 4;

const batchLineSchema = z.object({ id: z.string(), baseline: z.string(), current: z.string() });

export const quality: Command = {
  summary: 'compares data with good data: completeness, validity, consistency, uniqueness',
  usage: 'quality BASELINE CURRENT [--ruleset FILE] | quality CURRENT --ruleset FILE | quality --batch FILE|- [--ruleset FILE]',
  options: { batch: { type: 'string' }, ruleset: { type: 'string' } },
  async run(invocation: Invocation): Promise<ExitCode> {
    const { positionals, values } = invocation;
    const ruleset = typeof values.ruleset === 'string' ? parseDqdl(await readText(values.ruleset)) : undefined;
    if (typeof values.batch === 'string') {
      if (positionals.length > 0)
        throw new InputError('E_USAGE', `--batch takes no files beside it; seen ${quoteForMessage(positionals[0])}`);
      return answerBatch(values.batch, ruleset, invocation);
    }
    const [first, second, ...more] = positionals;
    if (first === undefined || more.length > 0 || (second === undefined && !ruleset)) {
      throw new InputError('E_USAGE', `seen ${positionals.length} files; expected: glue-medic ${quality.usage}`);
    }
    const answer =
      second === undefined
        ? compare(undefined, await loadSample(first), ruleset)
        : compare(learnBaseline(await loadSample(first)), await loadSample(second), ruleset);
    print(answer, invocation);
    const { report, rules } = answer;
    return report?.condition === 'poor' || report?.condition === 'degraded' || rules?.outcome === 'failed' ? 1 : 0;
  },
};

interface Answer {
  readonly id?: string;
  readonly report?: QualityReport;
  readonly rules?: RulesetResult;
}

function compare(baseline: QualityBaseline | undefined, current: TableSample, ruleset: Ruleset | undefined): Answer {
  return {
    ...(baseline && { report: analyzeQuality(baseline, current, { maxOffendingRows: ROWS_SHOWN }) }),
    ...(ruleset && { rules: evaluateRuleset(ruleset, current, { now: Date.now() }) }),
  };
}

/** One answer per line, in order; a bad line is answered by its error and makes the exit code 2. */
async function answerBatch(source: string, ruleset: Ruleset | undefined, invocation: Invocation): Promise<ExitCode> {
  const baselines = new Map<string, QualityBaseline>();
  let exitCode: ExitCode = 0;
  let number = 0;
  for await (const text of linesOf(source, invocation.io)) {
    number += 1;
    if (text.trim() === '') continue;
    let id = `line ${number}`;
    try {
      const line = parseLine(text);
      if (typeof line === 'object' && line !== null && 'id' in line && typeof line.id === 'string') id = line.id;
      const { baseline, current } = checked(line);
      print({ id, ...compare(await baselineOf(baseline, baselines), await loadSample(current), ruleset) }, invocation);
    } catch (error) {
      // One line's trouble, whatever it is, must not take the others' answers with it.
      exitCode = 2;
      printFailure(id, error, invocation);
    }
  }
  return exitCode;
}

/** The same good data is often compared with several others: the last few baselines are kept. */
async function baselineOf(path: string, kept: Map<string, QualityBaseline>): Promise<QualityBaseline> {
  const baseline = kept.get(path) ?? learnBaseline(await loadSample(path));
  kept.delete(path);
  kept.set(path, baseline);
  const [oldest] = kept.keys();
  if (kept.size > BASELINES_KEPT && oldest !== undefined) kept.delete(oldest);
  return baseline;
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_JSON', `${quoteForMessage(text)} is not one JSON object`);
  }
}

function checked(line: unknown): z.infer<typeof batchLineSchema> {
  const parsed = batchLineSchema.safeParse(line);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError(
    'E_LINE',
    `expected {"id","baseline","current"} with paths; ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'wrong shape'}`,
  );
}

async function loadSample(path: string): Promise<TableSample> {
  const source = await openFile(path);
  try {
    return await readSample(source);
  } finally {
    await source.close();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* linesOf(source: string, io: CommandIo): AsyncGenerator<string> {
  const input: Readable = source === '-' ? io.stdin : createReadStream(source);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw unreadable(source, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === undefined ? error : new InputError('E_FILE', `${quoteForMessage(path)} cannot be read (${String(code)})`);
}

function print({ id, report, rules }: Answer, { io, json }: Invocation): void {
  if (json) {
    io.stdout.write(`${JSON.stringify({ ...(id !== undefined && { id }), ...report, ...(rules && { ruleset: rules }) })}\n`);
    return;
  }
  if (id !== undefined) io.stdout.write(`${pc.bold(id)}  `);
  if (report) io.stdout.write(tableOf(report, io));
  if (rules) io.stdout.write(listOf(rules));
}

function printFailure(id: string, error: unknown, { io, json }: Invocation): void {
  const message = error instanceof MedicError ? error.message : `E_INTERNAL: ${quoteForMessage(String(error), 300)}`;
  const code = error instanceof MedicError ? error.code : 'E_INTERNAL';
  io.stdout.write(json ? `${JSON.stringify({ id, error: { code, message } })}\n` : `${id}  ${pc.red(message)}\n`);
}

function tableOf({ condition, score, rows, baselineRows, columns, findings }: QualityReport, { isTerminal }: CommandIo): string {
  if (score === null) return `quality: ${condition}, ${rows} rows against ${baselineRows} of the baseline are too few to compare\n`;
  const summary = `quality: ${condition}, score ${score.toFixed(4)}, ${rows} rows against ${baselineRows}\n`;
  const wholeRows = findings.filter(({ column }) => column === null).map(({ reason }) => `${reason}\n`);
  const head = ['column', 'complete', 'valid', 'consistent', 'unique', 'degraded because'];
  const body = columns.map((column) => [
    column.name,
    ...[column.completeness, column.validity, column.consistency, column.uniqueness].map((share) => share?.toFixed(3) ?? '–'),
    column.reasons.join(isTerminal ? '\n' : '; '),
  ]);
  if (!isTerminal) return `${summary}${[head, ...body].map((row) => `${row.join('\t')}\n`).join('')}${wholeRows.join('')}`;
  const table = new Table({ head, wordWrap: true, colWidths: [24, 10, 8, 12, 8, 70] });
  table.push(...body);
  return `${summary}${table.toString()}\n${wholeRows.join('')}`;
}

function listOf({ outcome, score, rules }: RulesetResult): string {
  const lines = rules.map((rule) => `  ${rule.outcome.padEnd(14)}${rule.rule}${rule.reason ? ` — ${rule.reason}` : ''}\n`);
  return `ruleset: ${outcome}, score ${score?.toFixed(4) ?? '–'}\n${lines.join('')}`;
}
