/** The eleven ways in which the local jobs fail. Nothing here says how a run ends: the data, the catalog and the services do. */
import { ordersThrottledSource } from './jobs/orders-throttled-source.ts';
import { paymentsTypeWidened } from './jobs/payments-type-widened.ts';
import { sensorsCorruptObject } from './jobs/sensors-corrupt-object.ts';
import type { Scenario } from './scenario.ts';

export type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [ordersThrottledSource, paymentsTypeWidened, sensorsCorruptObject];
