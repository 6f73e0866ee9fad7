/** A table of rows in the hands of a job: the few transformations that the jobs need, with the memory that each needs counted. */
import type { Column } from '../../functions/shared/actions.ts';
import type { Value } from './cast.ts';
import type { Spark } from './spark.ts';
import { unresolvedColumn } from './spark-errors.ts';

export type Row = Readonly<Record<string, Value>>;

export class DataFrame {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly #spark: Spark;

  constructor(spark: Spark, columns: readonly Column[], rows: readonly Row[]) {
    this.#spark = spark;
    this.columns = columns;
    this.rows = rows;
  }

  select(...names: readonly string[]): DataFrame {
    this.#spark.step('select');
    const chosen = names.map((name) => this.#column(name));
    const rows = this.rows.map((row) => Object.fromEntries(chosen.map(({ name }) => [name, row[name] ?? null])));
    return new DataFrame(this.#spark, chosen, rows);
  }

  filter(keep: (row: Row) => boolean): DataFrame {
    this.#spark.step('filter');
    return new DataFrame(this.#spark, this.columns, this.rows.filter(keep));
  }

  withColumn(name: string, type: string, compute: (row: Row) => Value): DataFrame {
    this.#spark.step('withColumn');
    const others = this.columns.filter((column) => column.name !== name);
    return new DataFrame(
      this.#spark,
      [...others, { name, type }],
      this.rows.map((row) => ({ ...row, [name]: compute(row) })),
    );
  }

  /** Inner join on columns of the same name. Both sides are shuffled. */
  join(other: DataFrame, ...keys: readonly string[]): DataFrame {
    this.#spark.step('join');
    const keyOf = keyOver(keys.map((key) => this.#column(key).name));
    for (const key of keys) other.#column(key);
    this.#spark.memory.shuffle([...this.rows, ...other.rows], keyOf);
    const matches = Map.groupBy(other.rows, keyOf);
    const rows = this.rows.flatMap((row) => (matches.get(keyOf(row)) ?? []).map((match) => ({ ...match, ...row })));
    const added = other.columns.filter((column) => !this.columns.some(({ name }) => name === column.name));
    return new DataFrame(this.#spark, [...this.columns, ...added], rows);
  }

  /** One row per group, in the order of their first rows; all rows of a group are held by one executor. */
  groupBy(keys: readonly string[], aggregates: Readonly<Record<string, { type: string; of: (rows: readonly Row[]) => Value }>>): DataFrame {
    this.#spark.step('groupBy');
    const keyColumns = keys.map((key) => this.#column(key));
    const keyOf = keyOver(keys);
    this.#spark.memory.shuffle(this.rows, keyOf);
    const rows = [...Map.groupBy(this.rows, keyOf).values()].map((group) => ({
      ...Object.fromEntries(keys.map((key) => [key, group[0]?.[key] ?? null])),
      ...Object.fromEntries(Object.entries(aggregates).map(([name, { of }]) => [name, of(group)])),
    }));
    const aggregateColumns = Object.entries(aggregates).map(([name, { type }]) => ({ name, type }));
    return new DataFrame(this.#spark, [...keyColumns, ...aggregateColumns], rows);
  }

  /** All rows, in the driver's memory. */
  collect(): readonly Row[] {
    this.#spark.step('collectToPython');
    this.#spark.memory.collect(this.rows);
    return this.rows;
  }

  count(): number {
    this.#spark.step('count');
    return this.rows.length;
  }

  /** Writes CSV below `prefix`, in place of what was there: the same run twice leaves the same output. */
  async overwrite(bucket: string, prefix: string): Promise<void> {
    await this.#spark.overwrite(this, bucket, prefix);
  }

  /** Names differ only where they do without regard to case. */
  #column(name: string): Column {
    const found = this.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (!found)
      throw unresolvedColumn(
        name,
        this.columns.map((column) => column.name),
      );
    return found;
  }
}

function keyOver(names: readonly string[]): (row: Row) => string {
  return (row) => JSON.stringify(names.map((name) => String(row[name] ?? null)));
}
