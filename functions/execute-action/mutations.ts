/**
 * The only way to mutate: kill switch read, INTENT written, effect, RESULT written. Replayed, a concluded call is not made again;
 * one that stopped between INTENT and RESULT is reconciled by its caller or made again where that is harmless.
 */
import { MedicError } from '../shared/errors.ts';
import type { Ports } from '../shared/ports.ts';
import { ActionLedger, type LedgerRow } from '../shared/stores/action-ledger.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { IncidentStore } from '../shared/stores/incidents.ts';
import { readKillSwitch } from '../shared/stores/settings.ts';
import { guardedWriters, type Writers } from './guarded-writers.ts';

/** Somebody pulled the switch, or has ended the incident: what was begun goes to a person. */
export class KillSwitchEngagedError extends MedicError {}

export interface Mutation<T> {
  /** Unique within the incident, e.g. `UpdateTable:sales.orders`. */
  readonly call: string;
  readonly target: string;
  /** What the inverse will need; recorded with the INTENT. */
  readonly before: unknown;
  /**
   * Called only where no RESULT is recorded. `unsettledIntent` is null on the first try; else the row a crash left behind.
   * `writers` read the kill switch once more before each call.
   */
  effect(writers: Writers, unsettledIntent: LedgerRow | null): Promise<T>;
}

export class Mutations {
  readonly #ports: Ports;
  readonly #incidentId: string;
  readonly #trail: AuditTrail;
  readonly ledger: ActionLedger;

  constructor(ports: Ports, incidentId: string) {
    this.#ports = ports;
    this.#incidentId = incidentId;
    this.#trail = new AuditTrail(ports);
    this.ledger = new ActionLedger(ports, incidentId);
  }

  get incidentId(): string {
    return this.#incidentId;
  }

  /** Errors: KillSwitchEngagedError before anything is done; whatever the effect throws, with the INTENT left standing. */
  async make<T>(mutation: Mutation<T>): Promise<T> {
    const { call, target } = mutation;
    const known = await this.ledger.get(call);
    if (known && known.resultAt !== null) {
      // A crash after the RESULT may have come before its audit entry; appended again it changes nothing.
      await this.#auditResult(call, known.target, known.result);
      return known.result as T;
    }
    await this.#permit(call);
    // The audit entry comes first: where it cannot be written, nothing is done.
    await this.#trail.append(this.#incidentId, `INTENT:${call}`, { call, target });
    await this.ledger.intend(call, target, mutation.before);
    const writers = guardedWriters(this.#ports, () => this.#permit(call));
    const result = await mutation.effect(writers, known ?? null);
    await this.ledger.conclude(call, result);
    await this.#auditResult(call, target, result);
    return result;
  }

  async #permit(call: string): Promise<void> {
    // An abort ends the execution, not the Lambda that is at work for it.
    const incident = await new IncidentStore(this.#ports).get(this.#incidentId);
    if (incident?.status === 'closed')
      throw new KillSwitchEngagedError('E_INCIDENT_CLOSED', `${call} was not made: ${incident.outcome}, ${incident.reason}`);
    // Last: nothing may lie between its answer and the call.
    const killSwitch = await readKillSwitch(this.#ports.operations);
    if (killSwitch.engaged) throw new KillSwitchEngagedError('E_KILL_SWITCH', `${call} was not made: ${killSwitch.reason}`);
  }

  async #auditResult(call: string, target: string, result: unknown): Promise<void> {
    await this.#trail.append(this.#incidentId, `RESULT:${call}`, { call, target, result: result ?? null });
  }
}
