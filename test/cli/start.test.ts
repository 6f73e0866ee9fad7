/** The real command in a process of its own, at the edges that end before anything is begun: one line, the exit code, nothing left. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { scratchDirectory } from '../local/scratch-directory.ts';

const ENTRY = join(import.meta.dirname, '../../cli/glue-medic.mjs');
const TIMEOUT = 30_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function glueMedic(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** One line on stderr that begins with the error's code, nothing on stdout. */
function oneLine(code: number, error: string) {
  return { code, out: '', err: expect.stringMatching(new RegExp(`^${error}: [^\\n]+\\n$`)) };
}

function file(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('B30 a wrong command line', () => {
  it.each([
    [['strat'], 'E_USAGE'],
    [['start', '--onec'], 'E_USAGE'],
    [['start', 'orders'], 'E_USAGE'],
    [['start', '--port', 'abc'], 'E_USAGE'],
    [['start', '--port', '65536'], 'E_USAGE'],
    [['start', '--baseline', 'a.csv'], 'E_USAGE'],
    [['start', '--current', 'b.csv'], 'E_USAGE'],
    [['start', '--log', 'run.log'], 'E_USAGE'],
    [['start', '--once', '--data-directory', ''], 'E_DATA_DIRECTORY'],
    [['approve'], 'E_USAGE'],
    [['reject', 'apr-1', 'apr-2'], 'E_USAGE'],
    [['kill-switch', 'maybe'], 'E_USAGE'],
    [['kill-switch', 'on', 'off'], 'E_USAGE'],
    [['jobs'], 'E_USAGE'],
    [['policy'], 'E_USAGE'],
    [['classify'], 'E_USAGE'],
    [['classify', 'no-such.log'], 'E_FILE'],
    [['drift', 'no-such.csv', 'no-such.csv'], 'E_FILE'],
    [['quality', 'no-such.csv', 'no-such.csv'], 'E_FILE'],
  ])(
    '%j is told in one line, with exit code 2',
    async (args, error) => expect(await glueMedic(...args)).toEqual(oneLine(2, error)),
    TIMEOUT,
  );
});

describe('files of the user that cannot be read', () => {
  it(
    'are told in one line, with exit code 2, before a data directory is made',
    async () => {
      const folder = scratchDirectory();
      const directory = join(folder, 'data');
      const good = file(folder, 'good.csv', 'id,name\n1,Ada\n2,Grace\n');
      mkdirSync(join(folder, 'a-folder.csv'));
      const bad = {
        missing: join(folder, 'missing.csv'),
        folder: join(folder, 'a-folder.csv'),
        empty: file(folder, 'empty.csv', ''),
        'header only': file(folder, 'header.csv', 'id,name\n'),
        binary: file(
          folder,
          'binary.csv',
          Uint8Array.from({ length: 2000 }, (_, at) => (at * 7919) % 251),
        ),
        'no Parquet': file(folder, 'cut.parquet', 'PAR1 cut off'),
      };
      const start = (...files: string[]) => glueMedic('start', '--once', '--data-directory', directory, ...files);
      const baselines = Object.entries(bad).map(async ([what, path]) => [what, await start('--baseline', path, '--current', good)]);
      const others = [bad.missing, bad.folder, bad.empty].flatMap((path) => [
        start('--baseline', good, '--current', path),
        start('--baseline', good, '--current', good, '--log', path),
      ]);
      for (const [what, ended] of await Promise.all(baselines)) expect([what, ended]).toEqual([what, oneLine(2, 'E_INPUT_FILE')]);
      for (const ended of await Promise.all(others)) expect(ended).toEqual(oneLine(2, 'E_INPUT_FILE'));
      expect(existsSync(directory)).toBe(false);
    },
    2 * TIMEOUT,
  );
});

describe('surroundings that do not serve', () => {
  it(
    'a taken port is told with exit code 3, and neither a directory made nor one emptied',
    async () => {
      const folder = scratchDirectory();
      const kept = join(folder, 'kept');
      mkdirSync(kept);
      file(kept, 'glue-medic.json', '{"product":"glue-medic","layout":1}');
      file(kept, 'precious', 'yes');
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const port = String((server.address() as AddressInfo).port);
        expect(await glueMedic('start', '--port', port, '--data-directory', join(folder, 'new'))).toEqual(oneLine(3, 'E_PORT'));
        expect(await glueMedic('start', '--fresh', '--port', port, '--data-directory', kept)).toEqual(oneLine(3, 'E_PORT'));
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
      expect(existsSync(join(folder, 'new'))).toBe(false);
      expect(readFileSync(join(kept, 'precious'), 'utf8')).toBe('yes');
    },
    TIMEOUT,
  );

  it(
    'a folder of somebody else is left as it is, with --fresh too',
    async () => {
      const folder = scratchDirectory();
      file(folder, 'thesis.tex', 'ten years');
      expect(await glueMedic('start', '--once', '--fresh', '--data-directory', folder)).toEqual(oneLine(2, 'E_DATA_DIRECTORY'));
      expect(readdirSync(folder)).toEqual(['thesis.tex']);
    },
    TIMEOUT,
  );

  it(
    'a directory that cannot be made is told with exit code 3',
    async () => {
      const path = join(file(scratchDirectory(), 'a-file', 'x'), 'data');
      expect(await glueMedic('start', '--once', '--data-directory', path)).toEqual(oneLine(3, 'E_DATA_DIRECTORY'));
    },
    TIMEOUT,
  );

  it(
    'a directory of a running process is told with exit code 3, and left to it',
    async () => {
      const folder = scratchDirectory();
      file(folder, 'glue-medic.json', '{"product":"glue-medic","layout":1}');
      const owner = JSON.stringify({ pid: process.pid, port: 0, token: '' });
      file(folder, 'process.json', owner);
      expect(await glueMedic('start', '--once', '--fresh', '--data-directory', folder)).toEqual(oneLine(3, 'E_DATA_DIRECTORY_OWNED'));
      expect(readFileSync(join(folder, 'process.json'), 'utf8')).toBe(owner);
    },
    TIMEOUT,
  );

  it.each([['incidents'], ['approve', 'apr-1'], ['reject', 'apr-1'], ['verify'], ['jobs', 'list'], ['kill-switch']])(
    '%s needs a running process: exit code 3',
    async (...args) => {
      const directory = join(scratchDirectory(), 'none');
      expect(await glueMedic(...args, '--data-directory', directory)).toEqual(oneLine(3, 'E_NOT_RUNNING'));
    },
    TIMEOUT,
  );
});

describe('what asks for nothing', () => {
  it(
    'tells the version, and the commands',
    async () => {
      expect(await glueMedic('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
      expect(await glueMedic('--help')).toEqual({ code: 0, out: expect.stringContaining('approve'), err: '' });
      expect((await glueMedic('start', '--help')).out).toContain('--data-directory');
    },
    TIMEOUT,
  );
});
