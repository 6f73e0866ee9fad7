/** Ports that fail on schedule: the process dies before or after a call's effect, or the call throws, with or without its effect. */
import type { Ports } from '../../functions/shared/ports.ts';

export interface PortCall {
  readonly port: string;
  readonly op: string;
  /** The how-manieth call of this operation, from 1. */
  readonly callNumber: number;
  /** The how-manieth call of all, from 1. */
  readonly ordinal: number;
  readonly given: readonly unknown[];
}

/**
 * `before-effect`, `after-effect`: the process dies there, so that no later call of it reaches anything. Otherwise the call throws
 * an error of this name and the process goes on; `made`: the effect took place, its answer got lost.
 */
export type Fault = 'before-effect' | 'after-effect' | { readonly throws: string; readonly effect: 'made' | 'not-made' };

export interface ScheduledFault extends Pick<PortCall, 'port' | 'op' | 'callNumber'> {
  readonly fault: Fault;
}

/** What a dead process would see, could it see anything. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';
}

export interface FaultOptions {
  readonly schedule?: readonly ScheduledFault[];
  /** Called when a call is about to be made, before its fault. */
  readonly onCall?: (call: PortCall) => void | Promise<void>;
  /** Called when a call has taken effect, whether or not its answer arrives. */
  readonly onEffect?: (call: PortCall) => void;
}

/** A new process over the same world. */
export function faultyPorts<P extends Ports>(ports: P, options: FaultOptions): P {
  const { schedule = [], onCall, onEffect } = options;
  const counts = new Map<string, number>();
  let ordinal = 0;
  let isDead = false;

  async function make(port: string, op: string, given: readonly unknown[], effect: () => Promise<unknown>): Promise<unknown> {
    if (isDead) throw new ProcessDiedError(`${port}.${op} by a dead process`);
    const callNumber = (counts.get(`${port}.${op}`) ?? 0) + 1;
    counts.set(`${port}.${op}`, callNumber);
    ordinal += 1;
    const call: PortCall = { port, op, callNumber, ordinal, given };
    await onCall?.(call);
    const fault = schedule.find((each) => each.port === port && each.op === op && each.callNumber === callNumber)?.fault;
    if (fault === 'before-effect') {
      isDead = true;
      throw new ProcessDiedError(`before ${port}.${op} #${callNumber}`);
    }
    if (typeof fault === 'object' && fault.effect === 'not-made') throw namedError(fault.throws, call);
    const answer = await effect();
    onEffect?.(call);
    if (fault === 'after-effect') {
      isDead = true;
      throw new ProcessDiedError(`after ${port}.${op} #${callNumber}`);
    }
    if (typeof fault === 'object') throw namedError(fault.throws, call);
    return answer;
  }

  return new Proxy(ports, {
    get(target, name) {
      const port: unknown = Reflect.get(target, name, target);
      if (typeof port !== 'object' || port === null || name === 'settings') return port;
      return new Proxy(port, {
        get(portTarget, property) {
          const member: unknown = Reflect.get(portTarget, property, portTarget);
          if (typeof member !== 'function') return member;
          return (...given: unknown[]) =>
            make(String(name), String(property), given, async () => Reflect.apply(member, portTarget, given) as unknown);
        },
      });
    },
  });
}

function namedError(name: string, { port, op }: PortCall): Error {
  return Object.assign(new Error(`${port}.${op} answered ${name}`), { name });
}

/** The calls that change something outside of Glue Medic. */
export const MUTATING_CALLS: readonly string[] = [
  'jobStarter.startJobRun',
  'jobStarter.stopJobRun',
  'catalogWriter.updateTableColumns',
  'objectWriter.putObject',
  'objectWriter.copyObject',
  'objectWriter.deleteObject',
];

export function isMutating({ port, op }: Pick<PortCall, 'port' | 'op'>): boolean {
  return MUTATING_CALLS.includes(`${port}.${op}`);
}

/** Calls worth dying at: all that change something, and every access to a table. */
export function isCrashPoint(call: Pick<PortCall, 'port' | 'op'>): boolean {
  return isMutating(call) || ['operations', 'audit', 'qTable'].includes(call.port);
}
