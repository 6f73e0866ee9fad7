/** Five hundred failures of one cause within a minute: claimed, weighed and closed by the deployed steps, several at a time. */
import { checkSafetyStep } from '../../../functions/check-safety/handler.ts';
import { claimIncident } from '../../../functions/claim-incident/claim-incident.ts';
import { closeIncidentStep } from '../../../functions/close-incident/handler.ts';
import { reconcileRuns } from '../../../functions/reconcile-runs/reconcile-runs.ts';
import { SafetySectionSchema } from '../../../functions/shared/incident.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { initialiseKillSwitch } from '../../../functions/shared/stores/settings.ts';
import { aRun, memoryPorts, NOW } from '../../support/memory-ports.ts';
import { aProposedDocument, aRegistration } from '../../support/sample-incident.ts';

const FAILURES = 500;
const SECONDS = 60;

it('F38 500 failures in a minute: no limit is exceeded, a handful asks, and the rest is told in one digest', async () => {
  const ports = memoryPorts();
  const { limits } = await register(ports.operations, aRegistration());
  await initialiseKillSwitch(ports.operations, NOW);
  for (let index = 0; index < FAILURES; index += 1) ports.jobRuns.add(aRun({ id: `jr_${index}`, arguments: { '--part': String(index) } }));

  const verdicts = new Map<string, string>();
  const fail = async (index: number): Promise<void> => {
    const event = {
      source: 'aws.glue',
      'detail-type': 'Glue Job State Change',
      detail: { jobName: 'orders', jobRunId: `jr_${index}`, state: 'FAILED' },
    };
    const incident = await claimIncident(event, `e-${index}`, ports);
    expect(incident.disposition).toBe('claimed');
    const document = { ...aProposedDocument(), incident };
    const safety = SafetySectionSchema.parse(await checkSafetyStep(() => ports)(document));
    verdicts.set(incident.id, safety.verdict);
    const { id: incidentId, jobName, lineage } = incident;
    if (safety.verdict === 'allow') await new BudgetStore(ports).spend({ incidentId, jobName, lineage });
    if (safety.verdict === 'deferred') await closeIncidentStep(() => ports)({ ...document, safety });
  };
  const order = Array.from({ length: FAILURES }, (_, index) => index);
  for (let second = 0; second < SECONDS; second += 1) {
    await Promise.all(order.filter((index) => index % SECONDS === second).map(fail));
    ports.time.advance(1);
  }

  const all = [...verdicts.values()];
  const acting = all.filter((verdict) => verdict === 'allow').length;
  expect(all).toHaveLength(FAILURES);
  expect(acting).toBeLessThanOrEqual(limits.remediationsPerJobPerDay);
  expect(acting).toBeGreaterThan(0);
  expect(all.filter((verdict) => verdict !== 'deferred')).toHaveLength(limits.stormIncidents - 1);
  expect(ports.notifier.sent).toEqual([]);

  // What becomes of those that were not deferred: nobody could help them.
  for (const [id, verdict] of verdicts) if (verdict !== 'deferred') await new IncidentStore(ports).close(id, 'HandedOver', 'silence');
  for (let pass = 0; pass < 3; pass += 1) await reconcileRuns(ports);
  const waiting = FAILURES - (limits.stormIncidents - 1);
  expect(ports.notifier.sent.map(({ subject }) => subject)).toEqual([`Glue Medic: ${waiting} failures wait behind throttling`]);
  expect(ports.workflow.started).toEqual([]);
}, 120_000);
