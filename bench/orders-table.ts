/** Writes one table of orders as CSV and as JSON lines: twelve columns of the usual kinds. The same seed gives the same bytes. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { randomSource } from '../evaluation/random-source.ts';

const CHUNK_ROWS = 5000;
const FIRST_DAY = Date.UTC(2023, 0, 1);
const DAY = 86_400_000;
const COUNTRIES = ['DE', 'FR', 'IT', 'US', 'GB', 'ES', 'PL', 'NL', 'SE', 'JP'];
const STATES = ['paid', 'shipped', 'returned', 'open', 'cancelled'];
const NOTES = ['left at the door', 'gift, wrap it', 'call before, please', 'says "ring twice"', 'no note'];

interface Order {
  readonly id: number;
  readonly customer: number;
  readonly country: string;
  readonly state: string;
  readonly ordered: string;
  readonly shipped_at: string | null;
  readonly quantity: number;
  readonly price: number;
  readonly discount: number | null;
  readonly is_gift: boolean;
  readonly email: string;
  readonly note: string | null;
}

export async function writeOrders(csvPath: string, jsonPath: string, rows: number, seed: number): Promise<void> {
  const random = randomSource(seed);
  const [csv, json] = [createWriteStream(csvPath), createWriteStream(jsonPath)];
  csv.write('id,customer,country,state,ordered,shipped_at,quantity,price,discount,is_gift,email,note\n');
  for (let first = 0; first < rows; first += CHUNK_ROWS) {
    const orders = Array.from({ length: Math.min(CHUNK_ROWS, rows - first) }, (_, index) => orderAt(first + index, random));
    const hasRoom = [csv.write(orders.map(csvLine).join('')), json.write(orders.map((order) => `${JSON.stringify(order)}\n`).join(''))];
    await Promise.all([csv, json].map((stream, index) => (hasRoom[index] ? null : once(stream, 'drain'))));
  }
  csv.end();
  json.end();
  await Promise.all([finished(csv), finished(json)]);
}

function orderAt(id: number, random: () => number): Order {
  const draw = (below: number) => Math.floor(random() * below);
  const pick = (choices: readonly string[]) => choices[draw(choices.length)] ?? '';
  const at = FIRST_DAY + draw(700) * DAY + draw(DAY);
  const customer = draw(200_000);
  return {
    id,
    customer,
    country: pick(COUNTRIES),
    state: pick(STATES),
    ordered: new Date(at).toISOString().slice(0, 10),
    shipped_at: draw(10) === 0 ? null : new Date(at + draw(5 * DAY)).toISOString(),
    quantity: 1 + draw(20),
    price: draw(100_000) / 100,
    discount: draw(3) === 0 ? null : Math.round(random() * 1e6) / 1e6,
    is_gift: draw(8) === 0,
    email: `customer${customer}@example.com`,
    note: draw(4) === 0 ? pick(NOTES) : null,
  };
}

function csvLine(order: Order): string {
  return `${Object.values(order).map(csvCell).join(',')}\n`;
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
