/** A rerun needs a free slot: MaxConcurrentRuns is 1 unless the team has raised it. */
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

const LIVE = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];
const RECENT_RUNS = 100;

export const runSlot: Capability = async ({ plan, incident }, { jobRuns }) => {
  if (!('rerun' in plan)) return notApplicable('starts no run');
  const [job, recent] = await Promise.all([
    jobRuns.getJob(incident.jobName),
    jobRuns.listJobRuns(incident.jobName, { limit: RECENT_RUNS }),
  ]);
  const live = recent.runs.filter((run) => LIVE.includes(run.state)).length;
  return live < job.maxConcurrentRuns
    ? available(`${live} of ${job.maxConcurrentRuns} runs are live`)
    : unavailable(`${live} of ${job.maxConcurrentRuns} runs are live`, 'wait for the live run, or raise MaxConcurrentRuns');
};
