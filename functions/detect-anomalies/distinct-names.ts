/** Column names of which each stands for one column: `id,name,id` becomes `id,name,id_1`, as DuckDB has it. */
import type { TableSample } from './table-sample.ts';

/** Later ones get a number, the first that makes a name of its own. Pure. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = next.get(name) ?? 1;
    while (taken.has(`${name}_${number}`)) number += 1;
    next.set(name, number + 1);
    taken.add(`${name}_${number}`);
    return `${name}_${number}`;
  });
}

/** The same sample where its names are distinct already. */
export function withDistinctNames(sample: TableSample): TableSample {
  const names = sample.columns.map(({ name }) => name);
  if (new Set(names).size === names.length) return sample;
  const distinct = distinctNames(names);
  return { ...sample, columns: sample.columns.map((column, index) => ({ ...column, name: distinct[index] ?? column.name })) };
}
