/** `glue-medic prove`: everything that could be decided, enumerated, and whether any of it is unsafe. */
import { readFile } from 'node:fs/promises';
import { type Proof, prove as proveSafety } from '../../evaluation/prove/prove.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Command, Invocation } from '../command.ts';

const DEFINITION = new URL('../../statemachine/glue-medic.asl.json', import.meta.url);

export const prove: Command = {
  summary: 'enumerate all that could be decided, and look for anything unsafe; exit 1 where there is',
  usage: 'prove [--definition ASL_FILE]',
  options: { definition: { type: 'string' } },
  async run({ positionals, values, json, io }) {
    if (positionals.length > 0)
      throw new InputError('E_USAGE', `unexpected ${quoteForMessage(positionals[0])}\nusage: glue-medic ${prove.usage}`);
    const proof = await proveSafety({ definition: await definitionIn(values['definition']) });
    io.stdout.write(json ? `${JSON.stringify(proof)}\n` : describe(proof));
    return proof.unsafe > 0 ? 1 : 0;
  },
};

async function definitionIn(file: Invocation['values'][string]): Promise<unknown> {
  const source = typeof file === 'string' ? file : DEFINITION;
  let text: string;
  try {
    text = await readFile(source, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('E_FILE', `${quoteForMessage(String(source))} cannot be read (${code}); expected the ASL of a state machine`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_JSON', `${quoteForMessage(String(source))} is not JSON; expected the ASL of a state machine`);
  }
}

function describe({
  states,
  combinations,
  parts,
  verdicts,
  ends,
  graph,
  unsafe,
  counterexamples,
  guardrailVersion,
  rulesHash,
}: Proof): string {
  const number = (value: number) => value.toLocaleString('en');
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${number(count)}`)
      .join(', ');
  const lines = [
    `${number(states)} states, ${number(combinations)} combinations (${counted(parts)})`,
    `verdicts: ${counted(verdicts)}`,
    `ends: ${counted(ends)}`,
    `graph: ${number(graph.paths)} paths, ${number(graph.findings.length)} findings`,
    `guardrails: ${guardrailVersion}, rules hash ${rulesHash}`,
    unsafe === 0 ? 'unsafe: none' : `UNSAFE: ${number(unsafe)}`,
    ...graph.findings.map(({ rule, state, message }) => `  ${rule}: ${state} ${message}`),
    ...counterexamples.map(({ unsafe: id, when }) => `  ${id}: ${JSON.stringify(when)}`),
  ];
  return `${lines.join('\n')}\n`;
}
