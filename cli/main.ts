/** The `glue-medic` command line: finds the command, parses its options strictly, turns errors into one line and an exit code. */
import { parseArgs } from 'node:util';
import { EnvironmentError, InputError, IntegrityError, MedicError, quoteForMessage } from '../functions/shared/errors.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Command, CommandIo, ExitCode } from './command.ts';

/** Loaded on demand: a command pays only for what it imports. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).start,
  incidents: async () => (await import('./commands/incidents.ts')).incidents,
  approve: async () => (await import('./commands/approve.ts')).approve,
  reject: async () => (await import('./commands/reject.ts')).reject,
  verify: async () => (await import('./commands/verify.ts')).verify,
  replay: async () => (await import('./commands/replay.ts')).replay,
  jobs: async () => (await import('./commands/jobs.ts')).jobs,
  'kill-switch': async () => (await import('./commands/kill-switch.ts')).killSwitch,
  prove: async () => (await import('./commands/prove.ts')).prove,
  report: async () => (await import('./commands/report.ts')).report,
  policy: async () => (await import('./commands/policy.ts')).policy,
  classify: async () => (await import('./commands/classify.ts')).classify,
  profile: async () => (await import('./commands/profile.ts')).profile,
  drift: async () => (await import('./commands/drift.ts')).drift,
  quality: async () => (await import('./commands/quality.ts')).quality,
};

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>;

/** Runs one command line; never throws. Returns the exit code. */
export async function main(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  // a stream that no one asks for is never opened
  const io: CommandIo = {
    get stdin() {
      return streams.stdin;
    },
    stdout: streams.stdout,
    get stderr() {
      return streams.stderr;
    },
    isTerminal: streams.stdout.isTTY === true,
  };
  // `glue-medic … | head` closes the pipe: that is the reader's choice, not a failure.
  streams.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    io.stderr.write(`E_USAGE: unknown command ${quoteForMessage(name)}; expected one of ${Object.keys(commands).join(', ')}\n`);
    return 2;
  }
  try {
    const command = await load();
    const { values, positionals } = parse(name, command, rest);
    if (values.help) {
      io.stdout.write(`${command.summary}\n\nusage: glue-medic ${command.usage}\n`);
      return 0;
    }
    return await command.run({ positionals, values, json: values.json === true, io });
  } catch (error) {
    io.stderr.write(`${describe(error)}\n`);
    return exitCodeOf(error);
  }
}

function parse(name: string, command: Command, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const seen = (error as Error).message.split('. To specify')[0];
    throw new InputError('E_USAGE', `${seen}; see glue-medic ${name} --help`);
  }
}

function describe(error: unknown): string {
  if (error instanceof MedicError) return error.message;
  if (!(error instanceof Error)) return `E_INTERNAL: ${quoteForMessage(String(error), 300)}`;
  // One line like every other: what, and the place in our code, which is what a report of the mistake needs.
  const place = error.stack?.split('\n').find((line) => /^\s+at .*\.ts:\d/.test(line));
  return `E_INTERNAL: ${error.name} ${quoteForMessage(error.message, 300)}${place ? ` ${place.trim()}` : ''}; this is a mistake of Glue Medic's own`;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof InputError) return 2;
  if (error instanceof IntegrityError) return 4;
  if (error instanceof EnvironmentError) return 3;
  return 3;
}

async function overview(): Promise<string> {
  const lines = await Promise.all(Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(14)}${(await load()).summary}`));
  return `usage: glue-medic <command> [options]\n\n${lines.join('\n')}\n\nEvery command takes --json and --help. Exit codes: 0 ok, 1 negative verdict, 2 input, 3 environment, 4 integrity.\n`;
}
