import fc from 'fast-check';
import { feedRecords } from '../../../../../functions/detect-anomalies/schema-profiler/bytes/feed-records.ts';
import { type JsonLayout, JsonScanner } from '../../../../../functions/detect-anomalies/schema-profiler/json/json-scanner.ts';

async function scan(text: string | Uint8Array, layout: JsonLayout = 'lines', step = 1 << 20) {
  const records: unknown[] = [];
  const scanner = new JsonScanner(layout, {
    sink: (bytes, start, end) => records.push(JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)))),
  });
  const whole = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  async function* pieces() {
    for (let at = 0; at < whole.length; at += step) yield whole.subarray(at, at + step);
  }
  await feedRecords(pieces(), scanner, () => false);
  return { records, rows: scanner.rows, malformed: scanner.malformed, root: scanner.root };
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const record = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

describe('JsonScanner', () => {
  it('hands on every record as written, whatever the layout and the size of the pieces', async () => {
    const layouts = fc.constantFrom<JsonLayout>('lines', 'concatenated', 'array');
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        layouts,
        fc.integer({ min: 1, max: 30 }),
        async (rows, layout, step) => {
          const texts = {
            lines: rows.map((row) => JSON.stringify(row)).join('\n'),
            concatenated: rows.map((row) => JSON.stringify(row, null, 1)).join(''),
            array: JSON.stringify(rows, null, 2),
          };
          expect((await scan(texts[layout], layout, step)).records).toEqual(JSON.parse(JSON.stringify(rows)));
        },
      ),
    );
  });

  it('takes a line exactly where JSON.parse does', async () => {
    const signs = fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn \\u"abd\t');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: signs, minLength: 1, maxLength: 14 }), async (text) => {
        const line = `{"a":${text}}`;
        expect((await scan(line)).rows).toBe(isJson(line) ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes a damaged record exactly where JSON.parse does', async () => {
    const damaged = fc.tuple(record, fc.nat(), fc.constantFrom(...'{}[]",:0-.e\\x ')).map(([value, at, sign]) => {
      const text = JSON.stringify(value);
      const place = at % text.length;
      return `${text.slice(0, place)}${sign}${text.slice(place + 1)}`;
    });
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        const isRecord =
          isJson(text) && typeof JSON.parse(text) === 'object' && !Array.isArray(JSON.parse(text)) && JSON.parse(text) !== null;
        const { rows, malformed } = await scan(`{"a":1}\n${text}\n{"a":2}`);
        expect([rows, malformed]).toEqual(isRecord ? [3, 0] : [2, text.trim() === '' ? 0 : 1]);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves nothing of a damaged line in the statistics', async () => {
    const { root } = await scan('{"a":1,"b":{"c":[1,2]}}\n{"a":2,"b":{"c":[3,4,}}\n');
    expect(root.fields.get('a')?.seen).toBe(1);
    expect(root.fields.get('b')?.fields.get('c')?.element?.seen).toBe(2);
  });

  it('takes the escapes out of texts as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }), async (text) => {
        const escaped = [...text]
          .map((sign) => (sign.length === 1 ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : sign))
          .join('');
        const { root } = await scan(`{"a":"${escaped}"}`);
        root.fields.get('a')?.statistics.settle();
        expect(root.fields.get('a')?.statistics.textRange()?.[0]).toBe(text.toWellFormed());
      }),
    );
  });

  it.each([
    ['[1,2', 'the array is not closed'],
    ['[1,]', 'a value is expected'],
    ['[1 2]', 'a comma is missing'],
    ['[1] x', 'text behind the array'],
  ])('names what is wrong with the array %s', async (text, what) => {
    await expect(scan(text, 'array')).rejects.toMatchObject({ code: 'E_JSON', message: expect.stringContaining(what) });
  });

  it('counts records that are no objects among objects, bytes that are no UTF-8 and nesting without end', async () => {
    expect(await scan('{"a":1}\n[1]\n2\n')).toMatchObject({ rows: 1, malformed: 2 });
    expect(await scan(Uint8Array.from([...Buffer.from('{"a":"x"}\n{"a":"'), 0xc3, 0x28, ...Buffer.from('"}\n')]))).toMatchObject({
      rows: 1,
      malformed: 1,
    });
    expect(await scan(`{"a":1}\n{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatchObject({ rows: 1, malformed: 1 });
  });

  it('takes an object with endless new keys for a map, in bounded memory', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `{"rates":{"k${index}":${index},"k${index + 1}":0}}`).join('\n');
    const { root } = await scan(lines);
    expect(root.fields.get('rates')?.type()).toBe('map<string,bigint>');
    expect(root.fields.get('rates')?.fields.size).toBeLessThanOrEqual(1000);
  });
});
