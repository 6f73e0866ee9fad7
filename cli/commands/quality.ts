/** `glue-medic quality`: compares data with good data, or evaluates a Data Quality ruleset on it. */
import { readFile } from 'node:fs/promises';
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
import { readTableFile, unreadable } from '../../functions/detect-anomalies/read-table-file.ts';
import type { TableSample } from '../../functions/detect-anomalies/table-sample.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { answerLines, checkedLine } from '../answer-lines.ts';
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
        ? compare(undefined, await readTableFile(first), ruleset)
        : compare(learnBaseline(await readTableFile(first)), await readTableFile(second), ruleset);
    invocation.io.stdout.write(invocation.json ? `${JSON.stringify(answer)}\n` : textOf(answer, invocation.io));
    return answer.condition === 'poor' || answer.condition === 'degraded' || answer.ruleset?.outcome === 'failed' ? 1 : 0;
  },
};

/** What users script against: a comparison, the answer of a ruleset, or both. */
type Answer = Partial<QualityReport> & { readonly id?: string; readonly ruleset?: RulesetResult };

function compare(baseline: QualityBaseline | undefined, current: TableSample, ruleset: Ruleset | undefined): Answer {
  return {
    ...(baseline && analyzeQuality(baseline, current, { maxOffendingRows: ROWS_SHOWN })),
    ...(ruleset && { ruleset: evaluateRuleset(ruleset, current, { now: Date.now() }) }),
  };
}

function answerBatch(source: string, ruleset: Ruleset | undefined, invocation: Invocation): Promise<ExitCode> {
  const baselines = new Map<string, QualityBaseline>();
  const answer = async (line: unknown): Promise<Answer & { readonly id: string }> => {
    const { id, baseline, current } = checkedLine(batchLineSchema, line, '{"id","baseline","current"} with paths');
    return { id, ...compare(await baselineOf(baseline, baselines), await readTableFile(current), ruleset) };
  };
  return answerLines(source, invocation, answer, textOf);
}

/** The same good data is often compared with several others: the last few baselines are kept. */
async function baselineOf(path: string, kept: Map<string, QualityBaseline>): Promise<QualityBaseline> {
  const baseline = kept.get(path) ?? learnBaseline(await readTableFile(path));
  kept.delete(path);
  kept.set(path, baseline);
  const [oldest] = kept.keys();
  if (kept.size > BASELINES_KEPT && oldest !== undefined) kept.delete(oldest);
  return baseline;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function textOf(
  { id, ruleset, condition, score = null, rows = 0, baselineRows = 0, columns = [], findings = [] }: Answer,
  io: CommandIo,
): string {
  const report = condition === undefined ? '' : tableOf({ condition, score, rows, baselineRows, columns, findings }, io);
  return `${id === undefined ? '' : `${pc.bold(id)}  `}${report}${ruleset ? listOf(ruleset) : ''}`;
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
