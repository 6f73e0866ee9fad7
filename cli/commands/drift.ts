/** `glue-medic drift`: what has changed between two data files or lists of columns, and how safe a change of type is. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Table from 'cli-table3';
import pc from 'picocolors';
import * as z from 'zod';
import { compareTypes } from '../../functions/detect-anomalies/drift-detector/compare-types.ts';
import { detectDrift } from '../../functions/detect-anomalies/drift-detector/detect-drift.ts';
import type { Drift, DriftChange } from '../../functions/detect-anomalies/drift-detector/drift.ts';
import { ENGINES, type Engine } from '../../functions/detect-anomalies/drift-detector/engine-rules.ts';
import { readSide } from '../../functions/detect-anomalies/drift-detector/read-side.ts';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
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
    if (batch !== undefined) return answerLines(invocation, batch, (line) => answerBatchLine(line, engine), printBatch);
    if (types !== undefined) return answerLines(invocation, types, async (line) => answerTypesLine(line, engine), printVerdict);
    if (baseline === undefined || current === undefined)
      throw new InputError('E_USAGE', `two sides are expected: glue-medic ${drift.usage}`);
    const found = detectDrift(await readSide(baseline), await readSide(current), { engine });
    io.stdout.write(invocation.json ? `${JSON.stringify(toWire(found))}\n` : tableOf(found, io));
    return found.severity === 'breaking' ? 1 : 0;
  },
};

type Line = { readonly id: string };
type Failure = { readonly id: string; readonly error: { readonly code: string; readonly message: string } };
type BatchAnswer = Line & ReturnType<typeof toWire>;
type TypesAnswer = Line & { readonly verdict: string };

async function answerBatchLine(line: unknown, engine: Engine): Promise<BatchAnswer> {
  const { id, baseline, current } = checked(batchLineSchema, line, '{"id","baseline","current"}');
  return { id, ...toWire(detectDrift(await readSide(baseline), await readSide(current), { engine })) };
}

function answerTypesLine(line: unknown, engine: Engine): TypesAnswer {
  const { id, from, to } = checked(typesLineSchema, line, '{"id","from","to"}');
  return { id, verdict: compareTypes(from, to, engine) };
}

/** What users script against; scores and reasons ride along. */
function toWire({ severity, changes }: Drift) {
  return { severity, changes };
}

/** One answer per line, in order; a bad line is answered by its error and makes the exit code 2. */
async function answerLines<Answer extends Line>(
  { io, json }: Invocation,
  source: string,
  answer: (line: unknown) => Promise<Answer>,
  print: (answer: Answer, io: CommandIo) => string,
): Promise<ExitCode> {
  let bad = false;
  let number = 0;
  for await (const text of linesOf(source, io)) {
    number += 1;
    if (text.trim() === '') continue;
    const found = await answered(text, number, answer);
    if (isFailure(found)) bad = true;
    const human = isFailure(found) ? `${found.id}  ${pc.red(found.error.message)}\n` : print(found, io);
    io.stdout.write(json ? `${JSON.stringify(found)}\n` : human);
  }
  return bad ? 2 : 0;
}

const isFailure = (found: Line | Failure): found is Failure => 'error' in found;

async function answered<Answer extends Line>(
  text: string,
  number: number,
  answer: (line: unknown) => Promise<Answer>,
): Promise<Answer | Failure> {
  let id = `line ${number}`;
  try {
    const line = parseLine(text);
    if (typeof line === 'object' && line !== null && 'id' in line && typeof line.id === 'string') id = line.id;
    return await answer(line);
  } catch (error) {
    // one line's trouble, whatever it is, must not take the others' answers with it
    if (error instanceof MedicError) return { id, error: { code: error.code, message: error.message } };
    return {
      id,
      error: { code: 'E_INTERNAL', message: `E_INTERNAL: ${quoteForMessage(error instanceof Error ? error.message : error, 300)}` },
    };
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_JSON', `${quoteForMessage(text)} is not one JSON object`);
  }
}

async function* linesOf(source: string, io: CommandIo): AsyncGenerator<string> {
  const input: Readable = source === '-' ? io.stdin : createReadStream(source);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!code) throw error;
    throw new InputError('E_FILE', `${quoteForMessage(source)} cannot be read (${code})`);
  }
}

function checked<T>(schema: z.ZodType<T>, line: unknown, expected: string): T {
  const parsed = schema.safeParse(line);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError('E_LINE', `expected ${expected}; ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'wrong shape'}`);
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
