import type { Baseline } from '../../shared/constants.ts';
import type { ReleaseMetrics } from './release-metrics.ts';

const BASELINE_WORDS: Record<Exclude<Baseline, 'majority_class'>, string> = {
  momentum_12_1: 'simply buying last year’s winners',
  short_term_reversal: 'simply buying last month’s losers',
  weekly_reversal: 'simply buying last week’s losers',
};

/** The limits of every release from daily bars. */
const PERMANENT_LIMITS = [
  'It was tested only on stocks that still exist. Delisted stocks are missing, so its past returns look better than they were.',
  'It reads only prices and volumes. It knows nothing about earnings, news, future dividends or the value of a company.',
  'Its returns are measured from the closing price that it reads. Nobody can trade at that price any more. Taxes and borrowing costs are left out.',
];

/**
 * The limits of a model in sentences without statistics: first those that its metrics show, then those of all models. The
 * model card in the repository states them for the bundled release in technical terms.
 */
export function limitsOf(metrics: ReleaseMetrics): string[] {
  return [...edge(metrics), ...ranking(metrics), ...probabilities(metrics), ...PERMANENT_LIMITS];
}

function edge(metrics: ReleaseMetrics): string[] {
  const interval = metrics.interval('intervals', 'rank_ic') ?? metrics.interval('e5_rank_ic', 'interval');
  if (!interval)
    return [
      'Its ranking of stocks was measured without a margin of error, so it may be no better than chance.',
    ];
  const [low, high] = [interval.low.toFixed(2), interval.high.toFixed(2)];
  if (interval.low <= 0) {
    return [
      `Its ranking of stocks may be no better than chance: ${low} to ${high}, where 0 is chance and 1 is perfect.`,
    ];
  }
  return [
    `Its ranking of stocks is only slightly better than chance: ${low} to ${high}, where 0 is chance and 1 is perfect.`,
  ];
}

function ranking(metrics: ReleaseMetrics): string[] {
  return Object.entries(BASELINE_WORDS).flatMap(([baseline, words]) => {
    if (!metrics.has('baselines', baseline)) return [];
    const differences = ['rank_ic', 'rank_icir'].map(
      (name) =>
        metrics.interval('intervals', 'baselines', baseline, `${name}_difference`) ??
        metrics.interval('baselines', baseline, `e5_${name}`, 'difference', 'interval'),
    );
    if (!differences.every((interval) => interval && interval.low > 0))
      return [`Its ranking is not proven to do better than ${words}.`];
    const month = metrics.interval('baselines', baseline, 'n20_rank_ic', 'difference', 'interval');
    if (!month || month.low > 0) return [];
    return [`Over the month of its calls, its ranking is not proven to do better than ${words}.`];
  });
}

function probabilities(metrics: ReleaseMetrics): string[] {
  const difference = metrics.interval('intervals', 'baselines', 'majority_class', 'log_loss_difference');
  const direction = metrics.interval('log_loss_gain_direction', 'interval');
  const shown = direction ? direction.low > 0 : difference && difference.high < 0;
  const missing = direction
    ? 'Its chances of up rather than down are not proven to be better than one half.'
    : 'Its chances are not proven to be more accurate than the chance for any stock.';
  const bins = metrics.entries('reliability', 'BUY').map((bin) => bin.number('confidence'));
  const [lowest, highest] = [bins.at(0), bins.at(-1)];
  const share = (value: number) => `${(value * 100).toFixed(0)}%`;
  return [
    ...(shown ? [] : [missing]),
    ...(typeof lowest === 'number' && typeof highest === 'number'
      ? [
          `It is never certain: its average chance for a BUY is ${share(lowest)} in its weakest cases and ${share(highest)} in its strongest.`,
        ]
      : []),
  ];
}
