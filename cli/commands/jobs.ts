/** `glue-medic jobs`: which jobs are registered, with which authority; registers one from a JSON file; lifts the freeze of one. */
import { readFile } from 'node:fs/promises';
import { ACTIVE_ACTIONS } from '../../functions/shared/actions.ts';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import { type JobRegistration, modeOf } from '../../functions/shared/job-registration.ts';
import type { JobFreeze } from '../../functions/shared/stores/frozen-jobs.ts';
import type { Command, ExitCode, Invocation } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { orderOf, REASON_OPTION } from '../order.ts';

type ListedJob = (JobRegistration | { readonly jobName: string; readonly unreadable: string }) & { readonly frozen: JobFreeze | null };

export const jobs: Command = {
  summary: 'list registered jobs with their authority, register one, or lift the freeze of one',
  usage: `jobs list
       glue-medic jobs register FILE.json [--reason TEXT]
       glue-medic jobs unfreeze JOB --reason TEXT

A job is frozen when the inverse of an action was not completed: nothing active is done on it until somebody has looked at its catalog
and input, and lifts the freeze. Who, when and why are kept.   [--data-directory DIR]`,
  options: { ...DIRECTORY_OPTION, ...REASON_OPTION },
  run: (invocation) => {
    const [subcommand, name, ...extra] = invocation.positionals;
    if (subcommand === 'list' && name === undefined) return list(invocation);
    if (subcommand === 'register' && name !== undefined && extra.length === 0) return register(invocation, name);
    if (subcommand === 'unfreeze' && name !== undefined && extra.length === 0) return unfreeze(invocation, name);
    throw new InputError(
      'E_USAGE',
      `expected list, register FILE.json or unfreeze JOB; got ${quoteForMessage(invocation.positionals.join(' '))}`,
    );
  },
};

async function list(invocation: Invocation): Promise<ExitCode> {
  for (const job of await ask<ListedJob[]>(invocation, '/jobs')) {
    const frozen = job.frozen ? [`  FROZEN since ${job.frozen.at} by ${job.frozen.incidentId}: ${job.frozen.reason}`] : [];
    print(invocation, job, [authorityLine(job), ...frozen].join('\n'));
  }
  return 0;
}

function authorityLine(job: ListedJob): string {
  if ('unreadable' in job) return `${job.jobName.padEnd(32)}shadow    ${job.unreadable}`;
  const modes = ACTIVE_ACTIONS.map((action) => `${action} ${modeOf(job, action)}${job.fourEyes.includes(action) ? ' (four eyes)' : ''}`);
  return `${job.jobName.padEnd(32)}${job.criticality.padEnd(10)}${modes.join(', ')}`;
}

async function register(invocation: Invocation, file: string): Promise<ExitCode> {
  let registration: unknown;
  try {
    registration = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError('E_CONFIG', `${quoteForMessage(file)} is no readable JSON file: ${(error as Error).message}`, { cause: error });
  }
  if (registration === null || typeof registration !== 'object' || Array.isArray(registration))
    throw new InputError('E_CONFIG', `${quoteForMessage(file)} holds no registration: expected one JSON object`);
  const registered = await ask<JobRegistration>(invocation, '/jobs', { registration, ...orderOf(invocation) });
  print(invocation, registered, `${registered.jobName} registered`);
  return 0;
}

async function unfreeze(invocation: Invocation, jobName: string): Promise<ExitCode> {
  const order = orderOf(invocation);
  if (order.reason.trim() === '') throw new InputError('E_USAGE', '`jobs unfreeze` needs --reason TEXT: what was looked at, and put right');
  const lifted = await ask<{ jobName: string; freeze: JobFreeze }>(invocation, '/freezes/lifted', { jobName, ...order });
  const { incidentId, at } = lifted.freeze;
  print(invocation, lifted, `${jobName} is no longer frozen (it was by ${incidentId}, since ${at})`);
  return 0;
}

function print({ json, io }: Invocation, line: unknown, human: string): void {
  io.stdout.write(`${json ? JSON.stringify(line) : human}\n`);
}
