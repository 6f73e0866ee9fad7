/** What Python does where JavaScript would shrug: the scripts' own logic fails as it would in Glue. */
import { PythonFailure } from './failures.ts';

/** `a / b` */
export function divide(a: number, b: number): number {
  if (b === 0) throw new PythonFailure('ZeroDivisionError', Number.isInteger(a) ? 'division by zero' : 'float division by zero');
  return a / b;
}

/** `mapping[key]` */
export function lookUp<T>(mapping: ReadonlyMap<string, T>, key: string): T {
  const value = mapping.get(key);
  if (value === undefined) throw new PythonFailure('KeyError', `'${key}'`);
  return value;
}
