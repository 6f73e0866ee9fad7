/** A policy as it can be named on the command line: `rules`, `warm-start`, one that the running process has, or the file of a trained one. */
import { readFile } from 'node:fs/promises';
import { CANDIDATE } from '../functions/propose-action/policy-items.ts';
import type { QRow, QTable } from '../functions/propose-action/q-table.ts';
import { RULES, RULES_HASH, RULES_VERSION } from '../functions/propose-action/rules-policy.ts';
import { readWarmStart, shippedWarmStart } from '../functions/propose-action/warm-start.ts';
import { EnvironmentError, InputError, quoteForMessage } from '../functions/shared/errors.ts';
import type { Invocation } from './command.ts';
import { ask } from './local-client.ts';

export const WARM_START = 'warm-start';

export interface NamedPolicy {
  readonly version: string;
  /** Null for the candidate, which still learns. */
  readonly hash: string | null;
  readonly kind: 'rules' | 'warm-start' | 'learned' | 'candidate';
  readonly note: string;
  readonly table: QTable;
}

type Installed = Omit<NamedPolicy, 'table'> & { readonly rows: readonly (readonly [string, QRow])[] };

/** Error: E_POLICY where there is none of this name. A file named like a version is told apart by its folder: `./v2`. */
export async function policyNamed(name: string, invocation: Invocation): Promise<NamedPolicy> {
  if (name === RULES_VERSION) return rulesPolicy();
  if (name === WARM_START) return warmStartPolicy();
  return (await installedPolicy(name, invocation)) ?? filedPolicy(name);
}

export function rulesPolicy(): NamedPolicy {
  return { version: RULES_VERSION, hash: RULES_HASH, kind: 'rules', note: `${RULES.length} deterministic rules`, table: new Map() };
}

export function warmStartPolicy(): NamedPolicy {
  return trained(shippedWarmStart());
}

/** Undefined where no process runs, or the one that does has no such version. */
async function installedPolicy(name: string, invocation: Invocation): Promise<NamedPolicy | undefined> {
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name)) return undefined;
  try {
    const { rows, ...described } = await ask<Installed>(invocation, `/policies/${encodeURIComponent(name)}`);
    return { ...described, table: new Map(rows) };
  } catch (error) {
    const isAbsent = error instanceof InputError || (error instanceof EnvironmentError && error.code === 'E_NOT_RUNNING');
    if (isAbsent) return undefined;
    throw error;
  }
}

async function filedPolicy(name: string): Promise<NamedPolicy> {
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      'E_POLICY',
      `${quoteForMessage(name)} cannot be read (${code}); expected ${RULES_VERSION}, ${WARM_START}, ${CANDIDATE}, a version that \`policy list\` shows, or the file of a trained policy`,
    );
  }
  return trained(readWarmStart(parseJson(name, text)));
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_POLICY', `${quoteForMessage(name)} is not JSON; expected a file written by \`policy train\``);
  }
}

function trained({ version, hash, trainedWith, table }: ReturnType<typeof readWarmStart>): NamedPolicy {
  const { episodes, seed, trust } = trainedWith;
  const note = `learned in simulation, not in the world: ${episodes} incidents, seed ${seed}, trust ${trust}`;
  return { version, hash, kind: 'warm-start', note, table };
}
