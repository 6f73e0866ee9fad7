/** Makes signatures and word lists ready for scanning: one automaton over all needles, and what to check where one is found. */
import { RE2JS } from 're2js';
import { FAILURE_NEEDLES, FINAL_SUCCESS, STEP_SUCCESS, TASK_SUCCESS } from './failure-words.ts';
import { HARMLESS_LINES } from './harmless-lines.ts';
import { type NeedleScanner, needleScanner } from './needle-scanner.ts';
import { type Phrase, parsePhrase, says } from './phrase.ts';
import type { Signature } from './signature.ts';

export interface CompiledSignature {
  readonly signature: Signature;
  /** Whether a line that holds one of the signature's needles says what the signature looks for. */
  recognises(line: string, lowerLine: string): boolean;
}

/** What the end of a needle makes worth checking. */
export type Lead =
  | { readonly kind: 'signature'; readonly rank: number; readonly phrase: Phrase; readonly compiled: CompiledSignature }
  | { readonly kind: 'harmless'; readonly phrase: Phrase; readonly withTrace: boolean }
  | { readonly kind: 'final-success' | 'step-success' | 'task-success'; readonly phrase: Phrase }
  | { readonly kind: 'failure' };

export const SAYS_FAILURE = 1;
export const SAYS_SUCCESS = 2;

export interface SignatureSet {
  readonly signatures: readonly Signature[];
  /** A scanner of its own for each log: it has a state. */
  scanner(): NeedleScanner;
  /** By needle. */
  readonly leads: readonly (readonly Lead[])[];
  /** By needle: what it can say on an INFO line, as bits. */
  readonly saysOnInfoLines: Uint8Array;
  /** Signatures that are tried on every line that reports a failure. */
  readonly unprompted: readonly { readonly rank: number; readonly compiled: CompiledSignature }[];
}

export function compileSignatures(signatures: readonly Signature[]): SignatureSet {
  const byNeedle = new Map<string, Lead[]>();
  const add = (needle: string, lead: Lead) => {
    const leads = byNeedle.get(needle);
    if (leads) leads.push(lead);
    else byNeedle.set(needle, [lead]);
  };
  const unprompted: SignatureSet['unprompted'][number][] = [];
  for (const [rank, signature] of signatures.entries()) {
    const compiled = compile(signature);
    if (signature.says === undefined) unprompted.push({ rank, compiled });
    for (const phrase of (signature.says ?? []).map(parsePhrase)) add(phrase.needle, { kind: 'signature', rank, phrase, compiled });
  }
  for (const { says: phrases, withTrace = false } of HARMLESS_LINES) {
    for (const phrase of phrases.map(parsePhrase)) add(phrase.needle, { kind: 'harmless', phrase, withTrace });
  }
  for (const phrase of FINAL_SUCCESS.map(parsePhrase)) add(phrase.needle, { kind: 'final-success', phrase });
  for (const phrase of STEP_SUCCESS.map(parsePhrase)) add(phrase.needle, { kind: 'step-success', phrase });
  for (const phrase of TASK_SUCCESS.map(parsePhrase)) add(phrase.needle, { kind: 'task-success', phrase });
  for (const needle of FAILURE_NEEDLES) add(needle, { kind: 'failure' });
  const leads = [...byNeedle.values()];
  const saysOnInfoLines = Uint8Array.from(
    leads,
    (each) => (each.some(isFailure) ? SAYS_FAILURE : 0) | (each.some(isSuccess) ? SAYS_SUCCESS : 0),
  );
  return { signatures, scanner: needleScanner([...byNeedle.keys()]), leads, saysOnInfoLines, unprompted };
}

const isFailure = ({ kind }: Lead) => kind === 'failure';
const isSuccess = ({ kind }: Lead) => kind === 'final-success' || kind === 'step-success' || kind === 'task-success';

function compile(signature: Signature): CompiledSignature {
  const pattern = signature.pattern === undefined ? null : RE2JS.compile(signature.pattern);
  const exceptions = (signature.unless ?? []).map((text) => text.toLowerCase());
  return {
    signature,
    recognises: (line, lowerLine) =>
      !exceptions.some((exception) => lowerLine.includes(exception)) && (pattern === null || pattern.test(line)),
  };
}

/** The signature by itself: whether it recognises a line, whatever else the line says. */
export function recogniserOf(signature: Signature): (line: string) => boolean {
  const compiled = compile(signature);
  const phrases = signature.says?.map(parsePhrase);
  return (line) => {
    const lowerLine = line.toLowerCase();
    return (phrases?.some((phrase) => says(lowerLine, phrase)) ?? true) && compiled.recognises(line, lowerLine);
  };
}
