import type { Manifest } from '../infer/manifest.ts';
import type { Prediction } from '../infer/model.ts';
import type { Outlook } from '../infer/profiles.ts';
import { LABELS, type Label, PROFILES, type Profile } from '../shared/constants.ts';
import { BuyCalls, type BuyEdge } from './buy-edge.ts';
import { labelRule, labelsOfDay } from './labels.ts';
import { Probabilities, type ProbabilityMeasures } from './probabilities.ts';
import { Ranking, type RankingMeasures } from './ranking.ts';
import type { EvaluationRow } from './rows.ts';

/**
 * What a model was worth on some bars. With C the closes of an instrument in order of its bars, and h the
 * release's horizon:
 *
 * - A row counts if every input of the model has a value and its close h bars later is known.
 * - forward = C[t+h] / C[t] - 1; only this looks at bars after the row's own.
 * - z = (forward - mean of forward over the day's rows) / (volatility sqrt(h / 252)); releases whose label has no
 *   kind do not subtract the mean. SELL if z < -bandWidth, BUY if z > bandWidth, else HOLD.
 * - Correlations are taken within each day, then averaged; see {@link RankingMeasures}. Of probabilities see
 *   {@link ProbabilityMeasures}, of calls {@link BuyEdge}.
 * - Intervals are 95 %, by moving-block bootstrap over days with blocks of h days.
 */
export interface EvaluationResult extends RankingMeasures, ProbabilityMeasures {
  /** The release's version. */
  model: string;
  /** The first and the last day with rows, `YYYY-MM-DD`. */
  from: string;
  to: string;
  days: number;
  instruments: number;
  rows: number;
  horizonDays: number;
  /** Share of the rows that each label truly has. */
  baseRate: Record<Label, number>;
  /** By profile; null where it said BUY of nothing. */
  buyEdge: Record<Profile, BuyEdge | null>;
  /** What a reader could do without a model, on the same rows. */
  baselines: {
    /** The training rows' base rates as the probabilities of every row. */
    majorityClass: ProbabilityMeasures;
    /** Last year's winners, but for the last month: the score is mom_12_1. */
    momentum12_1: RankingMeasures;
    /** Last month's losers: the score is -ret_20d. */
    shortTermReversal: RankingMeasures;
  };
}

/** Measures a model's predictions as they come, day by day, keeping a few numbers a day. */
export class EvaluationAccumulator {
  readonly #manifest: Manifest;
  readonly #baseRates: [number, number, number];
  readonly #ranking = { model: new Ranking(), momentum: new Ranking(), reversal: new Ranking() };
  readonly #probabilities = { model: new Probabilities(), majority: new Probabilities() };
  readonly #calls = PROFILES.map((profile) => [profile, new BuyCalls(profile)] as const);
  readonly #instruments = new Set<string>();
  readonly #days: string[] = [];
  #rows = 0;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#baseRates = LABELS.map((label) => manifest.baseRates[label]) as [number, number, number];
  }

  /** Rows measured so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Adds all rows of a day, in order of time.
   *
   * @param predictions - one a row
   */
  addDay(rows: readonly EvaluationRow[], predictions: readonly Prediction[]): void {
    const rule = labelRule(this.#manifest);
    const forward = rows.map((row) => row.forward);
    const input = (name: string) => rows.map(({ inputs }) => inputs[name] ?? Number.NaN);
    const scores = predictions.map(({ expectedReturn }) => expectedReturn);
    this.#ranking.model.addDay(scores, forward);
    this.#ranking.momentum.addDay(input('mom_12_1'), forward);
    this.#ranking.reversal.addDay(
      input('ret_20d').map((value) => -value),
      forward,
    );
    const labels = labelsOfDay(rule, forward, input(rule.volatilityFeature), rule.exposures.map(input));
    labels.forEach((label, i) => {
      this.#probabilities.model.add(predictions[i]?.probabilities ?? [], label);
      this.#probabilities.majority.add(this.#baseRates, label);
    });
    const outlooks = rows.map((row, i) => this.#outlook(row, predictions[i] as Prediction));
    for (const [, calls] of this.#calls) calls.addDay(outlooks, forward);
    for (const { symbol } of rows) this.#instruments.add(symbol);
    this.#days.push(rows[0]?.day ?? '');
    this.#rows += rows.length;
  }

  /** What Publish would have known when it decided. */
  #outlook({ inputs }: EvaluationRow, prediction: Prediction): Outlook {
    return {
      probabilities: prediction.probabilities,
      baseRates: this.#baseRates,
      expectedReturnPct: prediction.expectedReturn * 100,
      averageReturnPct: prediction.baseReturn * 100,
      volatility: inputs.vol_20d ?? Number.NaN,
      close: inputs.close_price ?? Number.NaN,
      atr: inputs.atr_14 ?? Number.NaN,
    };
  }

  /** The measures of all days added; at least one must have been. */
  result(): EvaluationResult {
    const { version: model, horizonDays } = this.#manifest;
    const { ic, rankIc, icir, rankIcir, intervals } = this.#ranking.model.measures(horizonDays);
    const { ece, logLoss, hitRate } = this.#probabilities.model.measures();
    const edges = this.#calls.map(([profile, calls]) => [profile, calls.edge(horizonDays)] as const);
    return {
      model,
      from: this.#days[0] ?? '',
      to: this.#days.at(-1) ?? '',
      days: this.#days.length,
      instruments: this.#instruments.size,
      rows: this.#rows,
      horizonDays,
      ...{ ic, rankIc, icir, rankIcir, intervals },
      ...{ ece, logLoss, baseRate: this.#probabilities.model.baseRate(), hitRate },
      buyEdge: Object.fromEntries(edges) as Record<Profile, BuyEdge | null>,
      baselines: {
        majorityClass: this.#probabilities.majority.measures(),
        momentum12_1: this.#ranking.momentum.measures(horizonDays),
        shortTermReversal: this.#ranking.reversal.measures(horizonDays),
      },
    };
  }
}
