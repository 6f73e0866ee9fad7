/** `glue-medic prove`: everything that could be decided, enumerated, and whether any of it is unsafe; kept with a policy, it lets it be promoted. */
import { readFile, writeFile } from 'node:fs/promises';
import { type Proof, prove as proveSafety } from '../../evaluation/prove/prove.ts';
import type { PolicyProof } from '../../functions/propose-action/policy-proof.ts';
import { shippedWarmStart } from '../../functions/propose-action/warm-start.ts';
import { EnvironmentError, InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { RELEASE } from '../../functions/shared/release.ts';
import type { Command, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { orderOf } from '../order.ts';

const DEFINITION = new URL('../../statemachine/glue-medic.asl.json', import.meta.url);
const WARM_START = 'warm-start';

export const prove: Command = {
  summary: 'enumerate all that could be decided, and look for anything unsafe; exit 1 where there is',
  usage: `prove [--definition ASL_FILE] [--policy POLICY [--out FILE]] [--data-directory DIR]

  --policy POLICY  keeps the proof with this policy version: without one of what is here now, it is not promoted.
                   Every ranking is enumerated, so the figures do not depend on the policy; the proof is bound to it all the same
  --out FILE       writes the proof to a file instead`,
  options: { ...DIRECTORY_OPTION, definition: { type: 'string' }, policy: { type: 'string' }, out: { type: 'string' } },
  async run(invocation) {
    const { positionals, values, json, io } = invocation;
    if (positionals.length > 0)
      throw new InputError('E_USAGE', `unexpected ${quoteForMessage(positionals[0])}; see glue-medic prove --help`);
    const { policy: named, out } = values;
    if (typeof out === 'string' && typeof named !== 'string') throw new InputError('E_USAGE', '--out goes with --policy');
    const definition = await definitionIn(values['definition']);
    // Asked before the proof is made, which takes its time.
    const policy = typeof named === 'string' ? await policyNamed(named, typeof out === 'string', invocation) : null;
    const proof = await proveSafety({ definition });
    if (!policy) {
      io.stdout.write(json ? `${JSON.stringify(proof)}\n` : describe(proof));
      return proof.unsafe > 0 ? 1 : 0;
    }
    const bound = proofOf(policy, proof);
    const kept = typeof out === 'string' ? await writeTo(out, bound) : await keepWith(bound, invocation);
    io.stdout.write(json ? `${JSON.stringify({ ...proof, policy, kept })}\n` : `${describe(proof)}${kept}\n`);
    return proof.unsafe > 0 ? 1 : 0;
  },
};

function proofOf(policy: PolicyProof['policy'], proof: Proof): PolicyProof {
  const { guardrailVersion, rulesHash, definitionHash, states, combinations, parts, verdicts, unsafe } = proof;
  const counted = { states, combinations, parts: { ...parts }, verdicts: { ...verdicts }, unsafe };
  return { policy, guardrailVersion, rulesHash, definitionHash, release: RELEASE, ...counted };
}

/** The shipped warm start needs no process to be proven for a file. */
async function policyNamed(name: string, offline: boolean, invocation: Invocation): Promise<PolicyProof['policy']> {
  const shipped = name === WARM_START ? shippedWarmStart() : undefined;
  if (offline && shipped) return { version: shipped.version, hash: shipped.hash };
  const path = `/policies/${encodeURIComponent(shipped?.version ?? name)}`;
  const { version, hash } = await ask<{ version: string; hash: string | null }>(invocation, path);
  if (hash === null) throw new InputError('E_POLICY', `${version} still learns; \`policy freeze --as NAME\` makes a version of it`);
  return { version, hash };
}

async function keepWith(proof: PolicyProof, invocation: Invocation): Promise<string> {
  const { stored } = await ask<{ stored: 'created' | 'exists' }>(invocation, '/proofs', { proof, ...orderOf(invocation) });
  return stored === 'created' ? `kept with ${proof.policy.version}` : `was kept with ${proof.policy.version} before`;
}

async function writeTo(file: string, proof: PolicyProof): Promise<string> {
  try {
    await writeFile(file, proofText(proof));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError('E_OUTPUT', `${quoteForMessage(file)} cannot be written (${code}); name a file in a writable folder`);
  }
  return `written to ${file}`;
}

/** As the shipped proof lies in its file. */
export function proofText(proof: PolicyProof): string {
  return `${JSON.stringify(proof, null, 2)}\n`;
}
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
