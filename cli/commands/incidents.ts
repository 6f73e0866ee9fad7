/** `glue-medic incidents`: what failed, what was done about it, and what waits for a person. */

import { InputError } from '../../functions/shared/errors.ts';
import type { Incident } from '../../functions/shared/incident.ts';
import type { IncidentReport } from '../../functions/shared/incident-report.ts';
import type { ChainVerdict } from '../../functions/shared/stores/audit-trail.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { incidentBlock } from '../incident-block.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';

export const incidents: Command = {
  summary: 'list incidents, or show one with its evidence, facts and decisions',
  usage: 'incidents [INCIDENT_ID] [--data-directory DIR]',
  options: DIRECTORY_OPTION,
  run: (invocation) => {
    if (invocation.positionals.length > 1) throw new InputError('E_USAGE', 'at most one incident id');
    const [id] = invocation.positionals;
    return id === undefined ? list(invocation) : show(invocation, id);
  },
};

async function list(invocation: Invocation): Promise<ExitCode> {
  const reports = await ask<IncidentReport[]>(invocation, '/incidents');
  for (const report of reports) {
    const waits = report.outcome === 'Escalated' ? report.approvalId : '';
    invocation.io.stdout.write(
      invocation.json
        ? `${JSON.stringify(report)}\n`
        : `${report.incidentId}  ${(report.outcome ?? 'open').padEnd(11)}${(report.family ?? '-').padEnd(25)}${(report.executed ?? '-').padEnd(17)}${report.job.slice(0, 40)}  ${waits}\n`,
    );
  }
  if (!invocation.json && reports.length === 0) invocation.io.stdout.write('no incidents\n');
  return 0;
}

async function show(invocation: Invocation, id: string): Promise<ExitCode> {
  const answer = await ask<{ report: IncidentReport; document: Partial<Incident>; chain: ChainVerdict }>(
    invocation,
    `/incidents/${encodeURIComponent(id)}`,
  );
  invocation.io.stdout.write(
    invocation.json ? `${JSON.stringify(answer)}\n` : `${incidentBlock(answer.report, answer.document, answer.chain)}\n`,
  );
  return 0;
}
