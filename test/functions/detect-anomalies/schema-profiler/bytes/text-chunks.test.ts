import { gzipSync } from 'node:zlib';
import { bytesSource } from '../../../../../functions/detect-anomalies/schema-profiler/bytes/file-source.ts';
import { openText } from '../../../../../functions/detect-anomalies/schema-profiler/bytes/text-chunks.ts';

async function textOf(bytes: Uint8Array, gzip = false, maxBytes?: number) {
  const stream = await openText(bytesSource('data.csv', bytes), gzip, maxBytes === undefined ? {} : { maxBytes });
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString('utf8'), encoding: stream.encoding, stopped: stream.stoppedEarly() };
}

const long = Array.from({ length: 60_000 }, (_, index) => `${index},straße,${(index * 7919) % 1009}`).join('\n');

describe('openText', () => {
  it.each([
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFa,b\n'), 'utf-8'],
    ['UTF-16 with a mark', Buffer.from('\uFEFFa,b\n', 'utf16le'), 'utf-16le'],
    ['UTF-16, big end first', Buffer.from('\uFEFFa,b\n', 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 without a mark', Buffer.from('a,b\n', 'utf16le'), 'utf-16le'],
  ])('reads %s', async (_, bytes, encoding) => {
    expect(await textOf(bytes)).toEqual({ text: 'a,b\n', encoding, stopped: false });
  });

  it('B18 reads Windows text', async () => {
    expect((await textOf(Buffer.from('name;größe\nJürgen;5 €\n', 'latin1').map((byte) => (byte === 0xac ? 0x80 : byte)))).text).toContain(
      'Jürgen',
    );
  });

  it('reads long text unchanged, plain, compressed and in several gzip members', async () => {
    const bytes = Buffer.from(long);
    expect((await textOf(bytes)).text).toBe(long);
    expect((await textOf(gzipSync(bytes), true)).text).toBe(long);
    const members = Buffer.concat([gzipSync(bytes.subarray(0, 100_000)), gzipSync(bytes.subarray(100_000))]);
    expect((await textOf(members, true)).text).toBe(long);
    expect((await textOf(Buffer.concat([gzipSync(bytes), Buffer.alloc(512)]), true)).text).toBe(long);
  });

  it('reads a character that is cut by the end of a chunk', async () => {
    const text = 'é'.repeat(400_000);
    expect((await textOf(Buffer.from(`x${text}`))).text).toBe(`x${text}`);
    expect((await textOf(Buffer.from(`x${text}`, 'utf16le'))).text).toBe(`x${text}`);
  });

  it.each([
    ['cut off', gzipSync(long).subarray(0, 5000)],
    ['cut off within its header', gzipSync(long).subarray(0, 6)],
    ['followed by something else', Buffer.concat([gzipSync(long), Buffer.from('garbage')])],
    ['changed in the middle', Buffer.concat([gzipSync(long).subarray(0, 3000), Buffer.alloc(3000, 0x55)])],
  ])('B16 says that gzip data is damaged where it is %s', async (_, bytes) => {
    await expect(textOf(bytes, true)).rejects.toMatchObject({ code: 'E_SAMPLE_CORRUPT' });
  });

  it('R69 B16 stops at a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, '1,2\n'));
    await expect(textOf(bomb, true)).rejects.toMatchObject({
      code: 'E_SAMPLE_TOO_LARGE',
      message: expect.stringMatching(/>1 MiB after inflate/),
    });
  });

  it('stops without an error where a sample is long enough', async () => {
    const { text, stopped } = await textOf(Buffer.from(long), false, 1000);
    expect(stopped).toBe(true);
    expect(text).toBe(Buffer.from(long).subarray(0, 1000).toString('utf8'));
    expect((await textOf(gzipSync(long), true, 1000)).stopped).toBe(true);
  });
});
