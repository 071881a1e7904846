import type { Size } from '../settings.ts';

/**
 * Connections, worked out. A function's container holds one connection for as long as it lives, so what may run at
 * once bounds what is connected; each function reserves its share of concurrency, and Lambda enforces it. A test adds
 * up the shares of the synthesised functions.
 */
export const CONNECTIONS = {
  // 1 GiB of memory: RDS itself would allow about 80 at 12 MiB each; a session here takes 5 to 8.
  small: { max: 100, api: 40 },
  // 8 GiB.
  scale: { max: 600, api: 450 },
} as const satisfies Record<Size, { max: number; api: number }>;

/** Left free: what Postgres keeps for superusers and RDS for itself, an operator, and the trainer. */
export const SPARE_CONNECTIONS = 15;

/** Runs of the pipeline that may be under way at once: a schedule's, and an operator's. */
const RUNS = 2;

/** What a step of the pipeline may run at once, inside the map and outside it. */
export const STEP_CONCURRENCY = {
  plan: RUNS,
  load: 4,
  features: 4,
  infer: RUNS,
  publish: RUNS,
  score: RUNS,
  finish: RUNS,
} as const;

/** What one of the API's functions may run at once, where so many share what the API has. */
export function apiConcurrency(size: Size, functions: number): number {
  return Math.floor(CONNECTIONS[size].api / functions);
}
