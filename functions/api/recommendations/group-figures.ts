import { combined, described, lessOther, type Resamples, type Sampled } from '../../evaluate/resamples.ts';
import type { Label, Profile } from '../../shared/constants.ts';
import { afterCosts } from '../../shared/trading-costs.ts';
import type { Estimate, Group, Verdict } from './track-record.ts';
import type { DayCounts } from './track-record-days.ts';

/** Daily sums over the calls of one entry. Returns are in percent. */
interface EntrySums {
  calls: Float64Array;
  returns: Float64Array;
  /** Returns less that of the average stock. */
  excess: Float64Array;
  /** Of days with a benchmark. */
  benchmarkCalls: Float64Array;
  benchmarkReturns: Float64Array;
  benchmarkExcess: Float64Array;
  momentumStocks: Float64Array;
  momentumExcess: Float64Array;
}

/** Daily sums over the calls of one profile and label. */
export interface GroupSums {
  profile: Profile;
  label: Label;
  close: EntrySums;
  open: EntrySums;
  right: Float64Array;
  /** How many would be right if they were drawn from all called stocks of the day. */
  expected: Float64Array;
  hitsKnown: Float64Array;
  /** How many reached the stop or the target first, by sessions. */
  stops: Float64Array[];
  targets: Float64Array[];
}

/**
 * The daily sums of one profile and label, over its models and horizons.
 *
 * @param days - days since 1970, ascending; each sum has a value per day
 */
export function groupSums(
  { profile, label }: { profile: Profile; label: Label },
  counts: readonly DayCounts[],
  days: readonly number[],
): GroupSums {
  const place = new Map(days.map((day, i) => [day, i]));
  const empty = () => new Float64Array(days.length);
  const entry = (): EntrySums => ({
    calls: empty(),
    returns: empty(),
    excess: empty(),
    benchmarkCalls: empty(),
    benchmarkReturns: empty(),
    benchmarkExcess: empty(),
    momentumStocks: empty(),
    momentumExcess: empty(),
  });
  const sessions = Math.max(0, ...counts.map(({ horizon_days }) => horizon_days));
  const sums: GroupSums = {
    profile,
    label,
    close: entry(),
    open: entry(),
    right: empty(),
    expected: empty(),
    hitsKnown: empty(),
    stops: Array.from({ length: sessions }, empty),
    targets: Array.from({ length: sessions }, empty),
  };
  const [right, base] =
    label === 'SELL'
      ? (['below_market', 'stocks_below'] as const)
      : (['above_market', 'stocks_above'] as const);
  for (const of of counts) {
    for (const [i, day] of of.days.entries()) {
      const at = place.get(day) as number;
      const add = (to: Float64Array, value: number) => {
        to[at] = (to[at] as number) + value;
      };
      const addEntry = (
        to: EntrySums,
        calls: number,
        returns: number,
        market: number | null,
        benchmark: number | null,
        momentumStocks: number,
        momentumReturns: number,
      ) => {
        if (market === null) return;
        add(to.calls, calls);
        add(to.returns, returns);
        add(to.excess, returns - calls * market);
        add(to.momentumStocks, momentumStocks);
        add(to.momentumExcess, momentumReturns - momentumStocks * market);
        if (benchmark === null) return;
        add(to.benchmarkCalls, calls);
        add(to.benchmarkReturns, returns);
        add(to.benchmarkExcess, returns - calls * benchmark);
      };
      const value = (list: readonly number[]) => list[i] as number;
      const scored = value(of.scored);
      addEntry(
        sums.close,
        scored,
        value(of.return_sum),
        value(of.market),
        of.benchmark[i] ?? null,
        value(of.momentum_stocks),
        value(of.momentum_sum),
      );
      addEntry(
        sums.open,
        value(of.open_scored),
        value(of.open_return_sum),
        of.open_market[i] ?? null,
        of.open_benchmark[i] ?? null,
        value(of.open_momentum_stocks),
        value(of.open_momentum_sum),
      );
      add(sums.right, value(of[right]));
      add(sums.expected, (scored * value(of[base])) / value(of.stocks));
      add(sums.hitsKnown, value(of.hits_known));
      for (const [session, calls] of (of.stops[i] ?? []).entries())
        add(sums.stops[session] as Float64Array, calls);
      for (const [session, calls] of (of.targets[i] ?? []).entries())
        add(sums.targets[session] as Float64Array, calls);
    }
  }
  return sums;
}

const NONE: Estimate = { value: null, low: null, high: null };

/**
 * The figures of a group's calls, with intervals from paired resamples.
 *
 * @param block - days in a block of the resamples; an estimate of fewer days than two blocks has no interval
 */
export function groupFigures(sums: GroupSums, resamples: Resamples, block: number): Group {
  const { profile, label, close, right, expected, hitsKnown } = sums;
  const isHold = label === 'HOLD';
  const calls = resamples.sum(close.calls);
  const share = (numerator: Float64Array, whole: Sampled) => quotient(resamples.sum(numerator), whole);
  const estimate = (sampled: Sampled, of: Float64Array) => toEstimate(sampled, daysOf(of) >= 2 * block);
  const [hitRate, baseRate] = [share(right, calls), share(expected, calls)];
  const rate = (sampled: Sampled) => (isHold ? NONE : estimate(sampled, close.calls));
  const exits = (histogram: readonly Float64Array[]) => {
    const reached = histogram.reduce(
      (all, daily) => all.map((count, i) => count + (daily[i] as number)),
      new Float64Array(close.calls.length),
    );
    return {
      rate: estimate(share(reached, resamples.sum(hitsKnown)), hitsKnown),
      median: estimate(resamples.median(histogram), reached),
    };
  };
  const [stop, target] = [exits(sums.stops), exits(sums.targets)];
  return {
    profile,
    label,
    calls: total(close.calls),
    days: daysOf(close.calls),
    hitRate: rate(hitRate),
    baseRate: rate(baseRate),
    hitRateLessBase: rate(lessOther(hitRate, baseRate)),
    close: entryFigures(label, close, resamples, estimate),
    open: entryFigures(label, sums.open, resamples, estimate),
    exits: {
      calls: total(hitsKnown),
      stopRate: stop.rate,
      targetRate: target.rate,
      medianSessionsToStop: stop.median,
      medianSessionsToTarget: target.median,
    },
  };
}

function entryFigures(
  label: Label,
  sums: EntrySums,
  resamples: Resamples,
  estimate: (sampled: Sampled, of: Float64Array) => Estimate,
): Group['close'] {
  const calls = resamples.sum(sums.calls);
  const mean = quotient(resamples.sum(sums.returns), calls);
  const excess = quotient(resamples.sum(sums.excess), calls);
  const withBenchmark = resamples.sum(sums.benchmarkCalls);
  const benchmarkMean = quotient(resamples.sum(sums.benchmarkReturns), withBenchmark);
  const benchmarkExcess = quotient(resamples.sum(sums.benchmarkExcess), withBenchmark);
  const momentum = quotient(resamples.sum(sums.momentumExcess), resamples.sum(sums.momentumStocks));
  // The costs are a linear function of the return, so those of a mean are the mean of those.
  const cost = (returns: Sampled) => combined([returns], (pct) => afterCosts(label, pct) - pct);
  const plus = (a: Sampled, b: Sampled) => combined([a, b], (x, y) => x + y);
  const lessAverage = estimate(plus(excess, cost(mean)), sums.calls);
  return {
    calls: total(sums.calls),
    beforeCosts: {
      returnPct: estimate(mean, sums.calls),
      lessAveragePct: estimate(excess, sums.calls),
      lessBenchmarkPct: estimate(benchmarkExcess, sums.benchmarkCalls),
    },
    afterCosts: {
      returnPct: estimate(plus(mean, cost(mean)), sums.calls),
      lessAveragePct: lessAverage,
      lessBenchmarkPct: estimate(plus(benchmarkExcess, cost(benchmarkMean)), sums.benchmarkCalls),
    },
    momentumLessAveragePct: label === 'HOLD' ? NONE : estimate(momentum, sums.momentumStocks),
    verdict: verdictOf(label, lessAverage),
  };
}

/** By the interval of the return after costs less that of the average stock; null for HOLD, which claims neither. */
export function verdictOf(label: Label, { low, high }: Estimate): Verdict | null {
  if (label === 'HOLD') return null;
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'tooEarly';
  return low > 0 === (label === 'BUY') ? 'better' : 'worse';
}

/** A value, with its interval if there are enough days for one. */
export function toEstimate(sampled: Sampled, isEnough: boolean): Estimate {
  const { value, interval } = described(sampled);
  const [low, high] = (isEnough && value !== null && interval) || [null, null];
  return { value, low, high };
}

/** How many days have any. */
export function daysOf(daily: Float64Array): number {
  return daily.reduce((days, value) => (value > 0 ? days + 1 : days), 0);
}

function quotient(numerator: Sampled, denominator: Sampled): Sampled {
  return combined([numerator, denominator], (whole, size) => whole / size);
}

function total(daily: Float64Array): number {
  return daily.reduce((sum, value) => sum + value, 0);
}
