/** The common frame of the scenarios: a job that reads a day's files by the catalog's table and writes what it makes of them. */
import type { DataFormat } from '../../functions/detect-anomalies/table-sample.ts';
import type { Job } from '../../functions/shared/ports.ts';
import { nextDay } from './business-days.ts';
import type { DataFrame } from './data-frame.ts';
import type { ProgramRun } from './job-program.ts';
import type { JobWorld } from './job-world.ts';
import {
  DATABASE,
  dailyOf,
  incomingOf,
  jobOf,
  LAKE,
  prepareTable,
  type Registration,
  registrationOf,
  type Scenario,
  succeed,
} from './scenario.ts';
import { Spark } from './spark.ts';

/** Of one day: file name → content. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface PipelineRun {
  readonly spark: Spark;
  readonly run: ProgramRun;
  readonly world: JobWorld;
  /** `2026-11-02` */
  readonly day: string;
  /** The day's files as the catalog's table has them. */
  read(): Promise<DataFrame>;
  /** Writes the day's output in place of what was there. */
  write(frame: DataFrame): Promise<void>;
}

export interface Pipeline {
  readonly name: string;
  readonly describe: string;
  /** Names the table and the prefixes. */
  readonly dataset: string;
  readonly format: DataFormat;
  /** The table's columns, name → Glue type. */
  readonly columns: Readonly<Record<string, string>>;
  readonly registration?: Partial<Registration>;
  readonly job?: Partial<Job>;
  /** What upstream delivers on a good day. */
  files(day: string): Files;
  /** The job's script. */
  program(run: PipelineRun): Promise<void>;
  /** What else a good day needs, before the job runs. */
  prepare?(world: JobWorld): Promise<void>;
  /** The change upstream, including the day's delivery. */
  upset(world: JobWorld, day: string): Promise<void>;
}

const RUN_DATE = '--run_date';

export function scenarioOf(pipeline: Pipeline): Scenario {
  const { name, dataset, format } = pipeline;
  return {
    name,
    describe: pipeline.describe,
    registration: registrationOf(name, dataset, format, pipeline.registration),
    async prepare(world) {
      await prepareTable(world, dataset, pipeline.columns);
      await pipeline.prepare?.(world);
      world.glue.createJob(jobOf(name, pipeline.job), {
        script: `${name.replaceAll('-', '_')}.py`,
        run: (run) => pipeline.program(pipelineRun(pipeline, world, run)),
      });
    },
    async goodRun(world) {
      const day = await nextDay(world, incomingOf(dataset));
      await deliver(world, dataset, day, pipeline.files(day));
      return succeed(world, name, { [RUN_DATE]: day });
    },
    async upset(world) {
      const day = await nextDay(world, incomingOf(dataset));
      await pipeline.upset(world, day);
      return world.glue.runJob(name, { [RUN_DATE]: day });
    },
  };
}

/** Upstream's delivery of one day. */
export async function deliver(world: JobWorld, dataset: string, day: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await world.objects.putObject(LAKE, `${incomingOf(dataset)}${day}/${name}`, Buffer.from(content));
  }
}

function pipelineRun({ dataset, format }: Pipeline, world: JobWorld, run: ProgramRun): PipelineRun {
  const spark = new Spark(world, run);
  const day = run.args[RUN_DATE] ?? '';
  return {
    spark,
    run,
    world,
    day,
    read: () => spark.readTable(DATABASE, dataset, { bucket: LAKE, prefix: `${incomingOf(dataset)}${day}/`, format }),
    write: (frame) => frame.overwrite(LAKE, `${dailyOf(dataset)}${day}/`),
  };
}
