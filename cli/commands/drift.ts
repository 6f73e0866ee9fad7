/** `glue-medic drift`: what has changed between two data files or lists of columns, and how safe a change of type is. */
import Table from 'cli-table3';
import pc from 'picocolors';
import * as z from 'zod';
import { compareTypes } from '../../functions/detect-anomalies/drift-detector/compare-types.ts';
import { detectDrift } from '../../functions/detect-anomalies/drift-detector/detect-drift.ts';
import type { Drift, DriftChange } from '../../functions/detect-anomalies/drift-detector/drift.ts';
import { ENGINES, type Engine } from '../../functions/detect-anomalies/drift-detector/engine-rules.ts';
import { readSide } from '../../functions/detect-anomalies/drift-detector/read-side.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { answerLines, checkedLine } from '../answer-lines.ts';
import type { Command, CommandIo, ExitCode, Invocation } from '../command.ts';

const batchLineSchema = z.object({ id: z.string(), baseline: z.unknown(), current: z.unknown() });
const typesLineSchema = z.object({ id: z.string(), from: z.string(), to: z.string() });

export const drift: Command = {
  summary: 'names what changed between two data files or schemas: columns, renames, types',
  usage: `drift BASELINE CURRENT | --batch FILE|- | --types FILE|-   [--engine ${ENGINES.join('|')}]`,
  options: { batch: { type: 'string' }, types: { type: 'string' }, engine: { type: 'string' } },
  async run(invocation: Invocation): Promise<ExitCode> {
    const { positionals, values, io } = invocation;
    const engine = engineOf(values.engine);
    const batch = textOf(values.batch);
    const types = textOf(values.types);
    const [baseline, current, ...more] = positionals;
    const forms = Number(batch !== undefined) + Number(types !== undefined) + Number(positionals.length > 0);
    if (forms !== 1 || more.length > 0) throw new InputError('E_USAGE', `give one of: ${drift.usage}`);
    if (batch !== undefined) return answerLines(batch, invocation, (line) => answerBatchLine(line, engine), printBatch);
    if (types !== undefined) return answerLines(types, invocation, (line) => answerTypesLine(line, engine), printVerdict);
    if (baseline === undefined || current === undefined)
      throw new InputError('E_USAGE', `two sides are expected: glue-medic ${drift.usage}`);
    const found = detectDrift(await readSide(baseline), await readSide(current), { engine });
    io.stdout.write(invocation.json ? `${JSON.stringify(toWire(found))}\n` : tableOf(found, io));
    return found.severity === 'breaking' ? 1 : 0;
  },
};

type Line = { readonly id: string };
type BatchAnswer = Line & ReturnType<typeof toWire>;
type TypesAnswer = Line & { readonly verdict: string };

async function answerBatchLine(line: unknown, engine: Engine): Promise<BatchAnswer> {
  const { id, baseline, current } = checkedLine(batchLineSchema, line, '{"id","baseline","current"}');
  return { id, ...toWire(detectDrift(await readSide(baseline), await readSide(current), { engine })) };
}

function answerTypesLine(line: unknown, engine: Engine): TypesAnswer {
  const { id, from, to } = checkedLine(typesLineSchema, line, '{"id","from","to"}');
  return { id, verdict: compareTypes(from, to, engine) };
}

/** What users script against; scores and reasons ride along. */
function toWire({ severity, changes }: Drift) {
  return { severity, changes };
}

function engineOf(value: Invocation['values'][string]): Engine {
  const engine = ENGINES.find((name) => name === (value ?? 'merged'));
  if (!engine) throw new InputError('E_USAGE', `unknown engine ${quoteForMessage(value)}; expected one of ${ENGINES.join(', ')}`);
  return engine;
}

const textOf = (value: Invocation['values'][string]) => (typeof value === 'string' ? value : undefined);

function printBatch(answer: BatchAnswer, io: CommandIo): string {
  return `${pc.bold(answer.id)}  ${tableOf(answer, io)}\n`;
}

const printVerdict = ({ id, verdict }: TypesAnswer) => `${id}  ${verdict}\n`;

function tableOf({ severity, changes }: Drift, { isTerminal }: CommandIo): string {
  const head = ['change', 'path', 'from', 'to', 'verdict', 'reason'];
  if (changes.length === 0) return `severity: ${severity}\n`;
  const rows = changes.map((change) => [
    change.kind,
    change.path,
    shorten(change.from),
    shorten(change.to),
    change.verdict,
    reasonOf(change),
  ]);
  if (!isTerminal) return `severity: ${severity}\n${[head, ...rows].map((row) => row.join('\t')).join('\n')}\n`;
  const table = new Table({ head });
  table.push(...rows);
  return `severity: ${severity}\n${table.toString()}\n`;
}

const shorten = (type: string | null) => (type === null ? '' : type.length > 40 ? `${type.slice(0, 39)}…` : type);

const reasonOf = ({ score, reason }: DriftChange) => (score === undefined ? reason : `score ${score.toFixed(2)}: ${reason}`);
