/** Signatures of a team's own, from a JSON file: checked field by field, refused where they could not run in linear time. */
import { RE2JS, RE2JSException } from 're2js';
import * as z from 'zod';
import { InputError, quoteForMessage } from '../../shared/errors.ts';
import { compileSignatures, recogniserOf, type SignatureSet } from './compile-signatures.ts';
import { FAMILIES } from './families.ts';
import { parsePhrase } from './phrase.ts';
import type { Signature } from './signature.ts';
import { CATALOGUE } from './signatures/index.ts';

const MAX_SIGNATURES = 1000;
/** Repetitions unrolled by a pattern of this length are still few enough states. */
const MAX_PATTERN_LENGTH = 1000;

const Line = z.string().min(1).max(4096);
const UserSignatureSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'expected 1 to 80 letters, digits, dots, dashes'),
  family: z.enum(FAMILIES).exclude(['unknown']),
  confidence: z.number().gt(0).lte(1),
  says: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  pattern: z.string().min(1).max(MAX_PATTERN_LENGTH).optional(),
  unless: z.array(z.string().min(1).max(200)).max(100).optional(),
  symptom: z.literal(true).optional(),
  match: z.tuple([Line], Line),
  noMatch: z.tuple([Line], Line),
});
const UserSignaturesSchema = z.array(UserSignatureSchema).max(MAX_SIGNATURES);

/** `text`: a JSON array of signatures. Throws an InputError that names the rule and what is wrong with it. */
export function parseUserSignatures(text: string): Signature[] {
  const parsed = UserSignaturesSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError('E_RULE', `signatures: ${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'not a list of signatures'}`);
  }
  const signatures = parsed.data.map(withoutUndefined);
  for (const signature of signatures) check(signature);
  const twice = signatures.find(
    ({ id }, index) => signatures.findIndex((other) => other.id === id) < index || CATALOGUE.some((known) => known.id === id),
  );
  if (twice) throw new InputError('E_RULE', `rule ${twice.id}: the id is taken; choose another`);
  return signatures;
}

/** A team's signatures are asked before the product's. */
export function withUserSignatures(own: readonly Signature[]): SignatureSet {
  return compileSignatures([...own, ...CATALOGUE]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('E_RULE', `signatures: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withoutUndefined({ says, pattern, unless, symptom, ...rest }: z.infer<typeof UserSignatureSchema>): Signature {
  return {
    ...rest,
    ...(says && { says }),
    ...(pattern !== undefined && { pattern }),
    ...(unless && { unless }),
    ...(symptom && { symptom }),
  };
}

/** Phrases that can be found, a pattern that RE2 takes, examples that hold. */
function check(signature: Signature): void {
  const { id, says, pattern } = signature;
  if (says === undefined && pattern === undefined) throw new InputError('E_RULE', `rule ${id}: needs says or pattern`);
  for (const phrase of says ?? []) checkPhrase(id, phrase);
  if (pattern !== undefined) checkPattern(id, pattern);
  const recognises = recogniserOf(signature);
  for (const line of signature.match) {
    if (!recognises(line)) throw new InputError('E_RULE_EXAMPLE', `rule ${id}: does not match its example ${quoteForMessage(line)}`);
  }
  for (const line of signature.noMatch) {
    if (recognises(line)) throw new InputError('E_RULE_EXAMPLE', `rule ${id}: matches ${quoteForMessage(line)}, which noMatch excludes`);
  }
}

function checkPhrase(id: string, phrase: string): void {
  try {
    parsePhrase(phrase);
  } catch (error) {
    throw new InputError('E_RULE', `rule ${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkPattern(id: string, pattern: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new InputError('E_RULE_REGEX', `rule ${id}: ${reasonOf(pattern, error.message)}`);
  }
}

/** RE2 says where it stopped; people know the construct by name. */
function reasonOf(pattern: string, message: string): string {
  if (/\(\?<?[=!]/.test(pattern)) return `${/\(\?<[=!]/.test(pattern) ? 'lookbehind' : 'lookahead'} not supported by RE2`;
  if (/\\[1-9]/.test(pattern)) return 'backreference not supported by RE2';
  if (/\(\?>|[*+?}]\+/.test(pattern)) return 'atomic group or possessive repetition not supported by RE2';
  return message;
}
