/** What a command of `glue-medic` is. One file per command in `commands/`; the file's name is the command. */
import type { Readable, Writable } from 'node:stream';
import type { ParseArgsOptionsConfig } from 'node:util';

/** 0 ok · 1 negative verdict · 2 input · 3 environment · 4 integrity */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** True where stdout is a terminal: tables and colours; otherwise plain text. */
  readonly isTerminal: boolean;
}

export interface Invocation {
  readonly positionals: readonly string[];
  /** Parsed by `node:util` parseArgs, strict: an unknown flag never reaches a command. */
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  /** `--json` was given: one JSON object per line on stdout, nothing else there. */
  readonly json: boolean;
  readonly io: CommandIo;
}

export interface Command {
  /** One line for `glue-medic --help`. */
  readonly summary: string;
  /** What follows `glue-medic ` in the usage line. */
  readonly usage: string;
  /** Options besides `--json` and `--help`, which every command has. */
  readonly options: ParseArgsOptionsConfig;
  /** Throws InputError, EnvironmentError or IntegrityError; the entry prints the message and exits 2, 3 or 4. */
  run(invocation: Invocation): Promise<ExitCode>;
}
