/** Averages the day's sensor readings. One gateway's upload broke off in the middle: its Parquet object has no footer. */
import { dayNumber } from '../business-days.ts';
import { Dice, type ParquetType, parquetOf } from '../make-data.ts';
import { deliver, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'sensors';
const GATEWAYS = 6;
const PER_GATEWAY = 250;
const TYPES: Readonly<Record<string, ParquetType>> = {
  reading_id: 'INT64',
  sensor: 'STRING',
  measured_at: 'STRING',
  temperature: 'DOUBLE',
  humidity: 'DOUBLE',
};

const pipeline: Pipeline = {
  name: 'sensors-corrupt-object',
  describe: 'one of six Parquet objects was cut off while it was uploaded',
  dataset: DATASET,
  format: 'parquet',
  columns: { reading_id: 'bigint', sensor: 'string', measured_at: 'timestamp', temperature: 'double', humidity: 'double' },

  files: (day) => Object.fromEntries(Array.from({ length: GATEWAYS }, (_, gateway) => [fileOf(gateway), readings(day, gateway)])),

  async program({ read, write }) {
    const average = (column: string) => ({
      type: 'double',
      of: (rows: readonly Readonly<Record<string, unknown>>[]) => rows.reduce((sum, row) => sum + Number(row[column]), 0) / rows.length,
    });
    const readingsOfDay = await read();
    await write(readingsOfDay.groupBy(['sensor'], { temperature: average('temperature'), humidity: average('humidity') }));
  },

  async upset(world, day) {
    const broken = new Dice(`${DATASET} upload ${day}`).int(0, GATEWAYS - 1);
    const whole = readings(day, broken);
    await deliver(world, DATASET, day, { ...pipeline.files(day), [fileOf(broken)]: whole.slice(0, Math.floor(whole.byteLength * 0.6)) });
  },
};

function fileOf(gateway: number): string {
  return `gateway-${gateway}.parquet`;
}

function readings(day: string, gateway: number): Uint8Array {
  const dice = new Dice(`${DATASET} ${day} ${gateway}`);
  const rows = Array.from({ length: PER_GATEWAY }, (_, index) => ({
    reading_id: (dayNumber(day) * GATEWAYS + gateway) * PER_GATEWAY + index,
    sensor: `S-${dice.int(100, 159)}`,
    measured_at: `${day}T${String(dice.int(0, 23)).padStart(2, '0')}:${String(dice.int(0, 59)).padStart(2, '0')}:00Z`,
    temperature: Math.round((18 + dice.share() * 9) * 100) / 100,
    humidity: Math.round((35 + dice.share() * 30) * 10) / 10,
  }));
  return parquetOf(rows, TYPES);
}

export const sensorsCorruptObject = scenarioOf(pipeline);
