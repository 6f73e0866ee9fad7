/** Producers upstream that deliver later: what is due is kept on file, so that a restart neither loses nor repeats a delivery. */

import { readJson, writeJson } from '../twins/files.ts';
import type { LocalObjects } from '../twins/local-objects.ts';
import type { Timers } from './timers.ts';

export interface Delivery {
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly bucket: string;
  readonly key: string;
  readonly text: string;
}

export class Deliveries {
  readonly #file: string;
  readonly #objects: LocalObjects;
  readonly #timers: Timers;
  readonly #clock: () => Date;

  constructor(options: { readonly file: string; readonly objects: LocalObjects; readonly timers: Timers; readonly clock: () => Date }) {
    this.#file = options.file;
    this.#objects = options.objects;
    this.#timers = options.timers;
    this.#clock = options.clock;
    for (const delivery of this.#pending()) this.#await(delivery);
  }

  schedule(delivery: Delivery): void {
    writeJson(this.#file, [...this.#pending(), delivery]);
    this.#await(delivery);
  }

  #await(delivery: Delivery): void {
    this.#timers.after(Math.max(delivery.dueAt - this.#clock().getTime(), 0), () => void this.#deliver(delivery));
  }

  /** Delivered first, struck out afterwards: a crash in between delivers the same object again. */
  async #deliver(delivery: Delivery): Promise<void> {
    await this.#objects.putObject(delivery.bucket, delivery.key, Buffer.from(delivery.text));
    const { bucket, key } = delivery;
    writeJson(
      this.#file,
      this.#pending().filter((each) => each.bucket !== bucket || each.key !== key),
    );
  }

  #pending(): Delivery[] {
    return readJson<Delivery[]>(this.#file) ?? [];
  }
}
