/** One run of the product over its jobs: good runs first, then what goes wrong upstream, then everything that follows until it is quiet. */

import { recordGoodRunOf } from '../functions/record-good-run/record-good-run.ts';
import { EnvironmentError } from '../functions/shared/errors.ts';
import type { Incident } from '../functions/shared/incident.ts';
import { documentOf, type IncidentReport, reportOf } from '../functions/shared/incident-report.ts';
import { AuditTrail, type ChainVerdict } from '../functions/shared/stores/audit-trail.ts';
import { lastGoodRun } from '../functions/shared/stores/good-runs.ts';
import { IncidentStore } from '../functions/shared/stores/incidents.ts';
import { register } from '../functions/shared/stores/registrations.ts';
import { createYourFilesJob } from './job-world/jobs/your-files.ts';
import type { Scenario } from './job-world/scenarios.ts';
import type { Medic } from './medic.ts';

const POLL_MS = 100;
/** Quiet for so long means that nothing more is coming: Glue's own retry starts within it. */
const QUIET_MS = 3500;
const LISTED_DAYS = 30;
/** An incident that this process opens is in one of them, also around midnight. */
const WATCHED_DAYS = 2;
const BASELINE_TIMEOUT_MS = 30_000;

export interface ToldIncident {
  readonly report: IncidentReport;
  readonly document: Partial<Incident>;
  readonly chain: ChainVerdict;
}

export interface RunOptions {
  readonly scenarios: readonly Scenario[];
  readonly teller: IncidentTeller;
  /** Whether incidents that an earlier process left open go on. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
}

/**
 * Resumes what was open, plays the scenarios of jobs without an open incident, and ends when no execution is at work, no job runs
 * and no event is under way, or when `signal` aborts.
 */
export async function runScenarios(medic: Medic, { scenarios, teller, resume, signal }: RunOptions): Promise<void> {
  // Every program has to be there before an interrupted incident can start its rerun.
  createYourFilesJob(medic.world);
  for (const scenario of scenarios) await scenario.prepare(medic.world);
  const busyJobs = new Set((resume ? await medic.resume() : []).map((summary) => summary.jobName));
  let playing = true;
  const played = Promise.all(
    scenarios.filter((scenario) => !busyJobs.has(scenario.name)).map((scenario) => play(medic, scenario, signal)),
  ).finally(() => {
    playing = false;
  });
  let quietSince = Date.now();
  while (!signal.aborted && Date.now() - quietSince < QUIET_MS) {
    await pause(POLL_MS);
    await teller.tellNew();
    if (playing || medic.workflow.busy > 0 || medic.bus.pending > 0 || medic.world.glue.liveRuns > 0) quietSince = Date.now();
  }
  await played;
  await teller.tellNew();
}

/** Registers the job, lets it succeed once where it never has, then lets the world change. */
async function play(medic: Medic, scenario: Scenario, signal: AbortSignal): Promise<void> {
  await register(medic.ports.operations, { ...scenario.registration, registeredAt: medic.ports.clock().toISOString() });
  if (scenario.isVouchedFor || !(await lastGoodRun(medic.ports.operations, scenario.name)))
    await establishBaseline(medic, scenario, signal);
  if (!signal.aborted) await scenario.upset(medic.world);
}

/** The baseline is recorded by the good run's event, like everything else; what somebody vouches for is recorded on their word. */
async function establishBaseline(medic: Medic, scenario: Scenario, signal: AbortSignal): Promise<void> {
  const { id } = await scenario.goodRun(medic.world);
  if (scenario.isVouchedFor) await recordGoodRunOf(scenario.name, id, medic.ports, true);
  const deadline = Date.now() + BASELINE_TIMEOUT_MS;
  while (!signal.aborted && (await lastGoodRun(medic.ports.operations, scenario.name))?.runId !== id) {
    if (Date.now() > deadline)
      throw new EnvironmentError('E_BASELINE', `the good run of ${scenario.name} was not recorded; begin anew with --fresh`);
    await pause(POLL_MS);
  }
}

/** Tells each incident when it has ended or begins to wait for a person; what had ended before this process is not told again. */
export class IncidentTeller {
  readonly told = new Map<string, ToldIncident>();
  readonly #medic: Medic;
  readonly #earlier: ReadonlySet<string>;
  readonly #leftOpen: ReadonlySet<string>;
  #seenChanges = -1;
  readonly #onIncident: (incident: ToldIncident) => void;

  private constructor(
    medic: Medic,
    earlier: ReadonlySet<string>,
    leftOpen: ReadonlySet<string>,
    onIncident: (incident: ToldIncident) => void,
  ) {
    this.#medic = medic;
    this.#earlier = earlier;
    this.#leftOpen = leftOpen;
    this.#onIncident = onIncident;
  }

  /** `resume`: incidents that were left open are this run's too. */
  static async create(medic: Medic, resume: boolean, onIncident: (incident: ToldIncident) => void): Promise<IncidentTeller> {
    const summaries = await new IncidentStore(medic.ports).list(LISTED_DAYS);
    const [earlier, leftOpen] = [new Set<string>(), new Set<string>()];
    for (const { incidentId, status } of summaries) (!resume || status === 'closed' ? earlier : leftOpen).add(incidentId);
    return new IncidentTeller(medic, earlier, leftOpen, onIncident);
  }

  /** Looks only where an execution has ended or begun to wait since the last look. */
  async tellNew(): Promise<void> {
    const { changes } = this.#medic.workflow;
    if (changes === this.#seenChanges) return;
    const store = new IncidentStore(this.#medic.ports);
    const older = await Promise.all([...this.#leftOpen].map((incidentId) => store.get(incidentId)));
    const recent = await store.list(WATCHED_DAYS);
    const summaries = new Map([...older, ...recent].flatMap((summary) => (summary ? [[summary.incidentId, summary] as const] : [])));
    for (const summary of summaries.values()) {
      if (this.#earlier.has(summary.incidentId) || summary.status === 'open') continue;
      const outcome = summary.status === 'closed' ? summary.outcome : 'Escalated';
      if (this.told.get(summary.incidentId)?.report.outcome === outcome) continue;
      const incident = await tellIncident(this.#medic, summary.incidentId);
      if (incident.report.outcome !== outcome) continue;
      this.told.set(summary.incidentId, incident);
      this.#onIncident(incident);
    }
    this.#seenChanges = changes;
  }
}

async function tellIncident(medic: Medic, incidentId: string): Promise<ToldIncident> {
  const trail = new AuditTrail(medic.ports);
  const document = documentOf(await trail.entries(incidentId));
  return { report: reportOf(incidentId, document, medic.ports.clock()), document, chain: await trail.verify(incidentId) };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
