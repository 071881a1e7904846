import type { ModelMeasure } from '../../api-types.d.ts';

/** What each measure asks, in everyday words, and which way is better. */
export const MEASURE_WORDS: Record<
  ModelMeasure['name'],
  { name: string; asks: string; isLowerBetter?: true; isShare?: true }
> = {
  rank_ic: {
    name: 'Order of stocks (rank IC)',
    asks: 'Did the stocks that it put first do better than those it put last? 0 is chance, 1 is perfect; 0.05 is already good.',
  },
  ic: { name: 'Size of returns (IC)', asks: 'The same, but large moves count for more than small ones.' },
  rank_icir: {
    name: 'Steadiness of the order (rank ICIR)',
    asks: 'How much of that order is there day after day, and not only now and then?',
  },
  icir: { name: 'Steadiness of returns (ICIR)', asks: 'The same for the size of returns.' },
  quintile_spread_sharpe: {
    name: 'Best fifth against worst (Sharpe)',
    asks: 'What holding its best fifth against its worst would have earned for the swings, after costs. Above 1 is seldom.',
  },
  log_loss: {
    name: 'Quality of probabilities (log loss)',
    asks: 'How far off were its probabilities? A model that is sure and wrong pays most.',
    isLowerBetter: true,
  },
  ece: {
    name: 'Honesty of probabilities (calibration error)',
    asks: 'When it says 40 %, does it happen in 40 of 100 cases? This is the average gap.',
    isLowerBetter: true,
    isShare: true,
  },
  accuracy: {
    name: 'Right calls (accuracy)',
    asks: 'How often the likeliest of the three came true.',
    isShare: true,
  },
  precision: {
    name: 'Precision',
    asks: 'Of the calls that it makes, how many come true, the three on average.',
    isShare: true,
  },
  recall: {
    name: 'Recall',
    asks: 'Of what came true, how much it had called, the three on average.',
    isShare: true,
  },
  f1_score: { name: 'F1', asks: 'Precision and recall in one number.', isShare: true },
};

export const BASELINE_WORDS: Record<ModelMeasure['baselines'][number]['name'], string> = {
  majority_class: 'Always say the commonest',
  momentum_12_1: 'Last year’s winners',
  short_term_reversal: 'Last month’s losers',
};

/**
 * What a difference from a baseline shows. An interval that holds 0 shows nothing: it may be chance.
 */
export function verdictOf(
  measure: ModelMeasure,
  baseline: ModelMeasure['baselines'][number],
): 'better' | 'worse' | 'no clear difference' | 'not tested' {
  const { difference } = baseline;
  if (!difference) return 'not tested';
  if (difference.low <= 0 && difference.high >= 0) return 'no clear difference';
  const isHigher = difference.low > 0;
  return isHigher === !MEASURE_WORDS[measure.name].isLowerBetter ? 'better' : 'worse';
}
