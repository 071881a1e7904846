import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { defined } from '../functions/shared/invariant.ts';
import type { UniverseRun } from './universe-run.ts';

const RUN = fileURLToPath(new URL('universe-run.ts', import.meta.url));

/** Sizes that end in a few minutes. */
export const DEFAULT_SIZES: readonly number[] = [125, 250, 500];

/** Sizes of the goals: ten minutes, and up to 12 GB of disk at a time. */
export const ALL_SIZES: readonly number[] = [500, 1000, 2000, 5000];

const DEFAULT_YEARS = 8;

/**
 * Backfills years of simulated instruments and then runs two days, each size in a process and a database of its
 * own. The provider answers at once, so all time is this project's own.
 *
 * @param sizes - numbers of instruments, ascending
 * @param years - years of bars; features need more than one
 * @returns growths from the smallest to the largest size, divided by that of the sizes: 1 is linear, and memory that does
 *   not depend on the size is near 0; then the figures of each size under their names with the size
 */
export async function benchUniverse(
  sizes: readonly number[],
  years: number = DEFAULT_YEARS,
): Promise<Record<string, number>> {
  const runs: { size: number; run: UniverseRun }[] = [];
  for (const size of sizes) runs.push({ size, run: await simulate(size, years) });
  const [first, last] = [defined(runs[0], 'the smallest size'), defined(runs.at(-1), 'the largest size')];
  const growth = (of: (run: UniverseRun) => number) =>
    of(last.run) / of(first.run) / (last.size / first.size);
  return {
    backfillGrowth: growth(({ backfill }) => backfill.processorSeconds),
    dailyGrowth: growth(({ daily }) => daily.processorSeconds),
    memoryGrowth: growth(({ peakMb }) => peakMb),
    ...Object.assign({}, ...runs.map(({ size, run }) => figuresOf(size, run))),
  };
}

async function simulate(size: number, years: number): Promise<UniverseRun> {
  const running = promisify(execFile)(process.execPath, [RUN, String(size), String(years)], {
    env: { ...process.env, LOG_LEVEL: 'warn' },
    maxBuffer: 1 << 26,
  });
  running.child.stderr?.pipe(process.stderr);
  return JSON.parse((await running).stdout);
}

/** The figures of one size: `dailyInferSeconds500`. */
function figuresOf(size: number, { backfill, daily, ...others }: UniverseRun): Record<string, number> {
  const named = Object.entries({ backfill, daily }).flatMap(([run, { steps, ...totals }]) => [
    ...Object.entries(totals).map(([name, value]) => [run + capital(name), value] as const),
    ...Object.entries(steps).map(([step, value]) => [`${run}${capital(step)}Seconds`, value] as const),
  ]);
  return Object.fromEntries(
    [...named, ...Object.entries(others)].map(([name, value]) => [`${name}${size}`, value]),
  );
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
