/** `glue-medic report`: what is worth knowing over many incidents. */
import type { CapabilityReport, CapabilityRow, Side } from '../../evaluation/report/capability-report.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { AuthorityChange } from '../../functions/shared/stores/authority-changes.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { printable } from '../printable.ts';

const MOST_JOBS = 5;

export const report: Command = {
  summary: 'value lost to missing capability, or who changed which authority',
  usage: `report capability [--days N] [--minutes N]
       glue-medic report authority [--months N]

capability  what safety allowed, or a person would only have had to approve, and the environment could not do: by what is missing, with
            the action lost, hours and reward lost, and what would make it available. Incidents in shadow count on their own side
authority   who has changed kill switch, registrations, freezes and policies, and why; \`verify authority-YYYY-MM\` checks a month's chain

  --days N     incidents of the last N days (90)
  --minutes N  what an incident that is handed over takes of a person (60)
  --months N   calendar months, this one included (1)   [--data-directory DIR]`,
  options: { ...DIRECTORY_OPTION, days: { type: 'string' }, minutes: { type: 'string' }, months: { type: 'string' } },
  run: (invocation) => {
    const [name, ...extra] = invocation.positionals;
    const known = name !== undefined && Object.hasOwn(reports, name) ? reports[name] : undefined;
    if (!known || extra.length > 0)
      throw new InputError(
        'E_USAGE',
        `expected ${Object.keys(reports).join(' or ')}, got ${quoteForMessage(invocation.positionals.join(' '))}`,
      );
    const stray = ['days', 'minutes', 'months'].find((flag) => invocation.values[flag] !== undefined && !known.flags.includes(flag));
    if (stray) throw new InputError('E_USAGE', `\`report ${name}\` has no --${stray}`);
    return known.run(invocation);
  },
};

interface Report {
  readonly flags: readonly string[];
  run(invocation: Invocation): Promise<ExitCode>;
}

const reports: Readonly<Record<string, Report>> = {
  capability: { flags: ['days', 'minutes'], run: capability },
  authority: { flags: ['months'], run: authority },
};

async function capability(invocation: Invocation): Promise<ExitCode> {
  const path = `/reports/capability?days=${number(invocation, 'days', 90)}&minutes=${number(invocation, 'minutes', 60)}`;
  const told = await ask<CapabilityReport>(invocation, path);
  invocation.io.stdout.write(invocation.json ? `${JSON.stringify(told)}\n` : describe(told));
  return 0;
}

function describe({ closedIncidents, incidents, rows, total, assumptions }: CapabilityReport): string {
  const head = `${incidents} of ${closedIncidents} closed incidents lost an action to what the environment cannot do`;
  if (rows.length === 0) return `${head}\n`;
  const columns = `${'missing'.padEnd(24)}${'incidents (alone)'.padEnd(19)}${'hours'.padStart(7)}${'reward'.padStart(9)}   ${'in shadow'.padEnd(11)}${'hours'.padStart(7)}${'reward'.padStart(9)}   action lost`;
  const lines = rows.flatMap((row) => [line(row.capability, row.live, row.shadow), ...detail(row)]);
  const assumed = assumptions.map((each) => `  - ${each}`);
  return `${[head, '', columns, ...lines, line('total', total.live, total.shadow), '', 'assumed:', ...assumed].join('\n')}\n`;
}

function line(name: string, live: Side, shadow: Side): string {
  const actions = [...new Set([...Object.keys(live.actions), ...Object.keys(shadow.actions)])].join(', ');
  return `${name.padEnd(24)}${`${live.incidents} (${live.alone})`.padEnd(19)}${amounts(live)}   ${`${shadow.incidents} (${shadow.alone})`.padEnd(11)}${amounts(shadow)}   ${actions}`;
}

function amounts({ humanMinutes, reward }: Side): string {
  return `${(humanMinutes / 60).toFixed(1).padStart(7)}${reward.toFixed(2).padStart(9)}`;
}

function detail({ remedies, jobs }: CapabilityRow): string[] {
  const named = jobs.slice(0, MOST_JOBS).join(', ');
  const more = jobs.length > MOST_JOBS ? ` and ${jobs.length - MOST_JOBS} more` : '';
  return [...remedies.map((remedy) => `    → ${printable(remedy)}`), `      jobs: ${printable(named)}${more}`];
}

async function authority(invocation: Invocation): Promise<ExitCode> {
  const changes = await ask<AuthorityChange[]>(invocation, `/reports/authority?months=${number(invocation, 'months', 1)}`);
  for (const change of changes) {
    const { at, by, subject, status, reason } = change;
    const human = `${at}  ${by.padEnd(12)}${change.change.padEnd(18)}${subject.padEnd(28)}${status.padEnd(11)}${reason || 'no reason given'}`;
    invocation.io.stdout.write(`${invocation.json ? JSON.stringify(change) : printable(human)}\n`);
  }
  if (!invocation.json && changes.length === 0) invocation.io.stdout.write('no authority was changed\n');
  return 0;
}

function number({ values }: Invocation, flag: string, otherwise: number): number {
  const given = values[flag];
  if (typeof given !== 'string') return otherwise;
  if (/^[1-9]\d{0,3}$/.test(given)) return Number(given);
  throw new InputError('E_USAGE', `--${flag} is ${quoteForMessage(given)}, expected a whole number of at least 1`);
}
