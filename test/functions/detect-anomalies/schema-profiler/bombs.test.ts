import { execFileSync } from 'node:child_process';

/** Runs in a process of its own: what another test has allocated before would hide the growth. */
const script = `
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
const at = (path) => new URL('functions/detect-anomalies/schema-profiler/' + path, 'file://' + process.cwd() + '/').href;
const { bytesSource } = await import(at('file-source.ts'));
const { profile } = await import(at('profile.ts'));
const { readSample } = await import(at('read-sample.ts'));
const zeros = Buffer.alloc(1 << 20);
const members = Array.from({ length: 256 }, () => gzipSync(zeros));
const parquet = readFileSync('test/functions/detect-anomalies/schema-profiler/parquet/fixtures/flat-none.parquet');
const lying = (from, to) => {
  // every page header in the file that names a size of its page now names another
  const changed = Buffer.from(parquet);
  for (let place = changed.indexOf(from); place >= 0; place = changed.indexOf(from, place + 1)) to.copy(changed, place);
  return changed;
};
const bombs = {
  'many.csv.gz': Buffer.concat(members),
  'many.jsonl.gz': Buffer.concat([gzipSync('[' + ' '.repeat(1 << 20)), ...members.slice(0, 1), gzipSync(Buffer.alloc(1 << 26, '['))]),
  'pages.parquet': lying(Buffer.from([0x15, 0x00, 0x15]), Buffer.from([0x15, 0xfe, 0xff])),
  'open.csv': Buffer.concat([Buffer.from('a,b\\n1,"'), Buffer.alloc(40 << 20, 'x')]),
  'wide.csv': Buffer.from('c,'.repeat(1000000)),
  'nested.jsonl': Buffer.concat([Buffer.alloc(20 << 20, '['), Buffer.from('\\n')]),
  'archive.zip': Buffer.concat([Buffer.from('PK\\x03\\x04'), zeros]),
};
const before = process.memoryUsage().rss;
let peak = before;
const codes = {};
const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 5);
for (const [name, bytes] of Object.entries(bombs)) {
  for (const read of [profile, readSample]) {
    try { await read(bytesSource(name, bytes)); codes[name] = 'read'; } catch (error) { codes[name] = error.code; }
    peak = Math.max(peak, process.memoryUsage().rss);
  }
}
clearInterval(watch);
console.log(JSON.stringify({ codes, growth: (peak - before) / 2 ** 20 }));
`;

/** Garbage is collected early: what is measured is what is held, not how busy the machine is. */
const FLAGS = ['--max-semi-space-size=1', '--optimize-for-size'];

describe('bombs', () => {
  it('R69 B16 B17 B18 meet a named error, and grow the process by less than 64 MB', () => {
    const { codes, growth } = JSON.parse(
      execFileSync(process.execPath, [...FLAGS, '--input-type=module', '-e', script], { encoding: 'utf8' }),
    );
    expect(codes).toEqual({
      'many.csv.gz': 'E_SAMPLE_TOO_LARGE',
      'many.jsonl.gz': 'E_SAMPLE_TOO_LARGE',
      'pages.parquet': expect.stringMatching(/^E_(?:PARQUET_PAGE|SAMPLE_TOO_LARGE)$/),
      'open.csv': 'E_CSV',
      'wide.csv': 'E_CSV',
      'nested.jsonl': expect.stringMatching(/^E_(?:JSON|SAMPLE_TOO_LARGE)$/),
      'archive.zip': 'E_FORMAT',
    });
    expect(growth).toBeLessThan(64);
  });
});
