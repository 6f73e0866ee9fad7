/** The world in which the local jobs live: buckets, catalog, logs, Glue, services and producers, on files below one directory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '../twins/files.ts';
import { LocalCatalog } from '../twins/local-catalog.ts';
import { LocalLogs } from '../twins/local-logs.ts';
import { LocalNotifier } from '../twins/local-notifier.ts';
import { LocalObjects } from '../twins/local-objects.ts';
import { Deliveries } from './deliveries.ts';
import type { GlueEvent } from './glue-event.ts';
import { type GluePace, LocalGlue } from './local-glue.ts';
import { type SourceLimits, ThrottledSource } from './throttled-source.ts';
import { Timers } from './timers.ts';

export interface JobWorldOptions {
  /** Of the job world alone; made where it is missing. */
  readonly directory: string;
  readonly clock?: () => Date;
  readonly pace?: Partial<GluePace>;
}

export interface JobWorld {
  readonly objects: LocalObjects;
  readonly catalog: LocalCatalog;
  readonly logs: LocalLogs;
  readonly glue: LocalGlue;
  readonly notifier: LocalNotifier;
  readonly deliveries: Deliveries;
  readonly clock: () => Date;
  /** A service that jobs read from; made with `limits` where it is new. */
  source(name: string, limits?: SourceLimits): ThrottledSource;
  /** Hears of every run that has ended. Returns how to stop listening. */
  onEvent(listener: (event: GlueEvent) => void): () => void;
  /** Ends all timers and programs: nothing of the world keeps Node alive. */
  stop(): Promise<void>;
}

const LIMITS: SourceLimits = { refillPerSecond: 20, burst: 40 };

export async function createJobWorld({ directory, clock = () => new Date(), pace = {} }: JobWorldOptions): Promise<JobWorld> {
  mkdirSync(directory, { recursive: true });
  const at = (...parts: string[]) => join(directory, ...parts);
  const timers = new Timers();
  const objects = new LocalObjects({ directory: at('objects'), clock });
  const logs = new LocalLogs({ directory: at('logs') });
  const glue = new LocalGlue({ directory: at('glue'), clock, logs, pace });
  return {
    objects,
    catalog: new LocalCatalog({ directory: at('catalog'), clock }),
    logs,
    glue,
    notifier: new LocalNotifier({ file: at('mailbox.jsonl'), clock }),
    deliveries: new Deliveries({ file: at('deliveries.json'), objects, timers, clock }),
    clock,
    source: (name, limits = LIMITS) => new ThrottledSource({ file: at('sources', `${fileNameOf(name)}.json`), clock, limits }),
    onEvent: (listener) => glue.onEvent(listener),
    async stop() {
      timers.end();
      await glue.stop();
    },
  };
}
