import type { ModelEdge, ModelMeasure } from '../../api-types.d.ts';

/** How the page says whether an edge after costs is shown. */
export const EDGE_TITLES: Record<ModelEdge['status'], string> = {
  shown: 'Edge shown on past days',
  not_shown_yet: 'No edge shown yet',
  not_measured: 'Not measured',
};

/** How the page names and explains each measure, and which direction is better. */
export const MEASURES: Record<
  ModelMeasure['name'],
  { name: string; explanation: string; isLowerBetter?: true; isShare?: true }
> = {
  e5_rank_ic: {
    name: 'Ranking, a week ahead (rank IC beyond factors)',
    explanation:
      'Do the stocks that it ranks highest do best, apart from what moves many stocks at once? 0 is chance and 1 is perfect. Even good models reach only about 0.05.',
  },
  e5_rank_icir: {
    name: 'Steadiness of that ranking (rank ICIR)',
    explanation:
      'Does the ranking work on most days, or only now and then? The average of its daily score, divided by how much the score varies.',
  },
  n5_rank_ic: {
    name: 'Ranking, a week ahead, among similar stocks',
    explanation: 'The same for whole returns, compared among stocks of like volatility and ease of trading.',
  },
  n5_rank_icir: {
    name: 'Steadiness of that ranking',
    explanation: 'The average of its daily score, divided by how much the score varies.',
  },
  n20_rank_ic: {
    name: 'Ranking, a month ahead, among similar stocks',
    explanation: 'The same over 20 trading days, the horizon of the calls.',
  },
  raw20_rank_ic: {
    name: 'Ranking, a month ahead, among all stocks',
    explanation: 'The same for whole returns of all stocks. It varies so much that years of data say little.',
  },
  raw20_rank_icir: {
    name: 'Steadiness of that ranking',
    explanation: 'The average of its daily score, divided by how much the score varies.',
  },
  top_2_excess_after_costs: {
    name: 'Gain of the best 2% over a month',
    explanation: 'The return of its best 2% of stocks after costs, less that of all stocks. 0% is no gain.',
    isShare: true,
  },
  top_5_excess_after_costs: {
    name: 'Gain of the best 5% over a month',
    explanation: 'The same for its best 5% of stocks.',
    isShare: true,
  },
  top_10_excess_after_costs: {
    name: 'Gain of the best 10% over a month',
    explanation: 'The same for its best 10% of stocks.',
    isShare: true,
  },
  direction_auc: {
    name: 'Up or down (AUC)',
    explanation:
      'Of a stock that rose much and one that fell much, how often had the first the higher chance? 0.5 is chance and 1 is perfect.',
  },
  direction_brier_skill: {
    name: 'Up or down (Brier skill)',
    explanation: 'How much closer its chances of up came than one half. 0% is no closer.',
    isShare: true,
  },
  log_loss_gain_move: {
    name: 'Telling large moves from small (log loss)',
    explanation: 'How much its chance of a large move improves the percentages. 0 is nothing.',
  },
  log_loss_gain_direction: {
    name: 'Telling up from down (log loss)',
    explanation: 'How much its chance of up rather than down improves the percentages. 0 is nothing.',
  },
  rank_ic: {
    name: 'Ranking of stocks (rank IC)',
    explanation:
      'Do the stocks that it ranks highest do best? 0 is chance and 1 is perfect. Even good models reach only about 0.05.',
  },
  ic: {
    name: 'Estimates of returns (IC)',
    explanation:
      'Do stocks with higher estimates gain more? 0 is chance and 1 is perfect. Large moves count most.',
  },
  rank_icir: {
    name: 'Steadiness of the ranking (rank ICIR)',
    explanation:
      'Does the ranking work on most days, or only now and then? The average of its daily score, divided by how much the score varies.',
  },
  icir: {
    name: 'Steadiness of the estimates (ICIR)',
    explanation:
      'Do the estimates work on most days, or only now and then? The average of their daily score, divided by how much the score varies.',
  },
  quintile_spread_sharpe: {
    name: 'Best fifth against worst fifth (Sharpe ratio)',
    explanation:
      'The gain from buying its top fifth of stocks and selling its bottom fifth, after costs, relative to the ups and downs. Above 1 is rare.',
  },
  log_loss: {
    name: 'Quality of percentages (log loss)',
    explanation:
      'How far its percentages were from what happened. Confident mistakes count most. Giving each of the three calls the same percentage scores 1.10.',
    isLowerBetter: true,
  },
  ece: {
    name: 'Honesty of percentages (calibration error)',
    explanation:
      'When it says 40%, does it happen in 40 of 100 cases? This is the average gap; 0% is perfect.',
    isLowerBetter: true,
    isShare: true,
  },
  accuracy: {
    name: 'Outcomes that it expected (accuracy)',
    explanation: 'How often the outcome was the one to which it gave the highest chance of the three.',
    isShare: true,
  },
  precision: {
    name: 'Calls that come true (precision)',
    explanation: 'How many of its calls came true. Average of BUY, HOLD and SELL.',
    isShare: true,
  },
  recall: {
    name: 'Outcomes that it caught (recall)',
    explanation:
      'Of the stocks that clearly beat the average, how many had it called BUY? Average of BUY, HOLD and SELL.',
    isShare: true,
  },
  f1_score: {
    name: 'Precision and recall together (F1)',
    explanation: 'One number for the two above: high only if both are high.',
    isShare: true,
  },
};

export const BASELINE_NAMES: Record<ModelMeasure['baselines'][number]['name'], string> = {
  majority_class: 'Always the most common call',
  momentum_12_1: 'Last year’s winners',
  short_term_reversal: 'Last month’s losers',
  weekly_reversal: 'Last week’s losers',
};

/** How the page names the gate's checks. */
const CHECK_NAMES: Record<string, string> = {
  parity: 'Same results in use as in training',
  calibration: 'Honest percentages',
  log_loss: 'Better percentages than always the most common call',
  rank_ic: 'Ranking better than chance',
  rank_icir_over_momentum_12_1: 'Steadier than last year’s winners',
  rank_icir_over_short_term_reversal: 'Steadier than last month’s losers',
  incumbent: 'Better than the previous model',
};

/** The name of a check of the gate. A check without a name here keeps the name that the gate gives it. */
export function nameOfCheck(name: string): string {
  return CHECK_NAMES[name] ?? name.replaceAll('_', ' ');
}

/**
 * Compares a measure with a baseline's. The difference is clear only if its confidence interval excludes 0.
 */
export function compareWith(
  measure: ModelMeasure,
  baseline: ModelMeasure['baselines'][number],
): 'better' | 'worse' | 'no clear difference' | 'not tested' {
  const { difference } = baseline;
  if (!difference) return 'not tested';
  if (difference.low <= 0 && difference.high >= 0) return 'no clear difference';
  const isHigher = difference.low > 0;
  return isHigher === !MEASURES[measure.name].isLowerBetter ? 'better' : 'worse';
}
