/** The one directory that a local run writes to: marked as ours, owned by one process, emptied only where the mark is there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { EnvironmentError, InputError, MedicError } from '../functions/shared/errors.ts';

const MARK = 'glue-medic.json';
const OWNER = 'process.json';
const MarkSchema = z.object({ product: z.literal('glue-medic'), layout: z.literal(1) });
const OwnerSchema = z.object({ pid: z.number().int().positive(), port: z.number().int().nonnegative(), token: z.string() });
export type Owner = z.infer<typeof OwnerSchema>;

export const DEFAULT_DIRECTORY = '.glue-medic';

export interface DataDirectory {
  readonly path: string;
  /** Nothing was here before. */
  readonly isNew: boolean;
  /** Says where this process listens; only the owner's user can read it. */
  announce(port: number, token: string): void;
  /** Gives the directory back. */
  release(): void;
}

/**
 * Writes nothing. Errors: E_DATA_DIRECTORY where the directory is not ours or cannot be read; E_DATA_DIRECTORY_OWNED where another
 * process has it.
 */
export function requireUsable(path: string): void {
  if (path === '') throw new InputError('E_DATA_DIRECTORY', 'the name of the data directory is empty; name one with --data-directory');
  const directory = resolve(path);
  if (existsSync(directory) && !isEmpty(directory) && !isMarked(directory)) {
    throw new InputError(
      'E_DATA_DIRECTORY',
      `${directory} is not empty and not a data directory of Glue Medic; name another one with --data-directory`,
    );
  }
  requireUnowned(directory);
}

/** Errors: those of requireUsable; E_DATA_DIRECTORY where the directory cannot be written. Nothing is emptied before it is owned. */
export function openDataDirectory(path: string, options: { fresh: boolean }): DataDirectory {
  requireUsable(path);
  const directory = resolve(path);
  const isNew = options.fresh || !isMarked(directory);
  try {
    makeDirectory(directory);
    if (!isMarked(directory)) writeFileSync(join(directory, MARK), `${JSON.stringify({ product: 'glue-medic', layout: 1 })}\n`);
    takeOwnership(directory);
    if (options.fresh) empty(directory);
  } catch (error) {
    if (error instanceof MedicError) throw error;
    release(directory);
    throw new EnvironmentError('E_DATA_DIRECTORY', `${directory} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return {
    path: directory,
    isNew,
    announce: (port, token) => writeOwner(directory, { pid: process.pid, port, token }),
    release: () => release(directory),
  };
}

/** Where the running process listens. Error: E_NOT_RUNNING. */
export function runningProcess(path: string): Owner {
  const directory = resolve(path);
  const owner = ownerOf(directory);
  if (owner && owner.port > 0 && isAlive(owner.pid)) return owner;
  throw new EnvironmentError(
    'E_NOT_RUNNING',
    `no running Glue Medic owns ${directory}; start it with \`npm start\`, or name its directory with --data-directory`,
  );
}

function isMarked(directory: string): boolean {
  return MarkSchema.safeParse(readJson(join(directory, MARK))).success;
}

function ownerOf(directory: string): Owner | undefined {
  return OwnerSchema.safeParse(readJson(join(directory, OWNER))).data;
}

function requireUnowned(directory: string): void {
  const owner = ownerOf(directory);
  if (owner && owner.pid !== process.pid && isAlive(owner.pid)) {
    throw new EnvironmentError(
      'E_DATA_DIRECTORY_OWNED',
      `${directory} belongs to the running process ${owner.pid}; stop it, or name another one with --data-directory`,
    );
  }
}

/** Of two processes that start at once, one creates the file and the other one finds it. */
function takeOwnership(directory: string): void {
  try {
    writeOwner(directory, { pid: process.pid, port: 0, token: '' }, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    requireUnowned(directory);
    // Left by a process that was killed.
    rmSync(join(directory, OWNER), { force: true });
    writeOwner(directory, { pid: process.pid, port: 0, token: '' }, 'wx');
  }
}

function release(directory: string): void {
  if (ownerOf(directory)?.pid === process.pid) rmSync(join(directory, OWNER), { force: true });
}

function writeOwner(directory: string, owner: Owner, flag: 'w' | 'wx' = 'w'): void {
  writeFileSync(join(directory, OWNER), `${JSON.stringify(owner)}\n`, { mode: 0o600, flag });
}

function empty(directory: string): void {
  for (const name of readdirSync(directory))
    if (name !== MARK && name !== OWNER) rmSync(join(directory, name), { recursive: true, force: true });
}

/** Level by level: `recursive` never returns where a file system refuses new folders with ENOENT, as /proc does. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    throw new EnvironmentError('E_DATA_DIRECTORY', `${directory} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
