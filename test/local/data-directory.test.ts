import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataDirectory, requireUsable, runningProcess } from '../../local/data-directory.ts';
import { scratchDirectory } from './scratch-directory.ts';

/** The id of a process that is no more. */
const goneProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('the data directory', () => {
  it('is made with the folders above it, is owned, and is given back', () => {
    const path = join(scratchDirectory(), 'a/b');
    const directory = openDataDirectory(path, { fresh: false });
    expect(directory.isNew).toBe(true);
    directory.announce(4711, 'secret');
    expect(runningProcess(path)).toEqual({ pid: process.pid, port: 4711, token: 'secret' });
    directory.release();
    expect(readdirSync(path)).toEqual(['glue-medic.json']);
    expect(() => runningProcess(path)).toThrow(/E_NOT_RUNNING/);
  });

  it('is taken over from a process that was killed', () => {
    const path = scratchDirectory();
    openDataDirectory(path, { fresh: false }).release();
    writeFileSync(join(path, 'process.json'), JSON.stringify({ pid: goneProcess(), port: 1, token: 'old' }));
    const directory = openDataDirectory(path, { fresh: false });
    expect(directory.isNew).toBe(false);
    expect(JSON.parse(readFileSync(join(path, 'process.json'), 'utf8'))).toEqual({ pid: process.pid, port: 0, token: '' });
    directory.release();
  });

  it('is emptied by `fresh` except for its mark and its owner', () => {
    const path = scratchDirectory();
    openDataDirectory(path, { fresh: false }).release();
    writeFileSync(join(path, 'old'), 'x');
    const directory = openDataDirectory(path, { fresh: true });
    expect(directory.isNew).toBe(true);
    expect(readdirSync(path).toSorted()).toEqual(['glue-medic.json', 'process.json']);
    directory.release();
  });

  it('gives back only what is still its own', () => {
    const path = scratchDirectory();
    const directory = openDataDirectory(path, { fresh: false });
    const another = JSON.stringify({ pid: process.ppid, port: 1, token: 'theirs' });
    writeFileSync(join(path, 'process.json'), another);
    directory.release();
    expect(readFileSync(join(path, 'process.json'), 'utf8')).toBe(another);
    expect(() => requireUsable(path)).toThrow(/E_DATA_DIRECTORY_OWNED/);
  });

  it('is looked at without a trace', () => {
    const path = join(scratchDirectory(), 'not-yet');
    requireUsable(path);
    expect(existsSync(path)).toBe(false);
  });
});
