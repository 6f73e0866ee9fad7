/** `glue-medic policy`: look into policies, compare them, and train a warm start. */
import { readFile, writeFile } from 'node:fs/promises';
import { DEFAULT_TRAINING, trainWarmStart, warmStartText } from '../../evaluation/train-warm-start.ts';
import { choiceIn, diffPolicies, type Estimate, estimateOf } from '../../functions/propose-action/diff-policies.ts';
import type { QTable } from '../../functions/propose-action/q-table.ts';
import { RULES, RULES_HASH, RULES_VERSION } from '../../functions/propose-action/rules-policy.ts';
import { readWarmStart, shippedWarmStart } from '../../functions/propose-action/warm-start.ts';
import { EnvironmentError, InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { parseStateId, stateId } from '../../functions/shared/rl-state.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';

const WARM_START = 'warm-start';

/** A policy as it can be named on the command line: `rules`, `warm-start` or the file of a trained one. */
interface NamedPolicy {
  readonly version: string;
  readonly hash: string;
  readonly kind: 'rules' | 'warm-start';
  readonly note: string;
  readonly table: QTable;
}

export const policy: Command = {
  summary: 'list, show and compare policies; train a warm start',
  usage: `policy list
       glue-medic policy show [POLICY] [--state ID]
       glue-medic policy diff POLICY POLICY
       glue-medic policy train --out FILE [--seed N] [--episodes N] [--trust N]

POLICY is ${RULES_VERSION}, ${WARM_START} (the one that comes with this release), or a file written by \`policy train\`.
A state's ID reads family|risk|retries|drift|quality, e.g. "schema_drift|medium|0|compatible|good".

  --seed N      seed of the simulation (${DEFAULT_TRAINING.seed})
  --episodes N  simulated incidents (${DEFAULT_TRAINING.episodes})
  --trust N     real visits that a simulated cell counts for at most (${DEFAULT_TRAINING.trust})
  --out FILE    where the trained policy is written; an existing file is replaced`,
  options: {
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
    const stray = Object.keys(invocation.values).find((flag) => Object.hasOwn(policy.options, flag) && !subcommand.flags.includes(flag));
    if (stray) throw usageError(`\`policy ${name}\` has no --${stray}`);
    if (rest.length < subcommand.least || rest.length > subcommand.most) {
      throw usageError(`\`policy ${name}\` takes ${subcommand.least} to ${subcommand.most} policies, got ${rest.length}`);
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
  train: { flags: ['seed', 'episodes', 'trust', 'out'], least: 0, most: 0, run: train },
};

async function list(invocation: Invocation): Promise<ExitCode> {
  for (const { table, ...known } of [rulesPolicy(), warmStartPolicy()]) {
    const line = { ...known, states: table.size };
    print(invocation, line, `${line.version.padEnd(26)}${line.hash.slice(0, 12)}  ${String(line.states).padStart(4)} states  ${line.note}`);
  }
  return 0;
}

async function show(invocation: Invocation, [name = WARM_START]: readonly string[]): Promise<ExitCode> {
  const { version, hash, note, table } = await policyNamed(name);
  const asked = invocation.values['state'];
  if (typeof asked !== 'string') {
    if (!invocation.json) invocation.io.stdout.write(`${version} (${note}), hash ${hash}\n`);
    for (const [id, row] of table) {
      const { action, decidedBy } = choiceIn(id, row);
      const estimate = estimateOf(action, id, row);
      print(
        invocation,
        { stateId: id, decidedBy, ...estimate },
        `${id.padEnd(58)}${action.padEnd(17)}${decidedBy.padEnd(8)}${describe(estimate)}`,
      );
    }
    return 0;
  }
  const id = stateId(parseStateId(asked));
  const row = table.get(id) ?? null;
  const { action, decidedBy, reason, ranking } = choiceIn(id, row);
  const estimates = ranking.map((option) => estimateOf(option, id, row));
  const human = [`${id}: ${action}`, reason, ...estimates.map((estimate) => `  ${estimate.action.padEnd(17)}${describe(estimate)}`)].join(
    '\n',
  );
  print(invocation, { version, stateId: id, action, decidedBy, reason, ranking: estimates }, human);
  return 0;
}

async function diff(invocation: Invocation, [first = '', second = '']: readonly string[]): Promise<ExitCode> {
  const [before, after] = [await policyNamed(first), await policyNamed(second)];
  const changes = diffPolicies(before.table, after.table);
  for (const change of changes) {
    const { from, to } = change.estimates;
    const human = `${change.stateId}\n  ${from.action} → ${to.action}   ${describe(from)} → ${describe(to)}\n  ${change.reason}`;
    print(invocation, change, human);
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

async function policyNamed(name: string): Promise<NamedPolicy> {
  if (name === RULES_VERSION) return rulesPolicy();
  if (name === WARM_START) return warmStartPolicy();
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(
      'E_POLICY',
      `${quoteForMessage(name)} cannot be read (${code}); expected ${RULES_VERSION}, ${WARM_START} or the file of a trained policy`,
    );
  }
  return named(readWarmStart(parseJson(name, text)));
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_POLICY', `${quoteForMessage(name)} is not JSON; expected a file written by \`policy train\``);
  }
}

function rulesPolicy(): NamedPolicy {
  return { version: RULES_VERSION, hash: RULES_HASH, kind: 'rules', note: `${RULES.length} deterministic rules`, table: new Map() };
}

function warmStartPolicy(): NamedPolicy {
  return named(shippedWarmStart());
}

function named({ version, hash, trainedWith, table }: ReturnType<typeof readWarmStart>): NamedPolicy {
  const { episodes, seed, trust } = trainedWith;
  const note = `learned in simulation, not in the world: ${episodes} incidents, seed ${seed}, trust ${trust}`;
  return { version, hash, kind: 'warm-start', note, table };
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

function describe({ value, plusMinus, visits }: Estimate): string {
  if (value === null || plusMinus === null) return 'never seen';
  return plusMinus === 0 ? `${value.toFixed(2)} (published)` : `${value.toFixed(2)} ± ${plusMinus.toFixed(2)} (${visits} visits)`;
}

function usageError(seen: string): InputError {
  return new InputError('E_USAGE', `${seen}; see glue-medic policy --help`);
}
