/** Jobs, runs and bookmarks on files. Held in memory while the job world is up; every change is on disk before it is seen. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobRun } from '../../functions/shared/ports.ts';
import { fileNameOf, readJson, writeJson } from '../twins/files.ts';

export interface Bookmark {
  readonly run: number;
  readonly attempt: number;
  readonly version: number;
  readonly value: string;
}
export interface StoredJob {
  readonly job: Job;
  readonly bookmark: Bookmark | null;
}

export class RunStore {
  readonly #directory: string;
  readonly #jobs = new Map<string, StoredJob>();
  /** Per job, oldest first. */
  readonly #runs = new Map<string, JobRun[]>();

  constructor(directory: string) {
    this.#directory = directory;
    if (!existsSync(directory)) return;
    for (const folder of readdirSync(directory)) {
      const stored = readJson<StoredJob>(join(directory, folder, 'job.json'));
      if (!stored) continue;
      const files = existsSync(join(directory, folder, 'runs')) ? readdirSync(join(directory, folder, 'runs')) : [];
      const runs = files
        .filter((file) => file.endsWith('.json'))
        .flatMap((file) => readJson<JobRun>(join(directory, folder, 'runs', file)) ?? []);
      this.#jobs.set(stored.job.name, stored);
      this.#runs.set(
        stored.job.name,
        runs.sort((a, b) => (a.startedOn < b.startedOn ? -1 : 1)),
      );
    }
  }

  job(name: string): StoredJob | undefined {
    return this.#jobs.get(name);
  }

  saveJob(stored: StoredJob): void {
    writeJson(join(this.#folder(stored.job.name), 'job.json'), stored);
    this.#jobs.set(stored.job.name, stored);
    if (!this.#runs.has(stored.job.name)) this.#runs.set(stored.job.name, []);
  }

  /** Oldest first. */
  runs(jobName: string): readonly JobRun[] {
    return this.#runs.get(jobName) ?? [];
  }

  allRuns(): JobRun[] {
    return [...this.#runs.values()].flat();
  }

  saveRun(run: JobRun): void {
    writeJson(join(this.#folder(run.jobName), 'runs', `${fileNameOf(run.id)}.json`), run);
    const runs = this.#runs.get(run.jobName) ?? [];
    const index = runs.findIndex((each) => each.id === run.id);
    this.#runs.set(run.jobName, index < 0 ? [...runs, run] : runs.with(index, run));
  }

  #folder(jobName: string): string {
    return join(this.#directory, fileNameOf(jobName));
  }
}
