import { type RunningRatio, runningRatio } from '../../evaluate/running-ratio.ts';
import { DAY_MS, toDay } from '../../shared/days.ts';
import type { GroupSums } from './group-sums.ts';
import type { Estimate, STEPS, TrackRecord } from './track-record.ts';

type Step = (typeof STEPS)[number];

/** The length of a point of a chart, so that it has about 500 points at most. */
export function stepOf(days: readonly number[]): Step {
  const span = (days.at(-1) ?? 0) - (days[0] ?? 0);
  return span <= 366 ? 'day' : span <= 3660 ? 'week' : 'month';
}

/**
 * The calls of a group over time, from the close and before costs.
 *
 * @param days - of the sums, in days since 1970, ascending
 * @param block - days in a block: the horizon
 */
export function seriesOf(
  { profile, close }: GroupSums,
  days: readonly number[],
  block: number,
): TrackRecord['series'][number] {
  const average = runningRatio(close.excess, close.calls, block);
  const benchmark = runningRatio(close.benchmarkExcess, close.benchmarkCalls, block);
  const step = stepOf(days);
  const points = Map.groupBy(days.keys(), (i) => startOf(days[i] as number, step));
  return {
    profile,
    points: [...points.values()].flatMap((members) => {
      const sum = (daily: Float64Array) => members.reduce((whole, i) => whole + (daily[i] as number), 0);
      const calls = sum(close.calls);
      const withBenchmark = sum(close.benchmarkCalls);
      const [first, last] = [members[0] as number, members.at(-1) as number];
      if (calls === 0) return [];
      return {
        day: toDay((days[first] as number) * DAY_MS),
        calls,
        lessAveragePct: sum(close.excess) / calls,
        lessBenchmarkPct: withBenchmark > 0 ? sum(close.benchmarkExcess) / withBenchmark : null,
        cumulativeLessAveragePct: toEstimate(average[last] as RunningRatio),
        cumulativeLessBenchmarkPct: toEstimate(benchmark[last] as RunningRatio),
      };
    }),
  };
}

/** The first day of the step that a day is in, in days since 1970. Weeks begin on Monday. */
function startOf(day: number, step: Step): number {
  if (step === 'day') return day;
  // Day 0 was a Thursday.
  if (step === 'week') return day - ((day + 3) % 7);
  return Date.parse(`${toDay(day * DAY_MS).slice(0, 7)}-01`) / DAY_MS;
}

function toEstimate({ value, interval }: RunningRatio): Estimate {
  const [low, high] = interval ?? [null, null];
  return { value: Number.isNaN(value) ? null : value, low, high };
}
