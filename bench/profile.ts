/** How long and in how much memory the profiler reads a million rows; side by side with DuckDB's SUMMARIZE where a Python has it. */
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { EnvironmentError } from '../functions/shared/errors.ts';
import { writeOrders } from './orders-table.ts';

const ROWS = 1_000_000;
const FEW_ROWS = 10_000;
const REPEATS = 3;
const SEED = 42;

interface Run {
  readonly rows: number;
  /** Of the work itself. */
  readonly seconds: number;
  readonly peakMiB: number;
  /** Of the whole process, with its start and what it loads. */
  readonly wallSeconds: number;
}

/** Times and peak memory as shares of DuckDB's, and what is asked of them. */
const GOALS = {
  csv: 'goal: time ≤ 1, memory ≤ 0.5',
  'JSON lines': 'goal: time ≤ 1, memory ≤ 0.5',
  Parquet: 'goal: time ≤ 2, memory ≤ 0.5',
} as const;

const DUCKDB = `
import os, sys, time, json, duckdb
path = sys.argv[1]
reader = {'csv': 'read_csv', 'jsonl': 'read_ndjson', 'parquet': 'read_parquet'}[path.rsplit('.', 1)[1]]
db = duckdb.connect()
db.execute('SET threads = 1; SET enable_progress_bar = false')
start = time.perf_counter()
rows = db.execute(f"SUMMARIZE SELECT * FROM {reader}('{path}')").fetchall()
seconds = time.perf_counter() - start
print(json.dumps({'rows': rows[0][10], 'seconds': seconds, 'status': open('/proc/self/status').read() if os.path.exists('/proc/self/status') else ''}))
`;
const TO_PARQUET = `
import sys, duckdb
duckdb.execute('SET enable_progress_bar = false')
duckdb.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
`;

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' } }, strict: true });
const { python } = values;
const folder = await mkdtemp(join(tmpdir(), 'glue-medic-bench-'));
try {
  const file = (name: string) => join(folder, name);
  await writeOrders(file('orders.csv'), file('orders.jsonl'), ROWS, SEED);
  await writeOrders(file('few.csv'), file('few.jsonl'), FEW_ROWS, SEED);
  const hasDuckdb = spawnSync(python, ['-c', 'import duckdb']).status === 0;
  process.stdout.write(`profile: ${ROWS} rows × 12 columns; medians of ${REPEATS}; each run a process of its own\n`);
  if (hasDuckdb) run(python, ['-c', TO_PARQUET, file('orders.csv'), file('orders.parquet')]);
  else process.stdout.write(`  no duckdb in ${python}: not compared with DuckDB (name another by --python PATH)\n`);
  await report('csv', file('orders.csv'), hasDuckdb);
  await report('JSON lines', file('orders.jsonl'), hasDuckdb);
  if (hasDuckdb) {
    await report('Parquet', file('orders.parquet'), hasDuckdb);
    reportFew(file('few.csv'));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function report(kind: keyof typeof GOALS, path: string, hasDuckdb: boolean): Promise<void> {
  const [own, duckdb, reading]: [Run[], Run[], number[]] = [[], [], []];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    reading.push(await secondsToCountLines(path));
    own.push(profiled(path));
    if (hasDuckdb) duckdb.push(summarized(path));
  }
  const seconds = middle(own, 'seconds');
  process.stdout.write(
    `  ${kind}: ${(seconds / median(reading)).toFixed(1)} times as long as reading the file and counting its lines; peak ${middle(own, 'peakMiB').toFixed(0)} MiB\n`,
  );
  if (!hasDuckdb) return;
  const [time, memory] = [seconds / middle(duckdb, 'seconds'), middle(own, 'peakMiB') / middle(duckdb, 'peakMiB')];
  process.stdout.write(
    `    against DuckDB, 1 thread: ${time.toFixed(2)} of its time, ${memory.toFixed(2)} of its memory (${GOALS[kind]})\n`,
  );
  const [rows, theirs] = [own[0]?.rows, duckdb[0]?.rows];
  if (rows !== theirs) process.stdout.write(`    THE ROWS DIFFER: ${rows} and ${theirs}\n`);
}

/** The whole command, as a user runs it. */
function reportFew(path: string): void {
  const cli = join(import.meta.dirname, '../cli/glue-medic.mjs');
  const [own, duckdb]: [Run[], Run[]] = [[], []];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    own.push(run(process.execPath, [cli, 'profile', path, '--json']));
    duckdb.push(summarized(path));
  }
  const share = middle(own, 'wallSeconds') / middle(duckdb, 'wallSeconds');
  process.stdout.write(
    `  csv of ${FEW_ROWS} rows, from start to end of the process: ${share.toFixed(2)} of the time of DuckDB in Python (goal ≤ 0.4, set on DuckDB in Node)\n`,
  );
}

function profiled(path: string): Run {
  return run(process.execPath, [join(import.meta.dirname, 'profile-once.ts'), path]);
}

function summarized(path: string): Run {
  return run(python, ['-c', DUCKDB, path]);
}

function middle(runs: readonly Run[], what: keyof Run): number {
  return median(runs.map((each) => each[what]));
}

function run(program: string, args: readonly string[]): Run {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new EnvironmentError('E_BENCH', `${program} ended with ${status}: ${stderr.trim().slice(-300)}`);
  const { status: memory = '', ...measured } = stdout.trim() === '' ? {} : JSON.parse(stdout);
  return { rows: 0, seconds: 0, ...measured, peakMiB: peakMiBOf(memory), wallSeconds };
}

/** From /proc: what `getrusage` says of a child includes the memory of the process that started it. NaN where there is no /proc. */
function peakMiBOf(status: string): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function secondsToCountLines(path: string): Promise<number> {
  const start = performance.now();
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  if (lines === 0) throw new EnvironmentError('E_BENCH', `${path} has no lines`);
  return (performance.now() - start) / 1000;
}
