import { Table } from 'console-table-printer';
import { defined } from '../shared/invariant.ts';
import { valueAt } from '../shared/value-at.ts';
import type { EvaluationResult } from './evaluate-members.ts';
import type { Interval } from './interval.ts';
import { COST_BPS } from './measures.ts';

/** Measures of a score, by their names in the manifest. The first decides. */
const RANKING = {
  e5_rank_ic: 'rank IC, 5 days beyond factors',
  e5_rank_icir: 'ICIR, 5 days beyond factors',
  n5_rank_ic: 'rank IC, 5 days neutral',
  n5_rank_icir: 'ICIR, 5 days neutral',
  n20_rank_ic: 'rank IC, 20 days neutral',
  n20_rank_icir: 'ICIR, 20 days neutral',
  raw20_rank_ic: 'rank IC, 20 days raw',
  raw20_rank_icir: 'ICIR, 20 days raw',
  direction_auc: 'AUC of direction',
  top_2_excess: 'excess of the best 2%',
  top_2_excess_after_costs: '  after costs',
  top_5_excess: 'excess of the best 5%',
  top_5_excess_after_costs: '  after costs',
  top_10_excess: 'excess of the best 10%',
  top_10_excess_after_costs: '  after costs',
} as const;

/** Measures of probabilities, which baselines have none of. */
const PROBABILITIES = {
  direction_brier_skill: 'Brier skill of direction',
  log_loss: 'log loss',
  log_loss_gain_move: 'gain by large moves',
  log_loss_gain_direction: 'gain by direction',
  ece: 'ECE',
} as const;

const BASELINES = {
  momentum_12_1: 'momentum 12-1',
  short_term_reversal: 'last month reversed',
  weekly_reversal: 'last week reversed',
} as const;

const LEGEND = `rank IC     correlation of the ranks of score and return within a day, averaged over days: -1 to 1, 0 is chance
ICIR        mean of the daily rank IC over its standard deviation: how steady it is
beyond factors: less what 15 statistical factors explain; neutral: less what volatility and illiquidity explain
AUC         chance that a stock that rose much has a better score than one that fell much on that day; 0.5 is chance
Brier skill gain over a chance of one half, given a large move; 0 is no gain
gain        part of the log loss that the model saves against the shares of the labels; more is better
ECE         gap between probabilities and observed shares, 0 is perfect
excess      return of a day's best stocks less that of all stocks; costs are ${COST_BPS} basis points
difference  the model's measure less the baseline's, on the same days
95 %        95 % confidence interval (block bootstrap over days)
`;

/** The measures as text: the data, a table of the model, one of the baselines, and the verdict. */
export function evaluationText(model: string, result: EvaluationResult): string {
  const { from, to, instruments, horizonDays, shortHorizonDays, metrics } = result;
  return [
    `Model ${model} on ${from} to ${to}: ${metrics.rows} rows, ${metrics.days} days, ${instruments} instruments; ` +
      `returns over ${shortHorizonDays} and ${horizonDays} bars`,
    render(
      Object.entries({ ...RANKING, ...PROBABILITIES }).map(([name, words]) => ({
        Measure: words,
        Model: valueText(name, metrics[name]),
        '95 %': rangeText(name, metrics[name]),
      })),
    ),
    render(
      Object.entries(BASELINES).flatMap(([baseline, ranking]) =>
        Object.entries(RANKING).map(([name, words]) => {
          const measure = valueAt(metrics, ['baselines', baseline, name]);
          const difference = valueAt(measure, ['difference']);
          return {
            Baseline: ranking,
            Measure: words,
            Value: valueText(name, measure),
            '95 %': rangeText(name, measure),
            Difference: valueText(name, difference),
            '95 % of it': rangeText(name, difference),
          };
        }),
      ),
    ),
    LEGEND,
    verdict(result),
  ].join('\n');
}

/** A sentence about whether the ranking beats chance, by the measure that decides. */
export function verdict({ metrics }: Pick<EvaluationResult, 'metrics'>): string {
  const interval = valueAt(metrics, ['e5_rank_ic', 'interval']) as Interval | null | undefined;
  const what = "of the rank IC on 5 days' returns beyond factors";
  if (!interval) return `No edge is shown: there are too few days for an interval ${what}.`;
  if (interval[1] < 0) return `The ranking was worse than chance: the interval ${what} is below 0.`;
  if (interval[0] > 0) return `The ranking was better than chance: the interval ${what} is above 0.`;
  return `No edge is shown: the interval ${what} includes 0.`;
}

function render(rows: Record<string, string>[]): string {
  const columns = Object.keys(defined(rows[0], 'first row')).map((name) => ({
    name,
    alignment: name === 'Measure' || name === 'Baseline' ? ('left' as const) : ('right' as const),
  }));
  return new Table({ columns, rows, shouldDisableColors: true }).render();
}

/** An excess is a return, shown in percent. */
function numberText(name: string, value: number): string {
  return name.includes('excess') ? `${(100 * value).toFixed(2)} %` : value.toFixed(4);
}

function valueText(name: string, measure: unknown): string {
  const value = valueAt(measure, ['value']);
  return typeof value === 'number' ? numberText(name, value) : '-';
}

function rangeText(name: string, measure: unknown): string {
  const interval = valueAt(measure, ['interval']);
  if (!Array.isArray(interval)) return '-';
  return interval.map((end) => numberText(name, end)).join(' to ');
}
