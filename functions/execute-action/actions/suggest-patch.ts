/** The change of script that a person could make where neither the catalog nor the job's arguments can mend the schema. */

interface Change {
  readonly path: string;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** At most so many columns are spelt out; the rest is counted. */
const SHOWN = 10;

export function suggestPatch(changes: readonly Change[]): string {
  const lines = changes.slice(0, SHOWN).map(suggestLine);
  if (changes.length > SHOWN) lines.push(`# and ${changes.length - SHOWN} more columns`);
  return ['# In the job script, after reading the input:', 'from pyspark.sql import functions as F', ...lines].join('\n').slice(0, 4000);
}

function suggestLine(change: Change): string {
  const column = JSON.stringify(change.path);
  if (change.kind === 'format_changed') {
    const [to, from] = [sparkPattern(change.to), sparkPattern(change.from)];
    return `df = df.withColumn(${column}, F.coalesce(F.to_date(F.col(${column}), ${JSON.stringify(to)}), F.to_date(F.col(${column}), ${JSON.stringify(from)})))`;
  }
  return `df = df.withColumn(${column}, F.col(${column}).try_cast(${JSON.stringify(change.from ?? 'string')}))  # was ${change.from ?? '?'}, is ${change.to ?? '?'}`;
}

/** Formats are reported as `date(dd/MM/yyyy)` or as the bare pattern. */
function sparkPattern(format: string | null): string {
  return /\(([^)]*)\)/.exec(format ?? '')?.[1] ?? format ?? 'yyyy-MM-dd';
}
