import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTableFile, unreadable } from '../../../functions/detect-anomalies/read-table-file.ts';
import { EnvironmentError, InputError, IntegrityError } from '../../../functions/shared/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-table-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readTableFile', () => {
  it('reads rows, whatever the names of their columns', async () => {
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'a,a\n1,2\n');
    expect((await readTableFile(path)).columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', ['1']],
      ['a_1', ['2']],
    ]);
  });

  it.each([
    ['nowhere.csv', /E_FILE: .*ENOENT/],
    ['', /E_FILE: /],
  ])('says why %j cannot be had, as an error of the input', async (name, message) => {
    const reading = readTableFile(join(folder, name));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });

  it('takes a file that may not be read, or that its disk does not give, for a wrong input', () => {
    const systemError = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' });
    for (const error of [systemError, new EnvironmentError('E_FILE', '"x.csv" cannot be opened (EACCES)')]) {
      const told = unreadable('x.csv', error);
      expect(told).toBeInstanceOf(InputError);
      expect(told).toMatchObject({
        code: 'E_FILE',
        message: 'E_FILE: "x.csv" cannot be read (EACCES); allow it to be read, or name another file',
      });
    }
    const eio = Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'read' });
    expect(unreadable('x.csv', eio)).toMatchObject({ message: expect.stringContaining('(EIO); name a readable file') });
  });

  it('leaves other errors alone', () => {
    for (const error of [new TypeError('mistake'), new IntegrityError('E_X', 'y'), new InputError('E_CSV', 'row 3')])
      expect(unreadable('x.csv', error)).toBe(error);
  });
});
