/** Profiles one file in a process of its own and prints what that took, as one line of JSON. */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { openFile } from '../functions/detect-anomalies/schema-profiler/file-source.ts';
import { profile } from '../functions/detect-anomalies/schema-profiler/profile.ts';
import { InputError } from '../functions/shared/errors.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new InputError('E_USAGE', 'usage: node bench/profile-once.ts FILE');
const source = await openFile(path);
const start = performance.now();
const { rows } = await profile(source);
const seconds = (performance.now() - start) / 1000;
await source.close();
const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
process.stdout.write(`${JSON.stringify({ rows, seconds, status })}\n`);
