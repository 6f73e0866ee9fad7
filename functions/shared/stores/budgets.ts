/**
 * Budgets: how many remediations, and how many DPU-hours, a lineage, a job and the fleet may still have. Reserved by one
 * conditional write per scope before INTENT, keyed by incident, so a limit is never exceeded; what a crash strands comes free
 * when its lease ends.
 */
import * as z from 'zod';
import type { Limits } from '../job-registration.ts';
import type { ItemTable } from '../ports.ts';
import { modify, read } from './compare-and-set.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEASE_MS = 6 * HOUR_MS;
/** Entries of one scope: far above any limit, so that pruning never hides a live reservation. */
const ENTRIES = 2000;

const EntrySchema = z.strictObject({
  incidentId: z.string(),
  at: z.iso.datetime(),
  /** A reservation counts until its lease ends; spent, it counts for the whole window. */
  leaseUntil: z.iso.datetime(),
  spent: z.boolean(),
  dpuHours: z.number().nonnegative(),
});
const ScopeSchema = z.strictObject({ entries: z.array(EntrySchema).max(ENTRIES) });
type Entry = z.infer<typeof EntrySchema>;

const CircuitSchema = z.strictObject({
  failuresInRow: z.number().int().nonnegative(),
  at: z.iso.datetime(),
  /** Whose validation was counted last: told again, it is not counted again. */
  lastIncidentId: z.string(),
});

/** What others have used, the asking incident's own reservation left out. */
export interface Usage {
  readonly lineageRetries: number;
  readonly jobRemediationsToday: number;
  readonly jobDpuHoursToday: number;
  readonly fleetRemediationsThisHour: number;
  readonly secondsSinceLastOfJob: number | null;
  readonly failedValidationsInRow: number;
}

interface Scope {
  readonly key: { pk: string; sk: string };
  readonly windowMs: number;
}

const fleet: Scope = { key: { pk: 'BUDGET', sk: 'FLEET' }, windowMs: HOUR_MS };
const job = (jobName: string): Scope => ({ key: { pk: 'BUDGET', sk: `JOB#${jobName}` }, windowMs: DAY_MS });
const lineageScope = (lineage: string): Scope => ({ key: { pk: 'BUDGET', sk: `LINEAGE#${lineage}` }, windowMs: DAY_MS });

export interface BudgetClaim {
  readonly incidentId: string;
  readonly jobName: string;
  readonly lineage: string;
  readonly dpuHours: number;
}

export class BudgetStore {
  readonly #table: ItemTable;
  readonly #clock: () => Date;

  constructor(ports: { operations: ItemTable; clock: () => Date }) {
    this.#table = ports.operations;
    this.#clock = ports.clock;
  }

  async usage(claim: Omit<BudgetClaim, 'dpuHours'>): Promise<Usage> {
    const now = this.#clock();
    const others = async (scope: Scope) =>
      live((await read(this.#table, scope.key, ScopeSchema))?.entries ?? [], scope, now).filter(
        (entry) => entry.incidentId !== claim.incidentId,
      );
    const [ofFleet, ofJob, ofLineage] = await Promise.all([others(fleet), others(job(claim.jobName)), others(lineageScope(claim.lineage))]);
    const lastOfJob = ofJob.reduce<string | null>((latest, entry) => (latest === null || entry.at > latest ? entry.at : latest), null);
    return {
      lineageRetries: ofLineage.length,
      jobRemediationsToday: ofJob.length,
      jobDpuHoursToday: ofJob.reduce((sum, entry) => sum + entry.dpuHours, 0),
      fleetRemediationsThisHour: ofFleet.length,
      secondsSinceLastOfJob: lastOfJob === null ? null : (now.getTime() - Date.parse(lastOfJob)) / 1000,
      failedValidationsInRow: (await this.#circuit(claim.jobName))?.failuresInRow ?? 0,
    };
  }

  /** All scopes or none. Returns the scope that is full, undefined where everything is reserved. */
  async reserve(claim: BudgetClaim, limits: Limits): Promise<'lineage' | 'job' | 'job-dpu-hours' | 'fleet' | undefined> {
    const steps: [Scope, (others: readonly Entry[]) => 'lineage' | 'job' | 'job-dpu-hours' | 'fleet' | undefined][] = [
      [lineageScope(claim.lineage), (others) => (others.length >= limits.retriesPerLineage ? 'lineage' : undefined)],
      [
        job(claim.jobName),
        (others) => {
          if (others.length >= limits.remediationsPerJobPerDay) return 'job';
          const used = others.reduce((sum, entry) => sum + entry.dpuHours, 0);
          return used + claim.dpuHours > limits.dpuHoursPerJobPerDay ? 'job-dpu-hours' : undefined;
        },
      ],
      [fleet, (others) => (others.length >= limits.remediationsPerFleetPerHour ? 'fleet' : undefined)],
    ];
    for (const [scope, fullness] of steps) {
      const full = await this.#reserveIn(scope, claim, fullness);
      if (full) {
        await this.release(claim);
        return full;
      }
    }
    return undefined;
  }

  /** The remediation begins: from now on it counts for the whole window. Told again when it has begun, it counts from then. */
  async spend(claim: Omit<BudgetClaim, 'dpuHours'>): Promise<void> {
    const at = this.#clock().toISOString();
    await this.#changeOwn(claim, (entry) => ({ ...entry, at, spent: true }));
  }

  /** The remediation will not run: its reservation goes back, unless it was spent. */
  async release(claim: Omit<BudgetClaim, 'dpuHours'>): Promise<void> {
    await this.#changeOwn(claim, (entry) => (entry.spent ? entry : undefined));
  }

  /** It was about to begin, and nothing was begun: what was spent goes back as well. */
  async giveBack(claim: Omit<BudgetClaim, 'dpuHours'>): Promise<void> {
    await this.#changeOwn(claim, () => undefined);
  }

  async recordValidation(jobName: string, incidentId: string, verdict: 'validated' | 'failed'): Promise<void> {
    await modify(this.#table, circuitKey(jobName), CircuitSchema, (current) =>
      current?.lastIncidentId === incidentId
        ? undefined
        : {
            failuresInRow: verdict === 'validated' ? 0 : (current?.failuresInRow ?? 0) + 1,
            at: this.#clock().toISOString(),
            lastIncidentId: incidentId,
          },
    );
  }

  async #circuit(jobName: string) {
    return read(this.#table, circuitKey(jobName), CircuitSchema);
  }

  async #reserveIn<F>(scope: Scope, claim: BudgetClaim, fullness: (others: readonly Entry[]) => F | undefined): Promise<F | undefined> {
    const now = this.#clock();
    let full: F | undefined;
    await modify(this.#table, scope.key, ScopeSchema, (current) => {
      const entries = live(current?.entries ?? [], scope, now);
      full = undefined;
      if (entries.some((entry) => entry.incidentId === claim.incidentId && entry.spent)) return undefined;
      // Its own earlier reservation gives way: another plan may need more DPU-hours.
      const others = entries.filter((entry) => entry.incidentId !== claim.incidentId);
      full = fullness(others);
      if (full !== undefined) return undefined;
      const leaseUntil = new Date(now.getTime() + LEASE_MS).toISOString();
      return {
        entries: [...others, { incidentId: claim.incidentId, at: now.toISOString(), leaseUntil, spent: false, dpuHours: claim.dpuHours }],
      };
    });
    return full;
  }

  async #changeOwn(claim: Omit<BudgetClaim, 'dpuHours'>, change: (entry: Entry) => Entry | undefined): Promise<void> {
    for (const scope of [lineageScope(claim.lineage), job(claim.jobName), fleet]) {
      await modify(this.#table, scope.key, ScopeSchema, (current) => {
        const own = current?.entries.find((entry) => entry.incidentId === claim.incidentId);
        if (!current || !own) return undefined;
        const next = change(own);
        return { entries: current.entries.flatMap((entry) => (entry === own ? (next ? [next] : []) : [entry])) };
      });
    }
  }
}

function live(entries: readonly Entry[], scope: Scope, now: Date): Entry[] {
  const windowStart = new Date(now.getTime() - scope.windowMs).toISOString();
  return entries.filter((entry) => (entry.spent ? entry.at >= windowStart : entry.leaseUntil > now.toISOString()));
}

const circuitKey = (jobName: string) => ({ pk: 'CIRCUIT', sk: jobName });
