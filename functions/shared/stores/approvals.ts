/** Approval requests and their one decision. The task token lives here and nowhere else. */
import * as z from 'zod';
import { type Action, ActionSchema, PlanSchema } from '../actions.ts';
import { canonicalHash } from '../canonical-hash.ts';
import { InputError, quoteForMessage } from '../errors.ts';
import type { ItemTable } from '../ports.ts';
import { modify, read } from './compare-and-set.ts';

const PARTITION = 'APPROVALS';
const DAY_MS = 86_400_000;
/** The longest that a request may wait, and how long after its deadline its decision may still have to be delivered. */
const AHEAD_DAYS = 11;
const BEHIND_DAYS = 3;
const REASON_LIMIT = 2000;
/** Digits that are enough of a hash to be one. */
const SHORTEST_HASH = 8;

const OptionSchema = z.strictObject({ action: ActionSchema, planHash: z.string(), plan: PlanSchema });

const ApprovalSchema = z.strictObject({
  approvalId: z.string(),
  incidentId: z.string(),
  jobName: z.string(),
  requestedAt: z.iso.datetime(),
  deadline: z.iso.datetime(),
  kind: z.string(),
  reason: z.string(),
  /** What may be approved: the proposed plan first, then the alternatives; empty where there is nothing to carry out. */
  options: z.array(OptionSchema),
  suggestedPatch: z.string().nullable(),
  /** Actions that take a second person, and who changed the job's registration last, when people were asked. */
  fourEyes: z.strictObject({ actions: z.array(ActionSchema), author: z.string().nullable() }).optional(),
  /** The newest token of the waiting state: a retry of the state makes a new one. */
  taskToken: z.string(),
  status: z.enum(['pending', 'approved', 'rejected', 'false-positive', 'expired']),
  decision: z
    .strictObject({
      action: ActionSchema.nullable(),
      planHash: z.string().nullable(),
      by: z.string(),
      identity: z.string(),
      channel: z.string(),
      at: z.iso.datetime(),
      reason: z.string(),
    })
    .nullable(),
  /** The waiting state has been told. */
  delivered: z.boolean(),
});
export type Approval = z.infer<typeof ApprovalSchema>;
export type ApprovalRequest = Omit<Approval, 'status' | 'decision' | 'delivered' | 'requestedAt'>;

export interface DecisionRequest {
  readonly approvalId: string;
  readonly decision: 'approved' | 'rejected' | 'false-positive';
  /** The plan that is approved; must be one of the options'. Ignored for the other decisions. */
  readonly planHash: string | null;
  readonly by: string;
  readonly identity: string;
  readonly channel: string;
  readonly reason: string;
}

/** One id per incident and escalation: opening it again finds the same request. */
export function approvalIdOf(incidentId: string, pass: number): string {
  return `apr-${canonicalHash([incidentId, pass]).slice(0, 16)}`;
}

export class ApprovalStore {
  readonly #table: ItemTable;
  readonly #clock: () => Date;

  constructor(ports: { operations: ItemTable; clock: () => Date }) {
    this.#table = ports.operations;
    this.#clock = ports.clock;
  }

  /** Opens the request, or, where it exists, only notes the newest task token: id and deadline stay. */
  async open(request: ApprovalRequest): Promise<Approval> {
    const { approvalId } = request;
    await this.#table.create({ pk: partitionOfDay(request.deadline), sk: approvalId }, { approvalId });
    const { value } = await modify(this.#table, key(request.approvalId), ApprovalSchema, (current): Approval | undefined =>
      current
        ? { ...current, taskToken: request.taskToken, delivered: false }
        : { ...request, requestedAt: this.#clock().toISOString(), status: 'pending', decision: null, delivered: false },
    );
    if (!value) throw new InputError('E_APPROVAL_ID', `${quoteForMessage(request.approvalId)} could not be opened`);
    return value;
  }

  async get(approvalId: string): Promise<Approval | undefined> {
    return read(this.#table, key(approvalId), ApprovalSchema);
  }

  /** All that can still be decided, expire or have to be delivered: by the day of their deadline, whatever was decided long ago is not read. */
  async list(): Promise<Approval[]> {
    const now = this.#clock().getTime();
    const days = Array.from({ length: BEHIND_DAYS + AHEAD_DAYS + 1 }, (_, day) => now + (day - BEHIND_DAYS) * DAY_MS);
    const listed = await Promise.all(days.map((day) => this.#idsOf(new Date(day).toISOString())));
    const approvals = await Promise.all([...new Set(listed.flat())].map((approvalId) => this.get(approvalId)));
    return approvals.filter((approval) => approval !== undefined);
  }

  async #idsOf(day: string): Promise<string[]> {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.#table.query(partitionOfDay(day), after === undefined ? {} : { after });
      ids.push(...page.items.map(({ sk }) => sk));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }

  /**
   * Decides once, bound to the plan's hash. `permit` may throw where this person may not approve this action. Errors: E_APPROVAL_ID,
   * E_APPROVAL_EXPIRED, E_ALREADY_DECIDED, E_PLAN_CHANGED, E_NOTHING_TO_APPROVE.
   */
  async decide(request: DecisionRequest, permit: (approval: Approval, action: Action) => void = () => undefined): Promise<Approval> {
    const now = this.#clock().toISOString();
    const { value } = await modify(this.#table, key(request.approvalId), ApprovalSchema, (current): Approval | undefined => {
      if (!current) return undefined;
      const option = this.#decidable(current, request, now);
      if (option) permit(current, option.action);
      return {
        ...current,
        status: request.decision,
        decision: {
          action: option?.action ?? null,
          planHash: option?.planHash ?? null,
          by: request.by,
          identity: request.identity,
          channel: request.channel,
          at: now,
          reason: boundReason(request.reason),
        },
      };
    });
    if (!value)
      throw new InputError('E_APPROVAL_ID', `${quoteForMessage(request.approvalId)} is unknown; \`glue-medic incidents\` lists what waits`);
    return value;
  }

  async markDelivered(approvalId: string): Promise<void> {
    await modify(this.#table, key(approvalId), ApprovalSchema, (current): Approval | undefined =>
      current && !current.delivered ? { ...current, delivered: true } : undefined,
    );
  }

  /** Silence: a pending request whose deadline has passed ends as expired. */
  async expire(approvalId: string): Promise<Approval | undefined> {
    const { value } = await modify(this.#table, key(approvalId), ApprovalSchema, (current): Approval | undefined =>
      current?.status === 'pending' ? { ...current, status: 'expired' } : undefined,
    );
    return value;
  }

  #decidable(current: Approval, request: DecisionRequest, now: string) {
    if (current.status !== 'pending') {
      const decided = current.decision ? ` by ${current.decision.by} at ${current.decision.at}` : '';
      throw new InputError(
        current.status === 'expired' ? 'E_APPROVAL_EXPIRED' : 'E_ALREADY_DECIDED',
        `${current.approvalId} is ${current.status}${decided}`,
      );
    }
    if (current.deadline <= now)
      throw new InputError('E_APPROVAL_EXPIRED', `${current.approvalId} expired at ${current.deadline}; silence means no action`);
    if (request.decision !== 'approved') return undefined;
    const [proposed] = current.options;
    if (!proposed) {
      throw new InputError(
        'E_NOTHING_TO_APPROVE',
        `${current.approvalId} has no plan that could be carried out (${current.kind}); reject it once it is dealt with`,
      );
    }
    const planHash = request.planHash ?? '';
    const option = planHash.length < SHORTEST_HASH ? undefined : current.options.find((each) => each.planHash.startsWith(planHash));
    if (!option) {
      throw new InputError(
        'E_PLAN_CHANGED',
        `plan ${quoteForMessage(request.planHash)} is none of ${current.options.map((each) => `${each.planHash.slice(0, 12)} (${each.action})`).join(', ')}; read the request again`,
      );
    }
    return option;
  }
}

/** Kept as text; what is cut off leaves a mark. */
function boundReason(reason: string): string {
  const text = reason.toWellFormed();
  return text.length > REASON_LIMIT ? `${text.slice(0, REASON_LIMIT - 1).toWellFormed()}…` : text;
}

const partitionOfDay = (deadline: string) => `${PARTITION}#${deadline.slice(0, 10)}`;
const key = (approvalId: string) => ({ pk: PARTITION, sk: approvalId });
