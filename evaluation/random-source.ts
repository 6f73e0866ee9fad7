/** Random numbers by seed: the same seed gives the same numbers on every machine. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { InputError } from '../functions/shared/errors.ts';

/** Uniform in [0,1). */
export type RandomSource = () => number;

/** Throws InputError E_CONFIG for a seed that is no 32-bit whole number. */
export function randomSource(seed: number): RandomSource {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new InputError('E_CONFIG', `seed is ${seed}, expected a whole number from 0 to 4294967295`);
  }
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Draws one of the keys, each as likely as its weight; weights need not sum to 1. Throws InputError E_CONFIG where all are 0. */
export function sampler<K extends string>(weights: Readonly<Record<K, number>>): (random: RandomSource) => K {
  const entries = (Object.entries(weights) as [K, number][]).filter(([, weight]) => weight > 0);
  const last = entries.at(-1);
  if (!last) throw new InputError('E_CONFIG', 'nothing to draw from: every weight is 0');
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  return (random) => {
    let left = random() * total;
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return last[0];
  };
}

/** Uniform between two numbers. */
export function between([low, high]: readonly [number, number], random: RandomSource): number {
  return low + (high - low) * random();
}
