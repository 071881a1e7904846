import type { Metrics } from './metrics.ts';

const BASELINES = {
  momentum_12_1: '12-1 momentum',
  short_term_reversal: 'short-term reversal',
};

/** What no release from daily bars can do, however good its numbers. */
const STANDING = [
  'The instruments were chosen by someone who knew which still existed; the delisted are missing, and returns of buying what survived are too good.',
  'It sees prices and volumes. It knows nothing of earnings, news, dividends to come or what anything is worth.',
  'Returns are from the close that the features were computed from, which nobody can trade at; borrowing costs and taxes are not counted.',
];

/**
 * What a model can't do, in sentences: what its own numbers do not show, then what holds for all of them. The
 * model card in the repository says the same of the bundled release.
 */
export function limitsOf(metrics: Metrics): string[] {
  return [...edge(metrics), ...ranking(metrics), ...probabilities(metrics), ...STANDING];
}

function edge(metrics: Metrics): string[] {
  const interval = metrics.interval('intervals', 'rank_ic');
  if (!interval) return ['How sure its rank IC is, nobody measured: it may have no edge at all.'];
  const range = `The interval of the rank IC, ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)},`;
  return [`${range} ${interval.low > 0 ? 'excludes 0.' : 'does not exclude 0: it may have no edge at all.'}`];
}

function ranking(metrics: Metrics): string[] {
  return Object.entries(BASELINES).flatMap(([baseline, words]) => {
    const differences = ['rank_ic_difference', 'rank_icir_difference'].map((name) =>
      metrics.interval('intervals', 'baselines', baseline, name),
    );
    if (differences.every((interval) => interval && interval.low > 0)) return [];
    return [`It is not shown to order stocks better than ${words} alone does.`];
  });
}

function probabilities(metrics: Metrics): string[] {
  const difference = metrics.interval('intervals', 'baselines', 'majority_class', 'log_loss_difference');
  const shown = difference && difference.high < 0;
  const bins = metrics.entries('reliability', 'BUY').map((bin) => bin.number('confidence'));
  const [lowest, highest] = [bins.at(0), bins.at(-1)];
  const share = (value: number) => `${(value * 100).toFixed(0)}%`;
  return [
    ...(shown ? [] : ['Its probabilities are not shown to say more than the shares of the labels do.']),
    ...(typeof lowest === 'number' && typeof highest === 'number'
      ? [
          `BUY was held ${share(lowest)} probable in the lowest bin of rows and ${share(highest)} in the highest.`,
        ]
      : []),
  ];
}
