/** `glue-medic start`: the product on this machine. Jobs fail for real reasons and are healed, escalated or left alone, in the open. */
import { randomBytes } from 'node:crypto';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { type ControlServer, requireFreePort, startControlServer } from '../../local/control-server.ts';
import { DEFAULT_DIRECTORY, openDataDirectory, requireUsable } from '../../local/data-directory.ts';
import { yourFiles } from '../../local/job-world/jobs/your-files.ts';
import { SCENARIOS, type Scenario } from '../../local/job-world/scenarios.ts';
import { type Medic, startMedic } from '../../local/medic.ts';
import { IncidentTeller, pause, runScenarios, type ToldIncident } from '../../local/scenario-run.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { incidentBlock } from '../incident-block.ts';

const DEFAULT_PORT = 7417;
const FOLLOW_EVERY_MS = 500;

export const start: Command = {
  summary: 'run Glue Medic on this machine over small real jobs, or over two files of your own',
  usage: `start [--once] [--fresh] [--json] [--port N] [--data-directory DIR]
       glue-medic start --baseline A --current B [--log FILE] [--once] [--json] ...

  --once             end when everything has ended or waits for a person
  --fresh            begin anew: empties the data directory, and no other
  --port N           where the command line reaches this process, on loopback (${DEFAULT_PORT}; 0: any)
  --data-directory   where everything is kept (${DEFAULT_DIRECTORY})
  --shadow           every job in shadow: shown, not done
  --baseline A       a job whose last good input was the file A (CSV, JSON lines or Parquet)
  --current B        … now receives B, and reads it by A's schema; the files are copied, never written
  --log FILE         the log of that failed run`,
  options: {
    once: { type: 'boolean' },
    fresh: { type: 'boolean' },
    shadow: { type: 'boolean' },
    port: { type: 'string' },
    'data-directory': { type: 'string' },
    baseline: { type: 'string' },
    current: { type: 'string' },
    log: { type: 'string' },
  },
  run: startAndStay,
};

async function startAndStay(invocation: Invocation): Promise<ExitCode> {
  const options = readOptions(invocation);
  const scenarios = await options.scenarios();
  // Whatever stands in the way is told before anything is written or emptied.
  requireUsable(options.directory);
  if (!options.once) await requireFreePort(options.port);
  const directory = openDataDirectory(options.directory, { fresh: options.fresh });
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let medic: Medic | undefined;
  let server: ControlServer | undefined;
  try {
    medic = await startMedic(directory.path);
    const token = randomBytes(24).toString('base64url');
    if (!options.once) server = await startControlServer(medic.ports, token, options.port);
    if (server) directory.announce(server.port, token);
    note(
      invocation,
      `Glue Medic runs ${scenarios.length} job(s) in ${directory.path}${server ? `, listening on 127.0.0.1:${server.port}` : ''}`,
    );
    const machineErrors: string[] = [];
    medic.workflow.onEnd((end) => {
      if (end.status !== 'FAILED') return;
      machineErrors.push(end.executionId);
      invocation.io.stderr.write(`E_MACHINE: execution ${end.executionId} failed: ${end.cause}\n`);
    });
    const teller = await IncidentTeller.create(medic, !options.yourFiles, (incident) => tell(invocation, incident));
    await runScenarios(medic, { scenarios, teller, resume: !options.yourFiles, signal: stopping.signal });
    conclude(invocation, [...teller.told.values()], { ...options, wasStopped: stopping.signal.aborted });
    if (server) await stay(invocation, teller, stopping.signal);
    return machineErrors.length === 0 ? 0 : 1;
  } finally {
    await server?.stop();
    await medic?.stop();
    directory.release();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

interface StartOptions {
  readonly once: boolean;
  readonly fresh: boolean;
  readonly directory: string;
  readonly port: number;
  readonly yourFiles: boolean;
  /** Reads the user's files where there are any, so that a bad one is told before anything is started. */
  scenarios(): Promise<readonly Scenario[]>;
}

function readOptions({ values, positionals }: Invocation): StartOptions {
  if (positionals.length > 0) throw new InputError('E_USAGE', `start takes no ${quoteForMessage(positionals[0])}`);
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [baseline, current, log] = [text('baseline'), text('current'), text('log')];
  if ((baseline === undefined) !== (current === undefined)) throw new InputError('E_USAGE', '--baseline and --current go together');
  if (log !== undefined && baseline === undefined) throw new InputError('E_USAGE', '--log goes with --baseline and --current');
  const scenarios = async () =>
    baseline === undefined || current === undefined
      ? SCENARIOS
      : [await yourFiles({ baseline, current, ...(log === undefined ? {} : { log }) })];
  return {
    once: values['once'] === true,
    fresh: values['fresh'] === true,
    directory: text('data-directory') ?? DEFAULT_DIRECTORY,
    port: portOf(text('port')),
    yourFiles: baseline !== undefined,
    scenarios: async () => (values['shadow'] === true ? (await scenarios()).map(inShadow) : scenarios()),
  };
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InputError('E_USAGE', `--port ${quoteForMessage(text)}: expected 0 to 65535`);
  return port;
}

function inShadow(scenario: Scenario): Scenario {
  return { ...scenario, registration: { ...scenario.registration, modes: {} } };
}

function tell(invocation: Invocation, { report, document, chain }: ToldIncident): void {
  if (!invocation.json) invocation.io.stdout.write(`\n${incidentBlock(report, document, chain)}\n`);
}

function note(invocation: Invocation, text: string): void {
  (invocation.json ? invocation.io.stderr : invocation.io.stdout).write(`${text}\n`);
}

function conclude(
  invocation: Invocation,
  incidents: readonly ToldIncident[],
  { yourFiles, once, wasStopped }: { yourFiles: boolean; once: boolean; wasStopped: boolean },
): void {
  if (invocation.json) for (const { report } of incidents) invocation.io.stdout.write(`${JSON.stringify(report)}\n`);
  const outcomes = Map.groupBy(incidents, ({ report }) => report.outcome ?? 'open');
  const counts = [...outcomes].map(([outcome, of]) => `${of.length} ${outcome}`).join(', ');
  const broken = incidents.filter(({ chain }) => chain.verdict === 'broken').length;
  note(
    invocation,
    `\n${incidents.length} incident(s): ${counts || 'none'}; ${broken === 0 ? 'every hash chain intact' : `${broken} hash chain(s) BROKEN`}`,
  );
  if (wasStopped) note(invocation, 'stopped before the end; the next start goes on with what is open');
  else if (yourFiles && incidents.length === 0)
    note(invocation, 'the job read the current file by the schema of the baseline and succeeded: nothing to heal');
  else if (once && outcomes.has('Escalated')) note(invocation, 'what waits for a decision stays open: start without --once to decide');
}

/** Tells what decisions set going, until Ctrl-C. */
async function stay(invocation: Invocation, teller: IncidentTeller, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) note(invocation, 'waiting for decisions; `npm run medic -- incidents` lists them, Ctrl-C stops');
  while (!signal.aborted) {
    await pause(FOLLOW_EVERY_MS);
    await teller.tellNew();
  }
}
