/**
 * The hash of the guardrail set. Sources cannot be hashed: a Lambda carries them bundled and minified, a test as they are written. What can be
 * is what they do: every guardrail's rulings, words included, on a fixed grid of facts. Two deployments with the same hash rule alike.
 */
import { createHash } from 'node:crypto';
import { canonicalHash } from '../shared/canonical-hash.ts';
import { factsGrid } from './facts-grid.ts';
import type { Guardrail } from './guardrail.ts';
import { GUARDRAILS } from './guardrails/index.ts';
import { GUARDRAIL_VERSION } from './judge-plan.ts';

/** 64 hex digits over the version and each guardrail's id and fingerprint; their order does not matter. */
export function rulesHash(guardrails: Readonly<Record<string, Guardrail>> = GUARDRAILS): string {
  return canonicalHash({ version: GUARDRAIL_VERSION, guardrails: fingerprints(guardrails) });
}

/** What each guardrail says on the grid, as a SHA-256 by id: where two sets differ, this tells in which guardrail. */
export function fingerprints(guardrails: Readonly<Record<string, Guardrail>> = GUARDRAILS): Record<string, string> {
  const points = [...factsGrid()];
  return Object.fromEntries(Object.entries(guardrails).map(([id, ask]) => [id, fingerprint(ask, points)]));
}

function fingerprint(ask: Guardrail, points: readonly Parameters<Guardrail>[0][]): string {
  const hash = createHash('sha256');
  for (const facts of points) {
    const { verdict, value, limit, reason } = ask(facts);
    hash.update(`${JSON.stringify([verdict, value, limit, reason])}\n`);
  }
  return hash.digest('hex');
}
