import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { measure } from '../../../evaluation/measure/measure.ts';

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.text += chunk.toString();
    done();
  }
}

async function run(...argv: string[]) {
  const [stdout, stderr] = [new Kept(), new Kept()];
  return { exitCode: await measure(argv, { stdout, stderr }), stdout: stdout.text, stderr: stderr.text };
}

const failure = {
  id: 'f1',
  errorMessage: null,
  log: 'java.lang.OutOfMemoryError: Java heap space',
  family: 'resource_exhaustion',
  alsoAcceptable: [],
};
const healthy = { id: 'h1', log: 'INFO all rows were written' };

describe('npm run measure', () => {
  let folder = '';
  const write = async (path: string, ...records: unknown[]) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'measure-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says in one line what it expects where there is no folder, and exits 2', async () => {
    const { exitCode, stderr, stdout } = await run(join(folder, 'nowhere'));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^E_DATA: no folder ".*nowhere"; expected one that holds logs, schema_evolution, .*\n$/);
    expect(stdout).toBe('');
  });

  it('refuses unknown suites and options', async () => {
    expect((await run(folder, 'vibes')).stderr).toContain('E_USAGE: unknown suite "vibes"');
    expect((await run(folder, '--fast')).exitCode).toBe(2);
  });

  it('asks the product itself, prints a table and exits 0 where all goals are met', async () => {
    await write('logs/failures.jsonl', failure);
    await write('logs/healthy.jsonl', healthy);
    const { exitCode, stdout } = await run(folder, 'classify');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/classify\s*│ precision\s*│ 1\.0000\s*│ ≥ 0\.97 │ yes/);
    expect(stdout).toContain('little about unseen data');
  });

  it('exits 1 and names the record where the label says otherwise', async () => {
    await write('logs/failures.jsonl', { ...failure, family: 'access_denied' });
    await write('logs/healthy.jsonl', healthy);
    const { exitCode, stdout } = await run(folder, 'classify');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('f1: access_denied was called resource_exhaustion');
  });

  it('does not call goals met whose data is missing or damaged', async () => {
    await write('logs/failures.jsonl', { id: 'f1' });
    const { exitCode, stdout } = await run(folder, 'classify', 'dates', '--json');
    expect(exitCode).toBe(1);
    const { met, suites } = JSON.parse(stdout);
    expect(met).toBe(false);
    expect(suites[0].error).toMatch(/^E_DATA: ".*failures\.jsonl:1": /);
    expect(suites[1].error).toMatch(/^E_DATA: ".*datetime_zoo\.jsonl" cannot be read \(ENOENT\)/);
  });

  it('measures types, drift and quality on pairs of its own', async () => {
    await write('schema_evolution/type_pairs_glue_consensus.jsonl', {
      old: 'int',
      new: 'bigint',
      consensus: 'widening',
      accept: ['widening'],
    });
    await write('schema_evolution/schema_pairs.jsonl', {
      id: 'p',
      kind: 'glue_ddl',
      old: { columns: [{ name: 'id', type: 'int' }] },
      new: {
        columns: [
          { name: 'id', type: 'int' },
          { name: 'note', type: 'string' },
        ],
      },
      expected: { added: ['note'], breaking: false, no_change: false },
    });
    const rows = (note: (row: number) => string) => `id,note\n${Array.from({ length: 400 }, (_, row) => `${row},${note(row)}\n`).join('')}`;
    await write('quality_pairs/cell_diff.json', {
      notes: {
        cell_error_rate: 0.25,
        per_column: [
          { position: 0, label: 'clean' },
          { position: 1, label: 'degraded' },
        ],
      },
    });
    await mkdir(join(folder, 'quality_pairs/notes'));
    await writeFile(
      join(folder, 'quality_pairs/notes/clean.csv'),
      rows((row) => `code-${row % 10}`),
    );
    await writeFile(
      join(folder, 'quality_pairs/notes/dirty.csv'),
      rows((row) => (row % 2 === 0 ? '' : `code-${row % 10}`)),
    );
    const { stdout } = await run(folder, 'types', 'drift', 'quality', '--json');
    const { suites } = JSON.parse(stdout);
    const shown = Object.fromEntries(
      suites.flatMap((suite: { measurements: { measure: string; shown: string }[] }) =>
        suite.measurements.map((each) => [each.measure, each.shown]),
      ),
    );
    expect(shown).toMatchObject({
      'verdict of all engines': '1/1',
      'added F1': '1.0000',
      'breaking verdict': '1/1',
      'column precision': '1.0000',
      'column recall': '1.0000',
      'flagged between clean halves': '0/2',
      'score drops': '1/1',
    });
  });
});
