/** Reads one figure of a suite's result by its name. */
import type { SuiteResult } from '../../../evaluation/measure/measurement.ts';

/** The value and whether the goal is met, such as `0.5 no`; a name that is not there fails the test. */
export function figureOf({ measurements }: SuiteResult, measure: string): string {
  const found = measurements.find((each) => each.measure === measure);
  if (!found) throw new Error(`no measure ${measure} among ${measurements.map((each) => each.measure).join(', ')}`);
  const met = found.met === null ? 'reported' : found.met ? 'met' : 'missed';
  return `${found.shown} ${met}`;
}
