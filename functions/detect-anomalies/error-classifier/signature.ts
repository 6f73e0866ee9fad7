/** What a signature is: one way in which a product words one kind of failure. */
import type { NamedFamily } from './families.ts';

export interface Signature {
  /** Stable, kebab-case, unique over all families: it names the incident's signature in the audit trail. */
  readonly id: string;
  readonly family: NamedFamily;
  /** How sure a line that says this makes us of the family, in (0,1]. */
  readonly confidence: number;
  /**
   * Phrases, any of which is enough. `…` stands for anything between two parts of one line; upper and lower case are the same; a phrase
   * begins at the start of a word, unless a `*` comes first. Each is its own example of a match.
   */
  readonly says?: readonly string[];
  /** An RE2 pattern over one line, for what phrases cannot say. With `says` it is tried on the lines that say it, otherwise on failure lines. */
  readonly pattern?: string;
  /** Phrases that make the line mean something else. */
  readonly unless?: readonly string[];
  /** Names the effect, not the cause: gives way to any cause that the log shows besides. */
  readonly symptom?: true;
  /** Lines that must be recognised (at least one, beside the phrases themselves). */
  readonly match: readonly [string, ...string[]];
  /** Similar lines that must not be. */
  readonly noMatch: readonly [string, ...string[]];
}

/** As written in the catalogue: the file gives the family. */
export type FamilySignature = Omit<Signature, 'family'>;

export function signaturesOf(family: NamedFamily, signatures: readonly FamilySignature[]): readonly Signature[] {
  return signatures.map((signature) => ({ family, ...signature }));
}
