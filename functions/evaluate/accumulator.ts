import type { Prediction } from '../infer/day-scores.ts';
import type { Manifest } from '../infer/manifest.ts';
import type { Outlook } from '../infer/profiles.ts';
import { LABELS, type Label, PROFILES, type Profile } from '../shared/constants.ts';
import { defined } from '../shared/invariant.ts';
import { BuyCalls, type BuyEdge } from './buy-edge.ts';
import { labelRule, labelsOfDay } from './labels.ts';
import { Probabilities, type ProbabilityMeasures } from './probabilities.ts';
import { Ranking, type RankingMeasures } from './ranking.ts';
import type { EvaluationRow } from './rows.ts';

/**
 * Measures of a model on some bars. C are the closes of an instrument in order of its bars, and h is the release's
 * horizon:
 *
 * - A row is measured if every input of the model has a value and the close h bars later is known.
 * - forward = C[t+h] / C[t] - 1. No other measure reads a bar after the row's own.
 * - {@link labelsOfDay} turns the forward returns of a day into labels.
 * - Correlations are computed within each day and averaged over days; see {@link RankingMeasures}. For probabilities
 *   see {@link ProbabilityMeasures}, for calls {@link BuyEdge}.
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
  /** Share of the rows with each label. */
  baseRate: Record<Label, number>;
  /** By profile; null if the profile gave no BUY. */
  buyEdge: Record<Profile, BuyEdge | null>;
  /** Alternatives to a model, on the same rows. */
  baselines: {
    /** The training rows' base rates as the probabilities of every row. */
    majorityClass: ProbabilityMeasures;
    /** Last year's winners without the last month: the score is mom_12_1. */
    momentum12_1: RankingMeasures;
    /** Last month's losers: the score is -ret_20d. */
    shortTermReversal: RankingMeasures;
  };
}

/** The value of a missing input. Baselines leave its row out, and profiles make no call on it. */
const MISSING = Number.NaN;

/** Measures a model's predictions day by day, and keeps only a few numbers of each day. */
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
   * @param rows - at least one, all with the inputs that {@link columnsOf} lists
   * @param predictions - one per row
   */
  addDay(rows: readonly EvaluationRow[], predictions: readonly Prediction[]): void {
    const rule = labelRule(this.#manifest);
    const forward = rows.map((row) => row.forward);
    const input = (name: string) => rows.map(({ inputs }) => inputs[name] ?? MISSING);
    const scores = predictions.map(({ score }) => score);
    this.#ranking.model.addDay(scores, forward);
    this.#ranking.momentum.addDay(input('mom_12_1'), forward);
    this.#ranking.reversal.addDay(
      input('ret_20d').map((value) => -value),
      forward,
    );
    const labels = labelsOfDay(rule, forward, input(rule.volatilityFeature), rule.exposures.map(input));
    const outlooks: Outlook[] = [];
    for (const [i, row] of rows.entries()) {
      const label = defined(labels[i], 'label of a row');
      const prediction = defined(predictions[i], 'prediction of a row');
      this.#probabilities.model.add(prediction.probabilities, label);
      this.#probabilities.majority.add(this.#baseRates, label);
      outlooks.push(this.#outlook(row, prediction));
    }
    for (const [, calls] of this.#calls) calls.addDay(outlooks, forward);
    for (const { symbol } of rows) this.#instruments.add(symbol);
    this.#days.push(defined(rows[0], 'first row of a day').day);
    this.#rows += rows.length;
  }

  /** The facts from which Publish would have decided. */
  #outlook({ inputs }: EvaluationRow, prediction: Prediction): Outlook {
    return {
      probabilities: prediction.probabilities,
      baseRates: this.#baseRates,
      place: prediction.place,
      expectedExcessPct: prediction.expectedExcess * 100,
      volatility: inputs.vol_20d ?? MISSING,
      close: inputs.close_price ?? MISSING,
      atr: inputs.atr_14 ?? MISSING,
    };
  }

  /** The measures of all added days, of which there must be one. */
  result(): EvaluationResult {
    const { version: model, horizonDays } = this.#manifest;
    const { ic, rankIc, icir, rankIcir, intervals } = this.#ranking.model.measures(horizonDays);
    const { ece, logLoss, hitRate } = this.#probabilities.model.measures();
    const edges = this.#calls.map(([profile, calls]) => [profile, calls.edge(horizonDays)] as const);
    return {
      model,
      from: defined(this.#days[0], 'first day'),
      to: defined(this.#days.at(-1), 'last day'),
      days: this.#days.length,
      instruments: this.#instruments.size,
      rows: this.#rows,
      horizonDays,
      ic,
      rankIc,
      icir,
      rankIcir,
      intervals,
      ece,
      logLoss,
      baseRate: this.#probabilities.model.baseRate(),
      hitRate,
      buyEdge: Object.fromEntries(edges) as Record<Profile, BuyEdge | null>,
      baselines: {
        majorityClass: this.#probabilities.majority.measures(),
        momentum12_1: this.#ranking.momentum.measures(horizonDays),
        shortTermReversal: this.#ranking.reversal.measures(horizonDays),
      },
    };
  }
}
