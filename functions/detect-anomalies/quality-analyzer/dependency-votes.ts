/**
 * Approximate functional dependencies: where one column's value nearly always goes with one value of another, a row that breaks the
 * rule is inconsistent. Every dependency into a column has a vote on each row; a column is blamed where more votes are against than for.
 */

/** Share of the rows of a group that must agree for the group to have an opinion. */
const AGREEMENT = 0.9;
/** Two rows that agree are enough where many groups are of one mind; where there are few groups, each must show more. */
const FEWEST_WITNESSES = 2;
const WITNESSES_IN_ALL = 30;

/** One dependency's verdict per row: 1 agrees, -1 contradicts, 0 no opinion. */
export interface Votes {
  readonly from: number;
  readonly to: number;
  readonly perRow: Int8Array;
}

/** What a value of `from` goes with. */
export interface Group {
  rows: number;
  /** The most frequent value of `to`, its rows, and the rows of the second most frequent. */
  top: number;
  topRows: number;
  secondRows: number;
}

/** Groups rows by `from`; codes below zero are missing and take no part. */
export function groupRows(from: Int32Array, to: Int32Array, rows: number, distinctTo: number): Map<number, Group> {
  const pairs = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const [x = -1, y = -1] = [from[row], to[row]];
    if (x < 0 || y < 0) continue;
    const pair = x * distinctTo + y;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  const groups = new Map<number, Group>();
  for (const [pair, count] of pairs) {
    const [x, y] = [Math.floor(pair / distinctTo), pair % distinctTo];
    const group = groups.get(x);
    if (!group) {
      groups.set(x, { rows: count, top: y, topRows: count, secondRows: 0 });
      continue;
    }
    group.rows += count;
    if (count > group.topRows) [group.top, group.topRows, group.secondRows] = [y, count, group.topRows];
    else group.secondRows = Math.max(group.secondRows, count);
  }
  return groups;
}

/** How many agreeing rows a group needs to have an opinion. */
export function witnessesNeeded(groups: ReadonlyMap<number, Group>): number {
  const ofOneMind = [...groups.values()].filter((group) => opinionOf(group, FEWEST_WITNESSES) !== null).length;
  return Math.max(FEWEST_WITNESSES, Math.ceil(WITNESSES_IN_ALL / Math.max(1, ofOneMind)));
}

/** What the group says about new rows: the code of `to`, or null where it is undecided. */
export function opinionOf(group: Group, witnesses: number): number | null {
  return group.topRows >= witnesses && group.topRows >= AGREEMENT * group.rows ? group.top : null;
}

/** What the other rows of its group say about one of their own: 1 agree, -1 contradict, 0 undecided. */
export function verdictOfOthers(group: Group, value: number, witnesses: number): -1 | 0 | 1 {
  const others = group.rows - 1;
  if (value !== group.top) return group.topRows >= witnesses && group.topRows >= AGREEMENT * others ? -1 : 0;
  const rest = group.topRows - 1;
  return rest >= witnesses && rest >= AGREEMENT * others ? 1 : 0;
}

/** Of columns with an equal case against them, those that are contradicted most when their own votes count too. */
function worstOverall(columns: readonly number[], votes: readonly Votes[], row: number): Set<number> {
  if (columns.length === 1) return new Set(columns);
  const involved = columns.map((column) =>
    votes.reduce((sum, vote) => (vote.from === column || vote.to === column ? sum + (vote.perRow[row] ?? 0) : sum), 0),
  );
  const worst = Math.min(...involved);
  return new Set(columns.filter((_, index) => involved[index] === worst));
}

export interface Blame {
  /** Rows on which some dependency into the column had an opinion. */
  readonly checked: number;
  readonly rows: readonly number[];
}

/**
 * Per column, the rows whose value contradicts what the other columns say. The column with the strongest case against it is blamed
 * first and loses its own votes on that row, so that one wrong value is not blamed on everything that it determines. `suspicion` is the
 * share of bad cells that a column is known to have otherwise: where two columns contradict each other, it is the likelier one.
 */
export function blameColumns(votes: readonly Votes[], columnCount: number, rowCount: number, suspicion?: readonly number[]): Blame[] {
  const checked = new Array<number>(columnCount).fill(0);
  const blamed: number[][] = Array.from({ length: columnCount }, () => []);
  const cost = Float64Array.from(
    { length: columnCount },
    (_, column) => -Math.log(Math.min(0.5, Math.max(0.001, suspicion?.[column] ?? 0))),
  );
  const balance = new Float64Array(columnCount);
  for (let row = 0; row < rowCount; row++) {
    let open = votes.filter((vote) => vote.perRow[row] !== 0);
    for (const column of new Set(open.map((vote) => vote.to))) checked[column] = (checked[column] ?? 0) + 1;
    while (open.some((vote) => vote.perRow[row] === -1)) {
      balance.fill(0);
      for (const vote of open) balance[vote.to] = (balance[vote.to] ?? 0) + (vote.perRow[row] ?? 0) / (cost[vote.to] ?? 1);
      const worst = Math.min(...balance);
      if (worst > -1e-9) break;
      const culprits = worstOverall(
        [...balance.keys()].filter((column) => (balance[column] ?? 0) < worst + 1e-9),
        open,
        row,
      );
      for (const column of culprits) blamed[column]?.push(row);
      open = open.filter((vote) => !culprits.has(vote.from) && !culprits.has(vote.to));
    }
  }
  return blamed.map((rows, column) => ({ checked: checked[column] ?? 0, rows }));
}
