/** Ports that tell of every call that changes something outside of Glue Medic: shadow mode must make none. */
import type { Ports } from '../../functions/shared/ports.ts';

export interface Mutation {
  readonly port: string;
  readonly call: string;
  /** What is changed: a job, a table, an object, an incident's readers. */
  readonly target: string;
}

type Targets<Port> = {
  readonly [Call in keyof Port]?: Port[Call] extends (...given: infer Given) => unknown ? (...given: Given) => string : never;
};

/** Artefacts, tables and the workflow are Glue Medic's own; publishing tells only itself. */
const MUTATING: { readonly [Port in 'jobStarter' | 'catalogWriter' | 'objectWriter' | 'notifier']: Targets<Ports[Port]> } = {
  jobStarter: {
    startJobRun: ({ jobName }) => jobName,
    stopJobRun: (jobName, runId) => `${jobName} ${runId}`,
  },
  catalogWriter: { updateTableColumns: ({ database, name }) => `${database}.${name}` },
  objectWriter: {
    putObject: (bucket, key) => `s3://${bucket}/${key}`,
    copyObject: ({ bucket, key }) => `s3://${bucket}/${key}`,
    deleteObject: (bucket, key) => `s3://${bucket}/${key}`,
  },
  notifier: { notify: ({ incidentId }) => incidentId },
};

/** The same port; `listener` hears of each mutating call before it is made, whether it succeeds or not. */
export function recordMutations<Port extends object>(
  port: Port,
  name: string,
  targets: Targets<Port>,
  listener: (mutation: Mutation) => void,
): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      const targetOf: unknown = Reflect.get(targets, property);
      return (...given: unknown[]) => {
        if (typeof targetOf === 'function') listener({ port: name, call: String(property), target: String(targetOf(...given)) });
        return Reflect.apply(member, target, given);
      };
    },
  });
}

/** All ports, those that can change something recorded. */
export function countingPorts(ports: Ports, listener: (mutation: Mutation) => void): Ports {
  return {
    ...ports,
    jobStarter: recordMutations(ports.jobStarter, 'jobStarter', MUTATING.jobStarter, listener),
    catalogWriter: recordMutations(ports.catalogWriter, 'catalogWriter', MUTATING.catalogWriter, listener),
    objectWriter: recordMutations(ports.objectWriter, 'objectWriter', MUTATING.objectWriter, listener),
    notifier: recordMutations(ports.notifier, 'notifier', MUTATING.notifier, listener),
  };
}
