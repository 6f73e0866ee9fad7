/** `glue-medic profile`: what is in a data file, column by column. */
import { setFlagsFromString } from 'node:v8';
import type { ColumnProfile, DatasetProfile } from '../../functions/detect-anomalies/schema-profiler/dataset-profile.ts';
import { openFile } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { profile as profileSource } from '../../functions/detect-anomalies/schema-profiler/profile.ts';
import type { ByteSource, DataFormat } from '../../functions/detect-anomalies/table-sample.ts';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, CommandIo, ExitCode, Invocation } from '../command.ts';

const FORMATS: readonly DataFormat[] = ['csv', 'jsonl', 'parquet'];
/** Rows between two signs of life on a terminal. */
const PROGRESS_ROWS = 100_000;
/** Bytes. A smaller file is read before optimised code would pay for being made: without it 10,000 rows take about two thirds of the time. */
const WORTH_OPTIMISING = 4 * 1024 * 1024;

export const profile: Command = {
  summary: 'describe data files: columns, types, nulls, distinct values, ranges, patterns, date formats',
  usage: `profile FILE...|-  [--format ${FORMATS.join('|')}]   (csv, jsonl, both also .gz, parquet)`,
  options: { format: { type: 'string' } },
  async run({ positionals, values, json, io }: Invocation): Promise<ExitCode> {
    if (positionals.length === 0) throw new InputError('E_USAGE', `at least one file is expected: glue-medic ${profile.usage}`);
    const format = formatOf(values.format);
    let exitCode: ExitCode = 0;
    for (const file of positionals) {
      const answer = await answerFor(file, format, io);
      if ('error' in answer) exitCode = 2;
      io.stdout.write(
        json ? `${JSON.stringify(answer)}\n` : 'error' in answer ? `${file}: ${answer.error.message}\n` : await describe(answer, io),
      );
    }
    return exitCode;
  },
};

type Answer = { readonly file: string } & DatasetProfile;
type Failure = { readonly file: string; readonly error: { readonly code: string; readonly message: string } };

function formatOf(value: Invocation['values'][string]): DataFormat | undefined {
  if (value === undefined) return undefined;
  const format = FORMATS.find((name) => name === value);
  if (!format) throw new InputError('E_USAGE', `unknown format ${quoteForMessage(value)}; expected one of ${FORMATS.join(', ')}`);
  return format;
}

/** One file's trouble must not take the others' answers with it. */
async function answerFor(file: string, format: DataFormat | undefined, io: CommandIo): Promise<Answer | Failure> {
  try {
    if (file !== '-') return await profileFile(file, file, format, io);
    const { spooled } = await import('../../functions/detect-anomalies/schema-profiler/bytes/spool.ts');
    return await spooled(io.stdin, (path) => profileFile(path, file, format, io));
  } catch (error) {
    if (error instanceof MedicError) return { file, error: { code: error.code, message: error.message } };
    const message = `E_INTERNAL: ${quoteForMessage(error instanceof Error ? error.message : error, 300)}`;
    return { file, error: { code: 'E_INTERNAL', message } };
  }
}

async function profileFile(path: string, file: string, format: DataFormat | undefined, io: CommandIo): Promise<Answer> {
  const opened = await openFile(path);
  setFlagsFromString(opened.size < WORTH_OPTIMISING ? '--no-opt' : '--opt');
  const source: ByteSource = path === file ? opened : { name: 'standard input', size: opened.size, read: opened.read };
  const progress = progressOn(io, file);
  try {
    return { file, ...(await profileSource(source, { ...(format ? { format } : {}), onRows: progress.report })) };
  } finally {
    progress.clear();
    await opened.close();
  }
}

function progressOn(io: CommandIo, file: string): { report: (rows: number) => void; clear: () => void } {
  let shown = 0;
  const show = (text: string) => {
    if ('isTTY' in io.stderr && io.stderr.isTTY === true) io.stderr.write(text);
  };
  return {
    report(rows) {
      if (rows - shown < PROGRESS_ROWS) return;
      shown = rows;
      show(`\r${file}: ${rows.toLocaleString('en')} rows`);
    },
    clear() {
      if (shown > 0) show('\r\u001b[K');
    },
  };
}

const HEAD = ['path', 'type', 'nulls', 'distinct', 'min', 'max', 'remarks'];

async function describe({ file, format, rows, malformedRows, columns }: Answer, { isTerminal }: CommandIo): Promise<string> {
  const malformed = malformedRows > 0 ? `, ${malformedRows} malformed` : '';
  const title = `${file}: ${format}, ${rows} rows${malformed}, ${columns.length} paths\n`;
  const body = columns.map((column) => [
    column.path,
    shorten(column.type),
    String(column.nulls),
    column.distinct === null ? '' : String(column.distinct),
    shorten(column.min),
    shorten(column.max),
    remarksOn(column),
  ]);
  if (!isTerminal) return `${title}${[HEAD, ...body].map((row) => row.map(oneLine).join('\t')).join('\n')}\n`;
  const { default: Table } = await import('cli-table3');
  const table = new Table({ head: HEAD });
  table.push(...body.map((row) => row.map(oneLine)));
  return `${title}${table.toString()}\n`;
}

function remarksOn({ dateFormats, nullMarkers, patterns }: ColumnProfile): string {
  const formats = dateFormats?.slice(0, 3).map(({ format, count }) => `${format} ×${count}`) ?? [];
  const markers = nullMarkers?.slice(0, 3).map(({ marker, count }) => `"${marker}" ×${count}`) ?? [];
  const shapes = formats.length > 0 ? [] : (patterns?.slice(0, 2).map(({ pattern }) => pattern) ?? []);
  return [...formats, ...markers, ...shapes].join(', ');
}

function shorten(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

/** Cells come from the file: no control character of theirs reaches the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
