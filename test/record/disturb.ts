import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import type { Random } from '../market/random.ts';
import { type DayRun, playDay } from './play-day.ts';

/** A state that throws, a database that ends the sessions of the pipeline, and a process that is killed. */
const DISTURBANCES = ['fault', 'terminated sessions', 'killed process'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

const STATES = ['Plan', 'Fetch', 'Load', 'Features', 'Infer', 'Publish', 'Score', 'Record success'] as const;
/** A day's run takes a few hundred milliseconds, a new process about a second more. */
const RUN_MS = 400;
const PROCESS_MS = 1_500;

const PROGRAM = fileURLToPath(new URL('killed-day.ts', import.meta.url));

/** Runs a day and disturbs it at a random point. The run may end well, fail or stay open. */
export async function disturbedDay(run: DayRun, superuser: Sql, random: Random): Promise<Disturbance> {
  const disturbance = random.pick(DISTURBANCES);
  if (disturbance === 'fault') {
    const fault = { state: random.pick(STATES), after: random.next() < 0.5 };
    await playDay({ ...run, fault }).catch(() => {});
  } else if (disturbance === 'terminated sessions') {
    const played = playDay(run).catch(() => {});
    await wait(random.int(RUN_MS));
    await superuser`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE usename = ${DATABASE_ROLES.pipeline} AND datname = current_database()`;
    await played;
  } else {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(run)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const end = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), end]);
    await Promise.race([wait(random.int(PROCESS_MS)), end]);
    child.kill('SIGKILL');
    await end;
  }
  return disturbance;
}
