import {
  combined,
  described,
  lessOther,
  quotient,
  type Resamples,
  type Sampled,
} from '../../evaluate/resamples.ts';
import type { Label } from '../../shared/constants.ts';
import { afterCosts } from '../../shared/trading-costs.ts';
import type { EntrySums, GroupSums, Hits } from './group-sums.ts';
import type { Estimate, Group, Verdict } from './track-record.ts';

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
  const known = resamples.sum(hitsKnown);
  const exits = (hits: Hits) => ({
    rate: estimate(share(hits.calls, known), hitsKnown),
    median: estimate(resamples.median(hits.afterSessions), hits.calls),
  });
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
  const cost = (returns: Sampled) => combined((pct) => afterCosts(label, pct) - pct, returns);
  const plus = (a: Sampled, b: Sampled) => combined((x, y) => x + y, a, b);
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

function total(daily: Float64Array): number {
  return daily.reduce((sum, value) => sum + value, 0);
}
