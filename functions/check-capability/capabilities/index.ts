/** All capability checks by id, which is the file's name. */
import type { Capability } from '../capability.ts';
import { coercionDeclared } from './coercion-declared.ts';
import { lakeFormation } from './lake-formation.ts';
import { movableObjects } from './movable-objects.ts';
import { overridableArguments } from './overridable-arguments.ts';
import { runSlot } from './run-slot.ts';
import { tableFormat } from './table-format.ts';
import { tableVersion } from './table-version.ts';
import { versionedBuckets } from './versioned-buckets.ts';
import { workerType } from './worker-type.ts';

export const CAPABILITIES: Readonly<Record<string, Capability>> = {
  'run-slot': runSlot,
  'worker-type': workerType,
  'overridable-arguments': overridableArguments,
  'coercion-declared': coercionDeclared,
  'table-format': tableFormat,
  'table-version': tableVersion,
  'lake-formation': lakeFormation,
  'versioned-buckets': versionedBuckets,
  'movable-objects': movableObjects,
};
