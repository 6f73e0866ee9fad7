/** `glue-medic jobs`: which jobs are registered, with which authority; registers one from a JSON file. */
import { readFile } from 'node:fs/promises';
import { ACTIVE_ACTIONS } from '../../functions/shared/actions.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { type JobRegistration, modeOf } from '../../functions/shared/job-registration.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';

export const jobs: Command = {
  summary: 'list registered jobs with their authority, or register one',
  usage: 'jobs list | jobs register FILE.json   [--data-directory DIR]',
  options: DIRECTORY_OPTION,
  run: (invocation) => {
    const [subcommand, file, ...extra] = invocation.positionals;
    if (subcommand === 'list' && file === undefined) return list(invocation);
    if (subcommand === 'register' && file !== undefined && extra.length === 0) return register(invocation, file);
    throw new InputError('E_USAGE', `expected list, or register FILE.json; got ${quoteForMessage(invocation.positionals.join(' '))}`);
  },
};

async function list(invocation: Invocation): Promise<ExitCode> {
  for (const registration of await ask<JobRegistration[]>(invocation, '/jobs')) {
    const modes = ACTIVE_ACTIONS.map((action) => `${action} ${modeOf(registration, action)}`).join(', ');
    invocation.io.stdout.write(
      invocation.json
        ? `${JSON.stringify(registration)}\n`
        : `${registration.jobName.padEnd(32)}${registration.criticality.padEnd(10)}${modes}\n`,
    );
  }
  return 0;
}

async function register(invocation: Invocation, file: string): Promise<ExitCode> {
  let input: unknown;
  try {
    input = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError('E_CONFIG', `${quoteForMessage(file)} is no readable JSON file: ${(error as Error).message}`, { cause: error });
  }
  const registration = await ask<JobRegistration>(invocation, '/jobs', input);
  invocation.io.stdout.write(invocation.json ? `${JSON.stringify(registration)}\n` : `${registration.jobName} registered\n`);
  return 0;
}
