/** What a proof has counted, and the first of what it has found. */

export interface Counterexample {
  /** Id of the predicate that holds. */
  readonly unsafe: string;
  /** How to get there. */
  readonly when: Readonly<Record<string, unknown>>;
}

const MOST_KEPT = 20;

export class Tally {
  combinations = 0;
  unsafe = 0;
  /** Verdicts of CheckSafety. */
  readonly verdicts: Record<string, number> = {};
  /** Where ways have ended; `executed` where ExecuteAction was entered. */
  readonly ends: Record<string, number> = {};
  /** The first few of each kind. */
  readonly counterexamples: Counterexample[] = [];

  verdict(verdict: string): void {
    this.verdicts[verdict] = (this.verdicts[verdict] ?? 0) + 1;
  }

  way(end: string): void {
    this.combinations += 1;
    this.ends[end] = (this.ends[end] ?? 0) + 1;
  }

  found(unsafe: readonly string[], when: () => Counterexample['when']): void {
    this.unsafe += unsafe.length;
    for (const id of unsafe) {
      const alike = this.counterexamples.filter((each) => each.unsafe === id).length;
      if (alike < 2 && this.counterexamples.length < MOST_KEPT) this.counterexamples.push({ unsafe: id, when: when() });
    }
  }
}
