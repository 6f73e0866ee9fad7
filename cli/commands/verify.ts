/** `glue-medic verify`: the audit trail's hash chains against themselves and against their anchored heads. */
import type { IncidentReport } from '../../functions/shared/incident-report.ts';
import type { ChainVerdict } from '../../functions/shared/stores/audit-trail.ts';
import type { Command } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';

export const verify: Command = {
  summary: 'verify the hash chain of one incident, or of all; exit 4 where one is broken',
  usage: 'verify [INCIDENT_ID...] [--data-directory DIR]',
  options: DIRECTORY_OPTION,
  async run(invocation) {
    const ids =
      invocation.positionals.length > 0
        ? invocation.positionals
        : (await ask<IncidentReport[]>(invocation, '/incidents')).map((report) => report.incidentId);
    let broken = 0;
    for (const id of ids) {
      const { chain } = await ask<{ chain: ChainVerdict }>(invocation, `/incidents/${encodeURIComponent(id)}`);
      if (chain.verdict === 'broken') broken += 1;
      const told =
        chain.verdict === 'intact' ? `intact, ${chain.entries} entries` : `BROKEN: first bad entry #${chain.firstBadEntry} ${chain.reason}`;
      invocation.io.stdout.write(invocation.json ? `${JSON.stringify({ incidentId: id, ...chain })}\n` : `${id}  ${told}\n`);
    }
    return broken > 0 ? 4 : 0;
  },
};
