/** The eleven ways in which the local jobs fail. Nothing here says how a run ends: the data, the catalog and the services do. */
import { bookingsDatetimeFormat } from './jobs/bookings-datetime-format.ts';
import { clickstreamOversized } from './jobs/clickstream-oversized.ts';
import { customersColumnRemoved } from './jobs/customers-column-removed.ts';
import { inventoryGlueRetries } from './jobs/inventory-glue-retries.ts';
import { invoicesInputLate } from './jobs/invoices-input-late.ts';
import { ledgerAccessDenied } from './jobs/ledger-access-denied.ts';
import { ordersThrottledSource } from './jobs/orders-throttled-source.ts';
import { paymentsTypeWidened } from './jobs/payments-type-widened.ts';
import { pricingScriptBug } from './jobs/pricing-script-bug.ts';
import { sensorsCorruptObject } from './jobs/sensors-corrupt-object.ts';
import { signupsNullSpike } from './jobs/signups-null-spike.ts';
import type { Scenario } from './scenario.ts';

export type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  ordersThrottledSource,
  clickstreamOversized,
  paymentsTypeWidened,
  bookingsDatetimeFormat,
  customersColumnRemoved,
  sensorsCorruptObject,
  signupsNullSpike,
  invoicesInputLate,
  ledgerAccessDenied,
  pricingScriptBug,
  inventoryGlueRetries,
];
