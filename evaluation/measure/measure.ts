/** `npm run measure [-- FOLDER [SUITE…] [--json]]`: scores the facts layer on labelled data and holds it to its goals. */
import { relative, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import { measureClassify } from './classify.ts';
import { measureCsv } from './csv.ts';
import { exists, LAYOUT } from './data-folder.ts';
import { measureDates } from './dates.ts';
import { measureDrift } from './drift.ts';
import { measureJson } from './json.ts';
import type { Measurement, SuiteResult } from './measurement.ts';
import { measureParquet } from './parquet.ts';
import { measureQuality } from './quality.ts';
import { measureComposite, measureTypes } from './types.ts';

const SUITES: Readonly<Record<string, (folder: string) => Promise<SuiteResult>>> = {
  classify: measureClassify,
  drift: measureDrift,
  types: measureTypes,
  composite: measureComposite,
  quality: measureQuality,
  parquet: measureParquet,
  csv: measureCsv,
  json: measureJson,
  dates: measureDates,
};

const USAGE = `usage: npm run measure [-- FOLDER [SUITE…] [--json]]   (suites: ${Object.keys(SUITES).join(', ')})`;
const DEFAULT_FOLDER = '../shared/data';
/** Misses printed per suite; `--json` has them all. */
const MISSES_SHOWN = 5;
const NO_LINES_BETWEEN_ROWS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const CAVEAT =
  'What was built against this data scores better on it than on any other: on ../shared/data these figures are a ceiling and say\n' +
  'little about unseen data. Only a folder that nobody has looked at tells.';

interface Outcome extends SuiteResult {
  readonly suite: string;
  /** The suite's data is missing or cannot be used; none of its goals is met. */
  readonly error?: string;
}

interface Streams {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
}

/** 0 all goals met, 1 some goal not met or not measured, 2 no data or wrong usage. */
export async function measure(argv: readonly string[], { stdout, stderr }: Streams): Promise<0 | 1 | 2> {
  try {
    const { folder, suites, json } = await readArguments(argv);
    const outcomes: Outcome[] = [];
    for (const suite of suites) outcomes.push(await run(suite, folder));
    const met = outcomes.every(({ error, measurements }) => error === undefined && measurements.every((each) => each.met !== false));
    stdout.write(
      json ? `${JSON.stringify({ folder, met, suites: outcomes, caveat: CAVEAT })}\n` : report(folder, outcomes, stdout.isTTY === true),
    );
    return met ? 0 : 1;
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function readArguments(argv: readonly string[]) {
  const { values, positionals } = parse(argv);
  const [folder = DEFAULT_FOLDER, ...named] = positionals;
  const unknown = named.find((name) => !Object.hasOwn(SUITES, name));
  if (unknown !== undefined) throw new InputError('E_USAGE', `unknown suite ${quoteForMessage(unknown)}\n${USAGE}`);
  if (!(await exists(folder))) {
    const hint = 'the labelled data does not come with the project; name a folder that has it';
    throw new InputError('E_DATA', `no folder ${quoteForMessage(folder, 200)}; expected one that holds ${LAYOUT}: ${hint}`);
  }
  return { folder: resolve(folder), suites: named.length > 0 ? named : Object.keys(SUITES), json: values.json === true };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { json: { type: 'boolean' } }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new InputError('E_USAGE', `${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function run(suite: string, folder: string): Promise<Outcome> {
  try {
    const result = await SUITES[suite]?.(folder);
    return { suite, measurements: result?.measurements ?? [], misses: result?.misses ?? [] };
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    return { suite, measurements: [], misses: [], error: error.message };
  }
}

function report(folder: string, outcomes: readonly Outcome[], isTerminal: boolean): string {
  const colours = pc.createColors(isTerminal);
  const table = new Table({
    head: ['suite', 'measure', 'value', 'goal', 'met?'],
    style: { head: [], border: [] },
    chars: NO_LINES_BETWEEN_ROWS,
  });
  for (const { suite, measurements, error } of outcomes) {
    if (error !== undefined) table.push([suite, { content: error, colSpan: 3 }, colours.red('no')]);
    measurements.forEach((each, index) => {
      table.push([index === 0 ? suite : '', each.measure, each.shown, each.goal ?? '', metOf(each, colours)]);
    });
  }
  const misses = outcomes.flatMap((outcome) => missesOf(outcome));
  return `${relative(process.cwd(), folder) || folder}\n${table.toString()}\n${misses.map((line) => `${line}\n`).join('')}\n${CAVEAT}\n`;
}

function metOf({ met }: Measurement, colours: ReturnType<typeof pc.createColors>): string {
  if (met === null) return '';
  return met ? colours.green('yes') : colours.red('no');
}

function missesOf({ suite, misses }: Outcome): string[] {
  if (misses.length === 0) return [];
  const shown = misses.slice(0, MISSES_SHOWN).map((miss) => `  ${quoteForMessage(miss, 160).slice(1, -1)}`);
  return [
    '',
    `${suite}: ${misses.length} missed${misses.length > shown.length ? `, the first ${shown.length} (all with --json)` : ''}`,
    ...shown,
  ];
}

if (import.meta.main) process.exitCode = await measure(process.argv.slice(2), process);
