import type { RankingBaseline } from '../../shared/constants.ts';
import type { Metrics } from './metrics.ts';

const BASELINES: Record<RankingBaseline, string> = {
  momentum_12_1: 'simply preferring last year’s winners',
  short_term_reversal: 'simply preferring last month’s losers',
};

/** What no release from daily bars can do, however good its numbers. */
const STANDING = [
  'It was tested on stocks chosen by someone who knew which still existed. Those that were delisted are missing, so what it would have earned looks better than it was.',
  'It sees prices and volumes alone. It knows nothing of earnings, news, dividends to come or what a company is worth.',
  'Returns are counted from the very close that it calculates with, at which nobody can trade any more. Taxes and the cost of borrowing are left out.',
];

/**
 * What a model can't do, in sentences that need no statistics: what its own numbers do not show, then what holds for
 * all of them. The model card in the repository says the same of the bundled release in the terms of the field.
 */
export function limitsOf(metrics: Metrics): string[] {
  return [...edge(metrics), ...ranking(metrics), ...probabilities(metrics), ...STANDING];
}

function edge(metrics: Metrics): string[] {
  const interval = metrics.interval('intervals', 'rank_ic');
  if (!interval)
    return [
      'How well it orders stocks was measured without a margin of error: it may be no better than chance.',
    ];
  const [low, high] = [interval.low.toFixed(2), interval.high.toFixed(2)];
  if (interval.low <= 0) {
    return [
      `It may be no better than chance: how its order of stocks and what came of them agree lies between ${low} and ${high}, where 0 is chance.`,
    ];
  }
  return [
    `Most of what moves a stock it does not see: how its order of stocks and what came of them agree lies between ${low} and ${high}, where 0 is chance and 1 is perfect.`,
  ];
}

function ranking(metrics: Metrics): string[] {
  return Object.entries(BASELINES).flatMap(([baseline, words]) => {
    const differences = ['rank_ic_difference', 'rank_icir_difference'].map((name) =>
      metrics.interval('intervals', 'baselines', baseline, name),
    );
    if (differences.every((interval) => interval && interval.low > 0)) return [];
    return [`It is not shown to order stocks better than ${words} does.`];
  });
}

function probabilities(metrics: Metrics): string[] {
  const difference = metrics.interval('intervals', 'baselines', 'majority_class', 'log_loss_difference');
  const shown = difference && difference.high < 0;
  const bins = metrics.entries('reliability', 'BUY').map((bin) => bin.number('confidence'));
  const [lowest, highest] = [bins.at(0), bins.at(-1)];
  const share = (value: number) => `${(value * 100).toFixed(0)}%`;
  return [
    ...(shown
      ? []
      : ['Its probabilities are not shown to say more than how often each call comes true anyway.']),
    ...(typeof lowest === 'number' && typeof highest === 'number'
      ? [
          `It is never sure: it gives a BUY ${share(lowest)} in the cases where it believes in it least, and ${share(highest)} where it believes in it most.`,
        ]
      : []),
  ];
}
