import { defined } from '../shared/invariant.ts';
import { mean, pearson, sampleDeviation, spearman } from './correlation.ts';
import { type Interval, meanInterval } from './interval.ts';

/** Fewest instruments of a measured day; a ranking of fewer is meaningless. */
const LEAST_A_DAY = 5;

/** How well a score ranks the instruments of each day; null without a measured day. */
export interface RankingMeasures {
  /** Mean over days of Pearson's correlation of score and forward return. */
  ic: number | null;
  /** Mean over days of Spearman's correlation, which uses the ranks alone. */
  rankIc: number | null;
  /** ic over the sample standard deviation of its daily values; not annualised. */
  icir: number | null;
  /** rankIc over the sample standard deviation of its daily values. */
  rankIcir: number | null;
  /** 95 %; null if there are too few days. */
  intervals: { ic: Interval | null; rankIc: Interval | null };
}

/**
 * Collects a score day by day.
 *
 * - Days with fewer than five instruments are left out.
 * - The correlation of a day with equal scores or equal returns is 0.
 * - Instruments whose score is not finite are left out of their day.
 */
export class Ranking {
  readonly #ic: (number | undefined)[] = [];
  readonly #rankIc: (number | undefined)[] = [];

  /** Adds a day, in order of time. */
  addDay(scores: readonly number[], forward: readonly number[]): void {
    const scored = scores.flatMap((score, i) => (Number.isFinite(score) ? [i] : []));
    const measured = scored.length >= LEAST_A_DAY;
    const of = (values: readonly number[]) => scored.map((i) => defined(values[i], 'value of a scored row'));
    this.#ic.push(measured ? pearson(of(scores), of(forward)) : undefined);
    this.#rankIc.push(measured ? spearman(of(scores), of(forward)) : undefined);
  }

  /** @param block - days in a block of the bootstrap: the horizon */
  measures(block: number): RankingMeasures {
    const [ic, rankIc] = [present(this.#ic), present(this.#rankIc)];
    return {
      ic: ic.length > 0 ? mean(ic) : null,
      rankIc: rankIc.length > 0 ? mean(rankIc) : null,
      icir: meanOverDeviation(ic),
      rankIcir: meanOverDeviation(rankIc),
      intervals: {
        ic: meanInterval(this.#ic, block) ?? null,
        rankIc: meanInterval(this.#rankIc, block) ?? null,
      },
    };
  }
}

function present(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function meanOverDeviation(values: readonly number[]): number | null {
  const deviation = sampleDeviation(values);
  return deviation > 0 ? mean(values) / deviation : null;
}
