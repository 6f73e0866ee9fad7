/** `policy freeze | promote | rollback | four-eyes`: how a policy comes to be active and goes again, by a person's order. */
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { PolicyPointer } from '../functions/propose-action/policy-items.ts';
import type { Promotion } from '../functions/propose-action/promote-policy.ts';
import { failedGates } from '../functions/propose-action/promotion-gates.ts';
import { InputError, quoteForMessage } from '../functions/shared/errors.ts';
import type { FourEyes } from '../functions/shared/stores/settings.ts';
import type { ExitCode, Invocation } from './command.ts';
import { ask } from './local-client.ts';
import { orderOf } from './order.ts';
import { changeLines } from './policy-lines.ts';

export async function freeze(invocation: Invocation): Promise<ExitCode> {
  const as = invocation.values['as'];
  if (typeof as !== 'string') throw new InputError('E_USAGE', '`policy freeze` needs --as NAME');
  const frozen = await ask<{ version: string; hash: string; states: number }>(invocation, '/policies', { as, ...orderOf(invocation) });
  const next = `\`prove --policy ${frozen.version}\` proves it, \`policy promote ${frozen.version}\` makes it active`;
  print(invocation, frozen, `${frozen.version} frozen: ${frozen.states} states, hash ${frozen.hash.slice(0, 12)}; ${next}`);
  return 0;
}

/** Shows what would change and the gates; then, confirmed, promotes exactly what was shown. */
export async function promote(invocation: Invocation, [version = '']: readonly string[]): Promise<ExitCode> {
  const { values, io } = invocation;
  const isDry = values['dry-run'] === true;
  const canAsk = !invocation.json && io.isTerminal && (io.stdin as Readable & { isTTY?: boolean }).isTTY === true;
  if (!isDry) {
    requireReason(invocation, 'promote');
    if (values['yes'] !== true && !canAsk)
      throw new InputError('E_USAGE', 'there is no terminal to confirm on; add --yes, or --dry-run to look only');
  }
  const shown = await ask<Promotion>(invocation, `/promotions/${encodeURIComponent(version)}`);
  if (!invocation.json) io.stdout.write(describe(shown));
  if (shown.verdict === 'refused') return refused(invocation, shown);
  if (isDry) {
    if (invocation.json) print(invocation, shown, '');
    return 0;
  }
  if (values['yes'] !== true && !(await isConfirmed(invocation, version))) {
    io.stdout.write('nothing was changed\n');
    return 1;
  }
  const order = { version, hash: shown.to.hash, from: shown.from, ...orderOf(invocation) };
  const promoted = await ask<Promotion>(invocation, '/promotions', order);
  if (promoted.verdict === 'refused') return refused(invocation, promoted);
  print(invocation, { ...promoted, verdict: 'promoted' }, `${version} is active; incidents under way keep the version they began with`);
  return 0;
}

export async function rollback(invocation: Invocation, [to]: readonly string[]): Promise<ExitCode> {
  requireReason(invocation, 'rollback');
  const { pointer } = await ask<{ pointer: PolicyPointer | null }>(invocation, '/policies');
  if (!pointer) throw new InputError('E_ROLLBACK', 'no policy is active: the rules decide already');
  const order = { from: pointer.version, ...(to === undefined ? {} : { to }), ...orderOf(invocation) };
  const done = await ask<{ from: string; to: string; hash: string }>(invocation, '/rollbacks', order);
  print(invocation, done, `${done.to} is active again in place of ${done.from}; incidents under way keep the version they began with`);
  return 0;
}

export async function fourEyes(invocation: Invocation, [position]: readonly string[]): Promise<ExitCode> {
  if (position !== undefined && position !== 'on' && position !== 'off')
    throw new InputError('E_USAGE', `expected on or off, got ${quoteForMessage(position)}`);
  if (position !== undefined) requireReason(invocation, 'four-eyes');
  const order = position === undefined ? undefined : { policyPromotion: position === 'on', ...orderOf(invocation) };
  const state = await ask<FourEyes>(invocation, '/four-eyes', order);
  print(invocation, state, `${state.policyPromotion ? 'on: who promotes a policy is not who froze it' : 'off'} (${state.reason})`);
  return 0;
}

function refused(invocation: Invocation, promotion: Promotion): ExitCode {
  const failed = failedGates(promotion.gates);
  const names = failed.map(({ gate }) => gate).join(', ');
  print(invocation, promotion, `refused by ${names}: nothing was changed`);
  return failed.some(({ gate }) => gate === 'intact') ? 4 : 1;
}

function describe({ from, to, gates, changes }: Promotion): string {
  const before = from ?? 'the rules';
  const lines = [
    ...changes.flatMap(changeLines),
    `${changes.length === 0 ? 'no state changes' : `${changes.length} states change`} their action from ${before} to ${to.version}`,
    ...gates.map(({ gate, verdict, reason }) => `${verdict === 'pass' ? 'pass' : 'FAIL'}  ${gate.padEnd(21)}${reason}`),
  ];
  return `${lines.join('\n')}\n`;
}

async function isConfirmed({ io }: Invocation, version: string): Promise<boolean> {
  const terminal = createInterface({ input: io.stdin, output: io.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Make ${version} active? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function requireReason({ values }: Invocation, subcommand: string): void {
  const reason = values['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return;
  throw new InputError('E_USAGE', `\`policy ${subcommand}\` needs --reason TEXT: why, for whoever reads it later`);
}

function print({ json, io }: Invocation, line: unknown, human: string): void {
  io.stdout.write(`${json ? JSON.stringify(line) : human}\n`);
}
