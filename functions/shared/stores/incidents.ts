/** Claims and summaries of incidents: who handles a failed run, and what became of it. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { OUTCOMES } from '../incident.ts';
import type { ItemReader, ItemTable } from '../ports.ts';
import { modify, parseStored, read } from './compare-and-set.ts';

/** An owner that says nothing for so long may be succeeded: longer than the longest wait between two steps. */
const LEASE_SECONDS = 90 * 60;

const SummarySchema = z.strictObject({
  incidentId: z.string(),
  jobName: z.string(),
  runId: z.string(),
  attempt: z.number().int().nonnegative(),
  lineage: z.string(),
  retryCount: z.number().int().nonnegative(),
  opening: z.number().int().positive(),
  openedAt: z.iso.datetime(),
  /** The execution that owns the incident, and until when nobody else may. */
  owner: z.string(),
  leaseUntil: z.iso.datetime(),
  status: z.enum(['open', 'awaiting-decision', 'closed']),
  outcome: z.enum(OUTCOMES).nullable(),
  reason: z.string(),
  approvalId: z.string().nullable(),
  /** The failed rerun that its closing has handed on, and the incident that has taken it over: handed on again until there is one. */
  handedOnRunId: z.string().nullable().default(null),
  followedBy: z.string().nullable().default(null),
  duplicates: z.number().int().nonnegative(),
  /** What opened it: the same input starts it again after a restart. */
  trigger: z.record(z.string(), z.unknown()),
});
export type IncidentSummary = z.infer<typeof SummarySchema>;

const DayEntrySchema = z.strictObject({ incidentId: z.string() });

/** One id per job, run and attempt, whatever announced it. */
export function incidentIdOf(jobName: string, runId: string, attempt: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([jobName, runId, attempt]))
    .digest('hex');
  return `inc-${hash.slice(0, 20)}`;
}

const summaryKey = (incidentId: string) => ({ pk: `INCIDENT#${incidentId}`, sk: 'SUMMARY' });
const dayKey = (day: string) => `INCIDENTS#${day}`;

export class IncidentStore {
  readonly #table: ItemTable;
  readonly #clock: () => Date;

  constructor(ports: { operations: ItemTable; clock: () => Date }) {
    this.#table = ports.operations;
    this.#clock = ports.clock;
  }

  /** One conditional write decides: the owner, or a successor after the lease, is admitted; everybody else is a duplicate. */
  async claim(
    claim: Pick<IncidentSummary, 'incidentId' | 'jobName' | 'runId' | 'attempt' | 'lineage' | 'retryCount' | 'owner' | 'trigger'>,
  ): Promise<'claimed' | 'duplicate'> {
    const now = this.#clock();
    // Listed before it is there: stopped in between, an entry without an incident is left, which nobody sees, not the other way round.
    if (!(await isClaimed(this.#table, claim.incidentId))) {
      await this.#table.create(
        { pk: dayKey(now.toISOString().slice(0, 10)), sk: `${now.toISOString()}#${claim.incidentId}` },
        { incidentId: claim.incidentId },
      );
    }
    let admitted = false;
    await modify(this.#table, summaryKey(claim.incidentId), SummarySchema, (current): IncidentSummary | undefined => {
      const leaseUntil = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
      admitted =
        current === undefined || (current.status !== 'closed' && (current.owner === claim.owner || current.leaseUntil < now.toISOString()));
      if (current === undefined) {
        return {
          ...claim,
          openedAt: now.toISOString(),
          leaseUntil,
          status: 'open',
          outcome: null,
          reason: '',
          approvalId: null,
          handedOnRunId: null,
          followedBy: null,
          duplicates: 0,
          opening: 1,
        };
      }
      return admitted ? { ...current, owner: claim.owner, leaseUntil } : { ...current, duplicates: current.duplicates + 1 };
    });
    return admitted ? 'claimed' : 'duplicate';
  }

  async get(incidentId: string): Promise<IncidentSummary | undefined> {
    return read(this.#table, summaryKey(incidentId), SummarySchema);
  }

  /** Each step renews its owner's lease. */
  async renewLease(incidentId: string, owner: string): Promise<void> {
    const leaseUntil = new Date(this.#clock().getTime() + LEASE_SECONDS * 1000).toISOString();
    await this.#change(incidentId, (current) =>
      current.status === 'closed' || current.owner !== owner ? undefined : { ...current, status: 'open', leaseUntil },
    );
  }

  async awaitDecision(incidentId: string, approvalId: string, deadline: string): Promise<void> {
    await this.#change(incidentId, (current) =>
      current.status === 'closed' ? undefined : { ...current, status: 'awaiting-decision', approvalId, leaseUntil: deadline },
    );
  }

  /** Nobody has taken up the decision that it waited for: its execution has died meanwhile, and a successor may come at once. */
  async abandonWait(incidentId: string): Promise<IncidentSummary | undefined> {
    const leaseUntil = new Date(this.#clock().getTime() - 1).toISOString();
    await this.#change(incidentId, (current) =>
      current.status === 'awaiting-decision' ? { ...current, status: 'open', leaseUntil } : undefined,
    );
    return this.get(incidentId);
  }

  /** The outcome of an incident is written once; a second closing finds the first. */
  async close(incidentId: string, outcome: IncidentSummary['outcome'], reason: string, handedOnRunId: string | null = null): Promise<void> {
    await this.#change(incidentId, (current) =>
      current.status === 'closed' ? undefined : { ...current, status: 'closed', outcome, reason, handedOnRunId },
    );
  }

  /** The lineage's next incident has taken over the run that this one handed on. */
  async follow(incidentId: string, followedBy: string): Promise<void> {
    await this.#change(incidentId, (current) => (current.followedBy === null ? { ...current, followedBy } : undefined));
  }

  /** Opens a deferred incident again, for whoever claims it next; any other one stays as it is. */
  async reopen(incidentId: string): Promise<IncidentSummary | undefined> {
    const leaseUntil = new Date(0).toISOString();
    await this.#change(incidentId, (current) =>
      current.outcome === 'Deferred'
        ? { ...current, status: 'open', outcome: null, opening: current.opening + 1, owner: '', leaseUntil }
        : undefined,
    );
    return this.get(incidentId);
  }

  /** Newest first, of the last `days` days. */
  async list(days: number): Promise<IncidentSummary[]> {
    const listed = new Set<string>();
    const today = this.#clock().getTime();
    for (let back = 0; back < days; back += 1)
      for (const incidentId of await this.#listedOn(new Date(today - back * 86_400_000).toISOString().slice(0, 10))) listed.add(incidentId);
    const summaries: IncidentSummary[] = [];
    for (const incidentId of listed) {
      const summary = await this.get(incidentId);
      if (summary) summaries.push(summary);
    }
    return summaries;
  }

  /** Newest first; one that was claimed by several at once is listed several times. */
  async #listedOn(day: string): Promise<string[]> {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.#table.query(dayKey(day), { descending: true, ...(after === undefined ? {} : { after }) });
      found.push(...page.items.map((item) => parseStored(DayEntrySchema, item).incidentId));
      after = page.next;
    } while (after !== undefined);
    return found;
  }

  async #change(incidentId: string, change: (current: IncidentSummary) => IncidentSummary | undefined): Promise<void> {
    await modify(this.#table, summaryKey(incidentId), SummarySchema, (current) => current && change(current));
  }
}

/** Whether a run has been claimed at all: what the reconciler asks before it opens one. */
export async function isClaimed(table: ItemReader, incidentId: string): Promise<boolean> {
  return (await table.get(summaryKey(incidentId))) !== undefined;
}
