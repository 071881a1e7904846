import type { Resamples } from '../../evaluate/resamples.ts';
import { LABELS } from '../../shared/constants.ts';
import { daysOf, toEstimate } from './group-figures.ts';
import type { TrackRecord } from './track-record.ts';
import type { DailyRankIc, ScoreCounts } from './track-record-days.ts';

/** The days of the resamples, and how many are in a block of them. */
interface Sampling {
  /** Days since 1970, ascending. */
  days: readonly number[];
  block: number;
}

/** The reliability of the stated probabilities; null if no outcome has a label. */
export function calibrationOf(
  { bins, likeliest }: Pick<ScoreCounts, 'bins' | 'likeliest'>,
  resamples: Resamples,
  { days, block }: Sampling,
): TrackRecord['calibration'] {
  if (likeliest.length === 0) return null;
  const gaps = likeliest.map((bin) => onDays(days, bin.days, bin.gaps));
  const stocks = onDays(
    days,
    likeliest.flatMap((bin) => bin.days),
    likeliest.flatMap((bin) => bin.stocks),
  );
  return {
    stocks: stocks.reduce((sum, count) => sum + count, 0),
    expectedCalibrationError: toEstimate(resamples.absoluteRatio(gaps, stocks), daysOf(stocks) >= 2 * block),
    labels: LABELS.map((label) => ({
      label,
      bins: bins
        .filter((bin) => bin.label === label)
        .map(({ stocks, probability_sum, came_true }) => ({
          meanProbability: probability_sum / stocks,
          realisedShare: came_true / stocks,
          stocks,
        })),
    })),
  };
}

/** The mean rank correlation over days. */
export function rankIcOf(
  { days: own, rank_ics }: DailyRankIc,
  resamples: Resamples,
  { days, block }: Sampling,
): TrackRecord['rankIc'] {
  const correlations = onDays(days, own, rank_ics);
  const counts = onDays(
    days,
    own,
    own.map(() => 1),
  );
  return {
    days: own.length,
    ...toEstimate(resamples.ratio(correlations, counts), daysOf(counts) >= 2 * block),
  };
}

/** Sums values by their day. */
function onDays(days: readonly number[], own: readonly number[], values: readonly number[]): Float64Array {
  const place = new Map(days.map((day, i) => [day, i]));
  const sums = new Float64Array(days.length);
  for (const [i, day] of own.entries()) {
    const at = place.get(day) as number;
    sums[at] = (sums[at] as number) + (values[i] as number);
  }
  return sums;
}
