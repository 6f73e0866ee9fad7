/** Writes a log as Spark writes it: mostly INFO, now and then a warning, a few failures. The same seed gives the same bytes. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { randomSource } from '../evaluation/random-source.ts';

const CHUNK_LINES = 5000;
/** One line in so many is a warning, one in so many a failure: what a long run that was ill looks like. */
const WARNING_EVERY = 500;
const FAILURE_EVERY = 2500;

type Draw = (below: number) => number;

const INFO: readonly ((draw: Draw) => string)[] = [
  (draw) => `INFO Executor: Running task ${draw(200)}.0 in stage ${draw(90)}.0 (TID ${draw(100_000)})`,
  (draw) =>
    `INFO Executor: Finished task ${draw(200)}.0 in stage ${draw(90)}.0 (TID ${draw(100_000)}). ${1000 + draw(9000)} bytes result sent to driver`,
  (draw) =>
    `INFO TaskSetManager: Starting task ${draw(200)}.0 in stage ${draw(90)}.0 (TID ${draw(100_000)}) (172.31.${draw(256)}.${draw(256)}, executor ${draw(40)}, partition ${draw(200)}, ANY, 7${draw(1000)} bytes)`,
  (draw) =>
    `INFO TaskSetManager: Finished task ${draw(200)}.0 in stage ${draw(90)}.0 (TID ${draw(100_000)}) in ${draw(9000)} ms on 172.31.${draw(256)}.${draw(256)} (executor ${draw(40)}) (${draw(200)}/200)`,
  (draw) =>
    `INFO BlockManagerInfo: Added broadcast_${draw(300)}_piece0 in memory on 172.31.${draw(256)}.${draw(256)}:${30_000 + draw(9999)} (size: ${draw(999)}.${draw(9)} KiB, free: ${draw(9)}.${draw(9)} GiB)`,
  (draw) =>
    `INFO MemoryStore: Block broadcast_${draw(300)} stored as values in memory (estimated size ${draw(99)}.${draw(9)} KiB, free ${draw(9)}.${draw(9)} GiB)`,
  (draw) =>
    `INFO ShuffleBlockFetcherIterator: Getting ${draw(200)} (${draw(99)}.${draw(9)} MiB) non-empty blocks including ${draw(9)} (${draw(9)}.0 MiB) local`,
  (draw) => `INFO CodeGenerator: Code generated in ${draw(99)}.${100_000 + draw(800_000)} ms`,
  (draw) =>
    `INFO FileScanRDD: Reading File path: s3://lake/orders/day=${10 + draw(20)}/part-${10_000 + draw(80_000)}.c000.snappy.parquet, range: 0-${draw(1e8)}, partition values: [${draw(30)}]`,
  (draw) =>
    `INFO S3NativeFileSystem: Opening 's3://lake/orders/day=${10 + draw(20)}/part-${10_000 + draw(80_000)}.c000.snappy.parquet' for reading`,
];
const WARNINGS: readonly ((draw: Draw) => string)[] = [
  (draw) => `WARN TaskMemoryManager: Page of size ${draw(1e6)} will be spilled by task ${draw(100_000)}`,
  (draw) => `WARN DAGScheduler: Broadcasting large task binary with size ${draw(9000)}.0 KiB`,
];
const FAILURES: readonly ((draw: Draw) => string)[] = [
  (draw) =>
    `ERROR YarnScheduler: Lost executor ${draw(40)} on 172.31.${draw(256)}.${draw(256)}: Container killed by YARN for exceeding memory limits. 10.4 GB of 10.4 GB physical memory used`,
  (draw) => `ERROR Executor: Exception in task ${draw(200)}.0 in stage ${draw(90)}.0 (TID ${draw(100_000)})`,
  () => 'java.lang.OutOfMemoryError: Java heap space',
];

/** Writes at least `bytes` bytes; returns how many lines. */
export async function writeSparkLog(path: string, bytes: number, seed: number): Promise<number> {
  const random = randomSource(seed);
  const draw: Draw = (below) => Math.floor(random() * below);
  const out = createWriteStream(path);
  let written = 0;
  let lines = 0;
  while (written < bytes) {
    let chunk = '';
    for (let line = 0; line < CHUNK_LINES; line += 1) chunk += `${lineAt(lines + line, draw)}\n`;
    lines += CHUNK_LINES;
    written += chunk.length;
    if (!out.write(chunk, 'latin1')) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return lines;
}

function lineAt(number: number, draw: Draw): string {
  const templates = draw(FAILURE_EVERY) === 0 ? FAILURES : draw(WARNING_EVERY) === 0 ? WARNINGS : INFO;
  const second = Math.floor(number / 200);
  const clock = [Math.floor(second / 3600) % 24, Math.floor(second / 60) % 60, second % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `24/03/11 ${clock} ${templates[draw(templates.length)]?.(draw) ?? ''}`;
}
