/** The ports that change something outside, each call of which first asks whether it still may. */
import type { Ports } from '../shared/ports.ts';

export type Writers = Pick<Ports, 'jobStarter' | 'catalogWriter' | 'objectWriter'>;
/** Everything else: what an action may use without asking. */
export type ReadingPorts = Omit<Ports, keyof Writers>;

/** `permit` throws where the call must not be made; nothing lies between its answer and the call. */
export function guardedWriters({ jobStarter, catalogWriter, objectWriter }: Writers, permit: () => Promise<void>): Writers {
  const guarded =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      await permit();
      return call(...given);
    };
  return {
    jobStarter: {
      startJobRun: guarded((request) => jobStarter.startJobRun(request)),
      stopJobRun: guarded((jobName, runId) => jobStarter.stopJobRun(jobName, runId)),
    },
    catalogWriter: {
      updateTableColumns: guarded((table, columns, partitionKeys) => catalogWriter.updateTableColumns(table, columns, partitionKeys)),
    },
    objectWriter: {
      putObject: guarded((bucket, key, body, options) => objectWriter.putObject(bucket, key, body, options)),
      copyObject: guarded((request) => objectWriter.copyObject(request)),
      deleteObject: guarded((bucket, key, options) => objectWriter.deleteObject(bucket, key, options)),
    },
  };
}
