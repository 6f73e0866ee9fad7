/** The part of dynalite that is used here; the package brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** `path`: folder of the LevelDB store, in memory without it. */
  export default function dynalite(options: { createTableMs?: number; path?: string }): Server;
}
