/** How fast the error classifier reads a long log, against a plain loop over the same patterns and against GNU grep. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from 'simple-statistics';
import { wholeLineChunks } from '../functions/detect-anomalies/error-classifier/byte-lines.ts';
import { catalogueSignatures, classifyScan } from '../functions/detect-anomalies/error-classifier/classify.ts';
import { parsePhrase } from '../functions/detect-anomalies/error-classifier/phrase.ts';
import { LogScan } from '../functions/detect-anomalies/error-classifier/scan-log.ts';
import { writeSparkLog } from './spark-log.ts';

const LOG_BYTES = 100 * 1024 * 1024;
/** The plain loop needs minutes for the whole log: it reads this much of it, and speeds are compared. */
const LOOP_BYTES = 2 * 1024 * 1024;
const REPEATS = 3;
const SEED = 42;
const CHUNK_BYTES = 1024 * 1024;

const folder = await mkdtemp(join(tmpdir(), 'glue-medic-bench-'));
try {
  const log = join(folder, 'spark.log');
  const lines = await writeSparkLog(log, LOG_BYTES, SEED);
  const patterns = patternsOfCatalogue();
  const patternFile = join(folder, 'patterns.ere');
  await writeFile(patternFile, `${patterns.flat().join('\n')}\n`);
  process.stdout.write(
    `classify: ${LOG_BYTES / 1024 / 1024} MiB, ${lines} lines, ${patterns.flat().length} patterns in ${patterns.length} signatures; medians of ${REPEATS}\n`,
  );
  const start = await firstBytes(log, LOOP_BYTES);
  const grepFound = hasGnuGrep();
  const seconds = { classifier: [] as number[], loop: [] as number[], grep: [] as number[] };
  let family = '';
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    seconds.classifier.push(
      await timed(async () => {
        family = await classifyFile(log);
      }),
    );
    seconds.loop.push(await timed(async () => void loop(start, patterns)));
    if (grepFound) seconds.grep.push(await timed(async () => void grep(log, patternFile)));
  }
  const speed = {
    classifier: LOG_BYTES / median(seconds.classifier),
    loop: start.length / median(seconds.loop),
    grep: grepFound ? LOG_BYTES / median(seconds.grep) : Number.NaN,
  };
  process.stdout.write(`  answer: ${family}\n`);
  process.stdout.write(
    `  against a plain loop over lines and patterns (on ${LOOP_BYTES / 1024 / 1024} MiB): ${times(speed.classifier / speed.loop)} as fast (goal ≥ 6)\n`,
  );
  process.stdout.write(
    grepFound
      ? `  against GNU grep -c -i -E -f, LC_ALL=C: ${times(speed.classifier / speed.grep)} as fast (goal ≥ 0.33)\n`
      : '  GNU grep is not here: not compared\n',
  );
  if (grepFound) await checkAgreement(start, patterns, patternFile, join(folder, 'start.log'));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Per signature the phrases as regular expressions that JavaScript and POSIX read alike; what a signature checks besides is left out. */
function patternsOfCatalogue(): string[][] {
  return catalogueSignatures().signatures.map(({ says = [] }) =>
    says.map((text) => {
      const { parts, insideWord } = parsePhrase(text);
      const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
      return insideWord || !/^\w/.test(pattern) ? pattern : `\\b${pattern}`;
    }),
  );
}

async function classifyFile(path: string): Promise<string> {
  const signatures = catalogueSignatures();
  const scan = new LogScan(signatures);
  for await (const chunk of wholeLineChunks(createReadStream(path, { highWaterMark: CHUNK_BYTES }), CHUNK_BYTES)) scan.read(chunk);
  return classifyScan(null, scan, signatures).family;
}

/** Lines that some signature's pattern matches: every line, every signature, as one would write it first. */
function loop(text: Buffer, patterns: readonly (readonly string[])[]): number {
  const expressions = patterns.filter((each) => each.length > 0).map((each) => new RegExp(each.join('|'), 'i'));
  let matches = 0;
  for (const line of text.toString('latin1').split('\n')) {
    // All of them, as the classifier has to know which ones.
    let matched = false;
    for (const expression of expressions) matched = expression.test(line) || matched;
    if (matched) matches += 1;
  }
  return matches;
}

function grep(log: string, patternFile: string): number {
  const { stdout } = spawnSync('grep', ['-c', '-i', '-E', '-f', patternFile, log], {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  return Number(stdout);
}

function hasGnuGrep(): boolean {
  try {
    return execFileSync('grep', ['--version'], { encoding: 'utf8' }).includes('GNU grep');
  } catch {
    return false;
  }
}

/** A comparison of unequal work would say nothing. */
async function checkAgreement(start: Buffer, patterns: readonly (readonly string[])[], patternFile: string, path: string): Promise<void> {
  await writeFile(path, start);
  const [byLoop, byGrep] = [loop(start, patterns), grep(path, patternFile)];
  process.stdout.write(
    `  lines matched in the part that all read: plain loop ${byLoop}, grep ${byGrep}${byLoop === byGrep ? '' : ': THEY DIFFER'}\n`,
  );
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, buffer.lastIndexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} times`;
}
