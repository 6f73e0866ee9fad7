/** `glue-medic replay`: an incident decided again from its audit trail, also under another policy, other guardrails or other limits. */
import { readFile } from 'node:fs/promises';
import type { Counterfactual } from '../../evaluation/replay/counterfactual.ts';
import type { Replay, ReplayRequest } from '../../evaluation/replay/replay-incident.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { printable } from '../printable.ts';

const COLUMN = 44;

export const replay: Command = {
  summary: 'decide an incident again from its audit trail; exit 1 where a byte differs',
  usage: `replay INCIDENT_ID [--policy VERSION] [--guardrails VERSION] [--limits FILE] [--data-directory DIR]

What was decided is decided again from what was recorded, and compared byte for byte. With another policy, other guardrails or
other limits it shows beside what was decided what would have been, and where both part. Nothing is executed, nothing written.

  --policy VERSION      a frozen version, candidate or rules
  --guardrails VERSION  a version of the guardrail set that this release knows
  --limits FILE         JSON with the limits to change, e.g. {"confidenceFloor": 0.9}; - is standard input

exit 0: all the same, 1: different, or not evaluable, 2: no such incident or version, 3: no process, 4: the trail is broken`,
  options: { ...DIRECTORY_OPTION, policy: { type: 'string' }, guardrails: { type: 'string' }, limits: { type: 'string' } },
  async run(invocation) {
    const [id, ...others] = invocation.positionals;
    if (id === undefined || others.length > 0) throw new InputError('E_USAGE', 'expected one incident id; see glue-medic replay --help');
    const request: ReplayRequest = {
      policy: textIn(invocation, 'policy'),
      guardrails: textIn(invocation, 'guardrails'),
      limits: await limitsIn(invocation),
    };
    const replayed = await ask<Replay>(invocation, `/incidents/${encodeURIComponent(id)}/replay`, request);
    invocation.io.stdout.write(invocation.json ? `${JSON.stringify(replayed)}\n` : `${describe(replayed)}\n`);
    const { verdict, counterfactual } = replayed;
    const isSame = verdict === 'same' && (counterfactual === null || (counterfactual.partsAt === null && isEvaluable(counterfactual)));
    return isSame ? 0 : 1;
  },
};

function textIn({ values }: Invocation, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

async function limitsIn(invocation: Invocation): Promise<unknown> {
  const file = textIn(invocation, 'limits');
  if (file === undefined) return undefined;
  const text = await (file === '-'
    ? allOf(invocation.io.stdin)
    : readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new InputError('E_FILE', `${quoteForMessage(file)} cannot be read (${error.code}); expected JSON with the limits to change`);
      }));
  let limits: unknown;
  try {
    limits = JSON.parse(text);
  } catch {
    limits = undefined;
  }
  if (typeof limits === 'object' && limits !== null && !Array.isArray(limits)) return limits;
  throw new InputError('E_JSON', `${quoteForMessage(file)} is no JSON object; expected limits to change, e.g. {"confidenceFloor": 0.9}`);
}

async function allOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array | string));
  return Buffer.concat(chunks).toString('utf8');
}

function isEvaluable({ ends }: Counterfactual): boolean {
  return ends.recorded.state !== 'NOT_EVALUABLE' && ends.would.state !== 'NOT_EVALUABLE';
}

function describe({ incidentId, job, release, entries, verdict, steps, counterfactual }: Replay): string {
  return [
    `${printable(job)}  ${incidentId}`,
    `  ${entries} entries, hash chain intact; replayed by release ${release}`,
    ...steps.flatMap(({ step, verdict: said, reason, difference }) => [
      `  ${step.padEnd(22)}${said}${reason === null ? '' : `: ${printable(reason)}`}`,
      ...(difference === null
        ? []
        : [
            `    ${difference.path || 'the whole section'}`,
            `      recorded  ${printable(difference.recorded)}`,
            `      replayed  ${printable(difference.replayed)}`,
          ]),
    ]),
    steps.length === 0 ? '  nothing was decided' : `  verdict: ${verdict}`,
    ...(counterfactual === null ? [] : sideBySide(counterfactual)),
  ].join('\n');
}

function sideBySide({ policy, guardrails, limits, steps, partsAt, ends }: Counterfactual): string[] {
  const under = [
    ...(policy === null ? [] : [`policy ${policy}`]),
    ...(guardrails === null ? [] : [`guardrails ${guardrails}`]),
    ...(limits === null ? [] : [`limits ${JSON.stringify(limits)}`]),
  ].join(', ');
  const row = (label: string, was: string, would: string, note = '') => `  ${label.padEnd(22)}${was.padEnd(COLUMN)}${would}${note}`;
  const inShort = (decided: Readonly<Record<string, unknown>> | null) =>
    decided === null
      ? '-'
      : ['verdict', 'action', 'mode', 'planHash']
          .map((name) => decided[name])
          .filter((value) => typeof value === 'string')
          .map((value) => value.slice(0, 17))
          .join(' ');
  return [
    '',
    `under ${printable(under)}`,
    row('', 'decided', 'would have been'),
    ...steps.flatMap(({ step, recorded, would }) => [
      row(step, inShort(recorded), inShort(would), step === partsAt ? '   <- here they part' : ''),
      ...(step === partsAt
        ? [`    decided:   ${printable(recorded?.reason ?? '-')}`, `    otherwise: ${printable(would?.reason ?? '-')}`]
        : []),
    ]),
    `  it ${ends.recorded.state === ends.would.state ? 'ended' : 'ended as'}: ${printable(ends.recorded.says)}`,
    `  it would have: ${printable(ends.would.says)}`,
  ];
}
