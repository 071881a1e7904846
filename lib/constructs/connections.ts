import type { Size } from '../settings.ts';

/**
 * How each size divides the database's connections. A function's container holds one connection for its lifetime, so
 * reserved concurrency, which Lambda enforces, bounds the connections. A test adds up the synthesised reservations.
 */
export const CONNECTIONS = {
  // 1 GiB of memory. RDS would allow about 80 connections at 12 MiB each; a session of ours takes 5 to 8 MiB.
  small: { max: 100, api: 40 },
  // 8 GiB of memory.
  scale: { max: 600, api: 450 },
} as const satisfies Record<Size, { max: number; api: number }>;

/** Connections that no function may take: for Postgres superusers, RDS itself, an operator and the trainer. */
export const SPARE_CONNECTIONS = 15;

/** Concurrent runs of the pipeline: one from the schedule and one from an operator. */
const RUNS = 2;

/** Reserved concurrency of each step of the pipeline that uses the database. */
export const STEP_CONCURRENCY = {
  plan: RUNS,
  load: 4,
  features: 4,
  infer: RUNS,
  publish: RUNS,
  score: RUNS,
  finish: RUNS,
} as const;

/** Reserved concurrency of the API function that replays calls, whose route has a low limit of its own. */
export const REPLAY_CONCURRENCY = 2;

/** Reserved concurrency of the function that reads the outbox: one for the tick, and one for results. */
export const DELIVERY_CONCURRENCY = 2;

/** Reserved concurrency of the API function for assistants, which few programs use. */
export const MCP_CONCURRENCY = { small: 2, scale: 16 } as const satisfies Record<Size, number>;

/** Reserved concurrency of each other API function when this many logins share the API's other connections. */
export function apiConcurrency(size: Size, logins: number): number {
  const apart = REPLAY_CONCURRENCY + DELIVERY_CONCURRENCY + MCP_CONCURRENCY[size];
  return Math.floor((CONNECTIONS[size].api - apart) / logins);
}
