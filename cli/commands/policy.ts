/** `glue-medic policy`: look into policies, compare them, train a warm start; freeze what was learned, promote it, roll it back. */
import { writeFile } from 'node:fs/promises';
import { DEFAULT_TRAINING, trainWarmStart, warmStartText } from '../../evaluation/train-warm-start.ts';
import { choiceIn, diffPolicies, estimateOf } from '../../functions/propose-action/diff-policies.ts';
import { CANDIDATE, type PolicyPointer } from '../../functions/propose-action/policy-items.ts';
import type { PolicyIdentity } from '../../functions/propose-action/policy-store.ts';
import { RULES_VERSION } from '../../functions/propose-action/rules-policy.ts';
import { EnvironmentError, InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { parseStateId, stateId } from '../../functions/shared/rl-state.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { type NamedPolicy, policyNamed, rulesPolicy, WARM_START, warmStartPolicy } from '../named-policy.ts';
import { REASON_OPTION } from '../order.ts';
import { fourEyes, freeze, promote, rollback } from '../policy-authority.ts';
import { changeLines, estimateText } from '../policy-lines.ts';

export const policy: Command = {
  summary: 'list, show and compare policies; freeze, promote and roll back; train a warm start',
  usage: `policy list
       glue-medic policy show [POLICY] [--state ID]
       glue-medic policy diff POLICY POLICY
       glue-medic policy freeze --as NAME [--reason TEXT]
       glue-medic policy promote VERSION --reason TEXT [--yes | --dry-run]
       glue-medic policy rollback [VERSION] --reason TEXT
       glue-medic policy four-eyes [on|off] [--reason TEXT]
       glue-medic policy train --out FILE [--seed N] [--episodes N] [--trust N]

POLICY is ${RULES_VERSION}, ${WARM_START} (the one that comes with this release), ${CANDIDATE} (what is being learned), a frozen version,
or a file written by \`policy train\`. Frozen versions and the candidate are those of the running process.
A state's ID reads family|risk|retries|drift|quality, e.g. "schema_drift|medium|0|compatible|good".

freeze copies the candidate under a name, for good. promote shows what would change and the gates, and makes the version active; it is
refused (exit 1) without a stored proof of what is here now: see \`prove --policy\`. rollback goes back to what was active before, to
VERSION of those, or to ${RULES_VERSION}. four-eyes: whoever promotes a policy must not be who froze it.

  --yes         promotes without asking
  --dry-run     shows only
  --reason TEXT why; kept with who and when
  --seed N      seed of the simulation (${DEFAULT_TRAINING.seed})
  --episodes N  simulated incidents (${DEFAULT_TRAINING.episodes})
  --trust N     real visits that a simulated cell counts for at most (${DEFAULT_TRAINING.trust})
  --out FILE    where the trained policy is written; an existing file is replaced
  --data-directory DIR  of the running process`,
  options: {
    ...DIRECTORY_OPTION,
    ...REASON_OPTION,
    as: { type: 'string' },
    yes: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    state: { type: 'string' },
    seed: { type: 'string' },
    episodes: { type: 'string' },
    trust: { type: 'string' },
    out: { type: 'string' },
  },
  async run(invocation) {
    const [name, ...rest] = invocation.positionals;
    const subcommand = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
    if (!subcommand)
      throw usageError(`expected ${Object.keys(subcommands).join(', ')}, got ${name === undefined ? 'nothing' : quoteForMessage(name)}`);
    const stray = Object.keys(invocation.values).find(
      (flag) => flag !== 'data-directory' && Object.hasOwn(policy.options, flag) && !subcommand.flags.includes(flag),
    );
    if (stray) throw usageError(`\`policy ${name}\` has no --${stray}`);
    if (rest.length < subcommand.least || rest.length > subcommand.most) {
      throw usageError(`\`policy ${name}\` takes ${subcommand.least} to ${subcommand.most} arguments, got ${rest.length}`);
    }
    return subcommand.run(invocation, rest);
  },
};

interface Subcommand {
  readonly flags: readonly string[];
  /** How many policies it takes. */
  readonly least: number;
  readonly most: number;
  run(invocation: Invocation, policies: readonly string[]): Promise<ExitCode>;
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  list: { flags: [], least: 0, most: 0, run: list },
  show: { flags: ['state'], least: 0, most: 1, run: show },
  diff: { flags: [], least: 2, most: 2, run: diff },
  freeze: { flags: ['as', 'reason'], least: 0, most: 0, run: freeze },
  promote: { flags: ['reason', 'yes', 'dry-run'], least: 1, most: 1, run: promote },
  rollback: { flags: ['reason'], least: 0, most: 1, run: rollback },
  'four-eyes': { flags: ['reason'], least: 0, most: 1, run: fourEyes },
  train: { flags: ['seed', 'episodes', 'trust', 'out'], least: 0, most: 0, run: train },
};

interface Installation {
  readonly active: PolicyIdentity;
  readonly pointer: PolicyPointer | null;
  readonly versions: readonly InstalledVersion[];
}

type InstalledVersion =
  | (Omit<NamedPolicy, 'table'> & { states: number; frozenBy: string | null; frozenAt: string | null; proofs: number })
  | { version: string; defect: string; proofs: number };

/** What the running process has; where none runs, what comes with this release. */
async function list(invocation: Invocation): Promise<ExitCode> {
  const installed = await installation(invocation);
  const shipped = installed ? [rulesPolicy()] : [rulesPolicy(), warmStartPolicy()];
  for (const { table, ...known } of shipped) {
    const isActive = installed?.active.version === known.version;
    print(
      invocation,
      { ...known, states: table.size, ...(installed ? { active: isActive } : {}) },
      versionLine(known, table.size, isActive),
    );
  }
  for (const each of installed?.versions ?? []) {
    const active = installed?.active.version === each.version;
    const human = 'defect' in each ? `  ${each.version.padEnd(26)}DAMAGED: ${each.defect}` : versionLine(each, each.states, active);
    print(invocation, { ...each, active }, human);
  }
  if (!invocation.json && installed) invocation.io.stdout.write(activeLine(installed));
  return 0;
}

async function installation(invocation: Invocation): Promise<Installation | undefined> {
  try {
    return await ask<Installation>(invocation, '/policies');
  } catch (error) {
    if (error instanceof EnvironmentError && error.code === 'E_NOT_RUNNING') return undefined;
    throw error;
  }
}

function versionLine({ version, hash, note }: Pick<NamedPolicy, 'version' | 'hash' | 'note'>, states: number, isActive: boolean): string {
  return `${isActive ? '*' : ' '} ${version.padEnd(26)}${(hash ?? '').slice(0, 12)}  ${String(states).padStart(4)} states  ${note}`;
}

function activeLine({ active, pointer }: Installation): string {
  const problem = active.fallbackReason === null ? '' : `; ACTING BY THE RULES: ${active.fallbackReason}`;
  if (!pointer) return `no policy is active${problem}\n`;
  const before = pointer.previous.length === 0 ? '' : `; before: ${pointer.previous.map(({ version }) => version).join(', ')}`;
  return `* active since ${pointer.at} by ${pointer.by}: ${pointer.reason || 'no reason given'}${before}${problem}\n`;
}

async function show(invocation: Invocation, [name = WARM_START]: readonly string[]): Promise<ExitCode> {
  const { version, hash, note, table } = await policyNamed(name, invocation);
  const asked = invocation.values['state'];
  if (typeof asked !== 'string') {
    if (!invocation.json) invocation.io.stdout.write(`${version} (${note}), hash ${hash ?? 'none yet'}\n`);
    for (const [id, row] of table) {
      const { action, decidedBy } = choiceIn(id, row);
      const estimate = estimateOf(action, id, row);
      print(
        invocation,
        { stateId: id, decidedBy, ...estimate },
        `${id.padEnd(58)}${action.padEnd(17)}${decidedBy.padEnd(8)}${estimateText(estimate)}`,
      );
    }
    return 0;
  }
  const id = stateId(parseStateId(asked));
  const row = table.get(id) ?? null;
  const { action, decidedBy, reason, ranking } = choiceIn(id, row);
  const estimates = ranking.map((option) => estimateOf(option, id, row));
  const human = [
    `${id}: ${action}`,
    reason,
    ...estimates.map((estimate) => `  ${estimate.action.padEnd(17)}${estimateText(estimate)}`),
  ].join('\n');
  print(invocation, { version, stateId: id, action, decidedBy, reason, ranking: estimates }, human);
  return 0;
}

async function diff(invocation: Invocation, [first = '', second = '']: readonly string[]): Promise<ExitCode> {
  const [before, after] = [await policyNamed(first, invocation), await policyNamed(second, invocation)];
  const changes = diffPolicies(before.table, after.table);
  for (const change of changes) {
    print(invocation, change, changeLines(change).join('\n'));
  }
  if (!invocation.json) {
    invocation.io.stdout.write(
      `${changes.length === 0 ? 'no state changes' : `${changes.length} states change`} their action from ${before.version} to ${after.version}\n`,
    );
  }
  return 0;
}

async function train(invocation: Invocation): Promise<ExitCode> {
  const file = invocation.values['out'];
  if (typeof file !== 'string' || file === '') throw usageError('`policy train` needs --out FILE');
  const trained = trainWarmStart({
    seed: wholeNumber(invocation, 'seed', DEFAULT_TRAINING.seed),
    episodes: wholeNumber(invocation, 'episodes', DEFAULT_TRAINING.episodes),
    trust: wholeNumber(invocation, 'trust', DEFAULT_TRAINING.trust),
  });
  try {
    await writeFile(file, warmStartText(trained));
  } catch (error) {
    throw new EnvironmentError(
      'E_OUTPUT',
      `${quoteForMessage(file)} cannot be written (${(error as NodeJS.ErrnoException).code}); name a file in a writable folder`,
    );
  }
  const { version, hash, trainedWith } = trained;
  const line = { version, hash, states: Object.keys(trained.rows).length, trainedWith, file };
  print(invocation, line, `${version}: ${line.states} states, hash ${hash}, ${trained.note}\nwritten to ${file}`);
  return 0;
}

function wholeNumber({ values }: Invocation, flag: string, otherwise: number): number {
  const given = values[flag];
  if (typeof given !== 'string') return otherwise;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new InputError('E_CONFIG', `--${flag} is ${quoteForMessage(given)}, expected a whole number`);
}

function print({ json, io }: Invocation, line: unknown, human: string): void {
  io.stdout.write(`${json ? JSON.stringify(line) : human}\n`);
}

function usageError(seen: string): InputError {
  return new InputError('E_USAGE', `${seen}; see glue-medic policy --help`);
}
