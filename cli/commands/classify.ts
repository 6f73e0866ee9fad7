/** `glue-medic classify`: what failed runs died of, from their status text and log. */
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import pico from 'picocolors';
import { byteLines, wholeLineChunks } from '../../functions/detect-anomalies/error-classifier/byte-lines.ts';
import {
  type Classification,
  catalogueSignatures,
  classifyScan,
  classify as classifyText,
} from '../../functions/detect-anomalies/error-classifier/classify.ts';
import type { SignatureSet } from '../../functions/detect-anomalies/error-classifier/compile-signatures.ts';
import {
  looksLikeRecord,
  parseClassifyInput,
  RecordError,
  type RecordId,
} from '../../functions/detect-anomalies/error-classifier/parse-classify-input.ts';
import { LogScan } from '../../functions/detect-anomalies/error-classifier/scan-log.ts';
import { parseUserSignatures, withUserSignatures } from '../../functions/detect-anomalies/error-classifier/user-signatures.ts';
import { isReadableLog } from '../../functions/detect-anomalies/readable-log.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, CommandIo, ExitCode, Invocation } from '../command.ts';

/** Bytes. A longer record is refused; a plain log of any length is read piecemeal. */
const RECORD_LIMIT = 64 * 1024 * 1024;
const SNIFFED_BYTES = 256 * 1024;
const READ_BYTES = 1024 * 1024;
const PROGRESS_EVERY = 1000;
/** As for a failure without a nameable cause. */
const UNREADABLE_CONFIDENCE = 0.3;

type Answer =
  | ({ readonly id: RecordId } & Pick<Classification, 'family' | 'confidence' | 'signature' | 'evidenceLine'>)
  | { readonly id: RecordId; readonly error: { readonly code: string; readonly message: string } };

export const classify: Command = {
  summary: 'name the family of failure that a log shows',
  usage: 'classify FILE|- [--signatures FILE] [--json]   (JSON lines {"id","errorMessage","log"}, or FILE a plain log)',
  options: { signatures: { type: 'string' } },
  async run(invocation) {
    const [file, ...more] = invocation.positionals;
    if (file === undefined || more.length > 0)
      throw new InputError('E_USAGE', `expected one FILE or -, got ${invocation.positionals.length}; see glue-medic classify --help`);
    const signatures = await readSignatures(invocation.values['signatures']);
    const print = printer(invocation);
    if (file !== '-' && !(await holdsRecords(file))) {
      await print(await classifyLog(file, signatures));
      return 0;
    }
    return classifyRecords(file === '-' ? invocation.io.stdin : openFile(file), signatures, print, invocation.io);
  },
};

async function readSignatures(path: Invocation['values'][string]): Promise<SignatureSet> {
  if (typeof path !== 'string') return catalogueSignatures();
  const text = await readFile(path, 'utf8').catch((error) => unreadable(path, error));
  return withUserSignatures(parseUserSignatures(text));
}

/** A first line that is such a record, or a name that says so. */
async function holdsRecords(path: string): Promise<boolean> {
  const handle = await open(path).catch((error) => unreadable(path, error));
  try {
    const { buffer, bytesRead } = await handle
      .read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
      .catch((error) => unreadable(path, error));
    if (/\.(?:jsonl|ndjson)$/i.test(path)) return true;
    const text = buffer.toString('utf8', 0, bytesRead).trimStart();
    const end = text.indexOf('\n');
    // A first record longer than what was read can only be told by how it begins.
    return end < 0 && bytesRead === SNIFFED_BYTES
      ? /^\{\s*"(?:id|log|errorMessage)"\s*:/.test(text)
      : looksLikeRecord(end < 0 ? text : text.slice(0, end));
  } finally {
    await handle.close();
  }
}

async function classifyLog(path: string, signatures: SignatureSet): Promise<Answer> {
  const scan = new LogScan(signatures);
  let isReadable: boolean | undefined;
  for await (const chunk of wholeLineChunks(openFile(path), READ_BYTES)) {
    isReadable ??= isReadableLog(chunk.toString('utf8', 0, SNIFFED_BYTES));
    scan.read(chunk);
  }
  return answerOf(basename(path), saidOf(classifyScan(null, scan, signatures), isReadable ?? false));
}

async function classifyRecords(
  input: Readable,
  signatures: SignatureSet,
  print: (answer: Answer) => Promise<void>,
  io: CommandIo,
): Promise<ExitCode> {
  const showProgress = progressOn(io.stderr);
  let exitCode: ExitCode = 0;
  let count = 0;
  for await (const line of byteLines(input, RECORD_LIMIT)) {
    if (line?.every((byte) => byte <= 32)) continue;
    const answer = answerLine(line, signatures);
    if ('error' in answer) exitCode = 2;
    await print(answer);
    count += 1;
    if (count % PROGRESS_EVERY === 0) showProgress(`${count} records\r`);
  }
  return exitCode;
}

function answerLine(line: Buffer | null, signatures: SignatureSet): Answer {
  try {
    if (line === null) throw new RecordError(null, 'E_RECORD_TOO_LARGE', `a line is longer than ${RECORD_LIMIT} bytes`);
    const { id, ...input } = parseClassifyInput(line.toString('utf8'));
    return answerOf(id, saidOf(classifyText(input, signatures), isReadableLog(input.log)));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { id: error.id, error: { code: error.code, message: error.message } };
  }
}

/** That no line reports a failure can be said of a text; of bytes that are none there is nothing to say. */
function saidOf(found: Classification, isReadable: boolean): Classification {
  return found.family === 'none' && !isReadable ? { ...found, family: 'unknown', confidence: UNREADABLE_CONFIDENCE } : found;
}

function answerOf(id: RecordId, { family, confidence, signature, evidenceLine }: Classification): Answer {
  return { id, family, confidence, signature, evidenceLine };
}

function printer({ json, io }: Invocation): (answer: Answer) => Promise<void> {
  const colours = pico.createColors(io.isTerminal);
  const write = async (text: string) => {
    if (!io.stdout.write(text)) await new Promise((resolve) => io.stdout.once('drain', resolve));
  };
  return (answer) => write(json ? `${JSON.stringify(answer)}\n` : `${readable(answer, colours)}\n`);
}

/** Two lines: what it is, and what that rests on. */
function readable(answer: Answer, colours: ReturnType<typeof pico.createColors>): string {
  const id = String(answer.id ?? '-').padEnd(16);
  if ('error' in answer) return `${id} ${colours.red(answer.error.message)}`;
  const colour = answer.family === 'none' ? colours.green : answer.family === 'unknown' ? colours.yellow : colours.bold;
  const head = `${id} ${colour(answer.family.padEnd(26))} ${answer.confidence.toFixed(2)}  ${answer.signature ?? ''}`.trimEnd();
  return answer.evidenceLine === null ? head : `${head}\n${' '.repeat(17)}${colours.dim(answer.evidenceLine.slice(0, 160))}`;
}

function progressOn(stderr: CommandIo['stderr']): (text: string) => void {
  return 'isTTY' in stderr && stderr.isTTY === true ? (text) => stderr.write(text) : () => {};
}

function openFile(path: string): Readable {
  const stream = createReadStream(path, { highWaterMark: READ_BYTES });
  return stream;
}

function unreadable(path: string, error: unknown): never {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new InputError('E_FILE', `${quoteForMessage(path)} cannot be read (${reason}); name a readable file`, { cause: error });
}
