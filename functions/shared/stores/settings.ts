/** Settings of the whole installation. Anything but a readable "not engaged" means: stopped. */
import * as z from 'zod';
import type { ItemReader, ItemTable } from '../ports.ts';
import { modify } from './compare-and-set.ts';

const KILL_SWITCH = { pk: 'SETTINGS', sk: 'KILL_SWITCH' };
const KillSwitchSchema = z.strictObject({ engaged: z.boolean(), by: z.string(), at: z.iso.datetime(), reason: z.string() });

export type KillSwitch = { readonly engaged: boolean; readonly reason: string };

/** Never throws: a switch that cannot be read is engaged. */
export async function readKillSwitch(table: ItemReader): Promise<KillSwitch> {
  try {
    const stored = await table.get(KILL_SWITCH);
    if (!stored) return { engaged: true, reason: 'the kill switch has never been set; `glue-medic kill-switch off` allows actions' };
    const parsed = KillSwitchSchema.safeParse(stored.attributes);
    if (!parsed.success) return { engaged: true, reason: 'the kill switch is unreadable, which counts as engaged' };
    return {
      engaged: parsed.data.engaged,
      reason: parsed.data.engaged ? `engaged by ${parsed.data.by}: ${parsed.data.reason}` : 'not engaged',
    };
  } catch (error) {
    return {
      engaged: true,
      reason: `the kill switch could not be read (${error instanceof Error ? error.name : 'error'}), which counts as engaged`,
    };
  }
}

export async function setKillSwitch(table: ItemTable, engaged: boolean, by: string, reason: string, at: Date): Promise<void> {
  await modify(table, KILL_SWITCH, z.looseObject({}), () => ({ engaged, by, reason, at: at.toISOString() }));
}

const FOUR_EYES = { pk: 'SETTINGS', sk: 'FOUR_EYES' };
const FourEyesSchema = z.strictObject({ policyPromotion: z.boolean(), by: z.string(), at: z.iso.datetime(), reason: z.string() });

/** What takes two people everywhere; for the actions of one job, its registration says so. */
export interface FourEyes {
  /** Who promotes a policy is not who froze it. */
  readonly policyPromotion: boolean;
  readonly reason: string;
}

/** Not asked for unless somebody has; a setting that cannot be read asks for it. */
export async function readFourEyes(table: ItemReader): Promise<FourEyes> {
  const stored = await table.get(FOUR_EYES);
  if (!stored) return { policyPromotion: false, reason: 'never set' };
  const parsed = FourEyesSchema.safeParse(stored.attributes);
  if (!parsed.success) return { policyPromotion: true, reason: 'the setting is unreadable, which counts as on' };
  const { policyPromotion, by, reason } = parsed.data;
  return { policyPromotion, reason: `turned ${policyPromotion ? 'on' : 'off'} by ${by}: ${reason}` };
}

export async function setFourEyes(table: ItemTable, policyPromotion: boolean, by: string, reason: string, at: Date): Promise<void> {
  await modify(table, FOUR_EYES, z.looseObject({}), () => ({ policyPromotion, by, reason, at: at.toISOString() }));
}

/** First start of an installation: not engaged, unless somebody has already said something. */
export async function initialiseKillSwitch(table: ItemTable, at: Date): Promise<void> {
  await table.create(KILL_SWITCH, { engaged: false, by: 'installation', reason: 'initial value', at: at.toISOString() });
}
