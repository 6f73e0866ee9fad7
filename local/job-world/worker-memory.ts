/** How much the workers of a run can hold, scaled down so that small data can be too large: what is held is counted, not guessed. */
import { dpuOf } from '../../functions/shared/worker-types.ts';
import { driverOutOfMemory, executorOutOfMemory } from './spark-errors.ts';

/** Bytes of heap per DPU; R workers have twice as much. */
export const MEMORY_PER_DPU = 2 * 1024 * 1024;

/** What a JVM needs for a row: an object header and one boxed value per column, text with its own header. */
const ROW_BYTES = 48;
const VALUE_BYTES = 24;
const TEXT_BYTES = 40;

export class WorkerMemory {
  /** Bytes that one worker can hold. */
  readonly capacity: number;
  /** One worker of a run is its driver. */
  readonly executors: number;

  constructor(workerType: string, numberOfWorkers: number) {
    this.capacity = (dpuOf(workerType, 1) ?? 1) * MEMORY_PER_DPU * (workerType.startsWith('R.') ? 2 : 1);
    this.executors = Math.max(numberOfWorkers - 1, 1);
  }

  /** What a shuffle puts on each executor, by the hash of its key. Error: the executor is killed. */
  shuffle<Row extends object>(rows: readonly Row[], keyOf: (row: Row) => string): void {
    const held = new Array<number>(this.executors).fill(0);
    for (const row of rows) {
      const executor = hash(keyOf(row)) % this.executors;
      const bytes = (held[executor] ?? 0) + bytesOf(row);
      if (bytes > this.capacity) throw executorOutOfMemory(executor + 1);
      held[executor] = bytes;
    }
  }

  /** Rows brought to the driver. */
  collect(rows: readonly object[]): void {
    let held = 0;
    for (const row of rows) {
      held += bytesOf(row);
      if (held > this.capacity) throw driverOutOfMemory();
    }
  }
}

export function bytesOf(row: object): number {
  let bytes = ROW_BYTES;
  for (const value of Object.values(row)) bytes += VALUE_BYTES + (typeof value === 'string' ? TEXT_BYTES + value.length : 0);
  return bytes;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
