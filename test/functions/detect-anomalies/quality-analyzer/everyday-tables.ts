/** Tables of different character, as fields deliver them day by day, and the mistakes that are made with their cells. */
import { type Draw, drawer, type Row } from './seeded-rows.ts';

export interface EverydayTable {
  readonly name: string;
  /** Rows of one day; `first` is the number of the first. */
  readonly rows: (day: number, count: number, seed: number) => Row[];
}

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const two = (number: number) => String(number).padStart(2, '0');
const of = <T>(draw: Draw, list: readonly T[]): T => list[draw(list.length)] as T;
/** The first are the most frequent. */
const mostly = <T>(draw: Draw, list: readonly T[]): T => list[Math.min(draw(list.length), draw(list.length))] as T;
/** Roughly normal, between 0 and 1. */
const bell = (draw: Draw) => (draw(1000) + draw(1000) + draw(1000)) / 3000;
const german = (amount: number) =>
  amount
    .toFixed(2)
    .replace('.', ',')
    .replace(/\B(?=(\d{3})+,)/g, '.');

const PLACES = [
  ['10115', 'Berlin', 'Berlin'],
  ['80331', 'München', 'Bayern'],
  ['50667', 'Köln', 'Nordrhein-Westfalen'],
  ['40213', 'Düsseldorf', 'Nordrhein-Westfalen'],
  ['04109', 'Leipzig', 'Sachsen'],
  ['90402', 'Nürnberg', 'Bayern'],
] as const;
const NAMES = ['Müller', 'Schmidt', 'Weber', 'Köhler', 'Jäger', 'Braun', 'Günther', 'Lehmann', 'Krause', 'Vogel'];
const CODES = [
  ['I10', 'Hypertension'],
  ['E11.9', 'Type 2 diabetes'],
  ['J18.9', 'Pneumonia'],
  ['M54.5', 'Low back pain'],
  ['K21.9', 'Reflux disease'],
] as const;
const WORDS = ['slow', 'delivery', 'great', 'quality', 'broken', 'again', 'support', 'friendly', 'price', 'never', 'perfect', 'wrong'];

function tableOf(name: string, row: (draw: Draw, number: number, time: Date) => Row): EverydayTable {
  return {
    name,
    rows: (day, count, seed) => {
      const draw = drawer(seed * 1009 + day);
      return Array.from({ length: count }, (_, index) => row(draw, day * 5000 + index, new Date(START + day * DAY + draw(DAY))));
    },
  };
}

export const EVERYDAY_TABLES: readonly EverydayTable[] = [
  tableOf('bookings, German', (draw, number, time) => {
    const [plz, ort, land] = of(draw, PLACES);
    const date = time.toISOString().slice(0, 10).split('-').reverse().join('.');
    return {
      buchung: String(900_000 + number),
      datum: date,
      name: `${of(draw, NAMES)}, ${of(draw, ['Anna', 'Jörg', 'Ute', 'Kai'])}`,
      plz,
      ort,
      land,
      betrag: german(draw(400_000) / 100),
      zweck: mostly(draw, ['Miete', 'Einkauf', 'Strom Abschlag', 'Versicherung', 'Rückzahlung']),
    };
  }),
  tableOf('readings', (draw, _number, time) => {
    const device = draw(30);
    return {
      device: `dev-${two(device)}`,
      at: time.toISOString().slice(0, 19),
      celsius: (18 + 8 * bell(draw)).toFixed(1),
      humidity: String(Math.round(30 + 50 * bell(draw))),
      volts: (3 + bell(draw)).toFixed(3),
      lat: (47 + device / 7).toFixed(5),
      lon: (8 + device / 3).toFixed(5),
      state: mostly(draw, ['OK', 'WARN', 'CAL']),
    };
  }),
  tableOf('stays', (draw, number, time) => {
    const [icd, diagnosis] = mostly(draw, CODES);
    return {
      stay: `E-${2_000_000 + number}`,
      patient: String(7_000_000 + draw(900_000)),
      admitted: time.toISOString().slice(0, 10),
      discharged: new Date(time.getTime() + draw(14) * DAY).toISOString().slice(0, 10),
      icd,
      diagnosis,
      pressure: `${95 + draw(80)}/${55 + draw(50)}`,
      haemoglobin: (11 + 5 * bell(draw)).toFixed(1),
      note: draw(5) > 0 ? '' : `${of(draw, WORDS)} ${of(draw, WORDS)} ${of(draw, WORDS)}`,
    };
  }),
  tableOf('answers', (draw, _number, time) => ({
    answer: [8, 4, 4]
      .map((digits) =>
        draw(16 ** digits / 2)
          .toString(16)
          .padStart(digits, '0'),
      )
      .join('-'),
    on: `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}`,
    age: String(16 + draw(75)),
    q1: String(1 + draw(5)),
    q2: draw(10) === 0 ? '' : String(1 + draw(5)),
    spent: `$${(draw(500_000) / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')}`,
    comment: Array.from({ length: 2 + draw(5) }, () => of(draw, WORDS)).join(' '),
    done: mostly(draw, ['TRUE', 'FALSE']),
  })),
];

export type Mistake = (cell: string, draw: Draw, column: readonly string[]) => string;

/** A mistake that leaves a cell as it is does not apply to it. */
export const MISTAKES: Readonly<Record<string, Mistake>> = {
  typo: (cell, draw) => {
    const at = draw(Math.max(cell.length, 1));
    return `${cell.slice(0, at)}x${cell.slice(at + 1)}`;
  },
  missing: () => '',
  'another word for missing': (_cell, draw) => of(draw, ['NULL', 'n/a', '?']),
  'upper case': (cell) => cell.toUpperCase(),
  'cut off': (cell) => (cell.length > 4 ? cell.slice(0, cell.length >> 1) : cell),
  blanks: (cell) => `${cell} `,
  'a thousand times': (cell) => (/^\d+(?:\.\d+)?$/.test(cell) ? String(Number(cell) * 1000) : cell),
  'with a unit': (cell) => (/^\d+(?:\.\d+)?$/.test(cell) ? `${cell} kg` : cell),
  'decimal comma': (cell) => (/^\d+\.\d+$/.test(cell) ? cell.replace('.', ',') : cell),
  'another order of the date': (cell) => cell.replace(/^(\d{4})-(\d\d)-(\d\d)/, '$3/$2/$1'),
  'read as Latin-1': (cell) => Buffer.from(cell).toString('latin1'),
  'of another row': (cell, draw, column) => {
    const other = of(draw, column);
    // of a few values only: what goes with what is then to be seen in other columns
    return new Set(column.slice(0, 200)).size <= 8 ? other : cell;
  },
};
