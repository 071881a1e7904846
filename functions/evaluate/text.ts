import { Table } from 'console-table-printer';
import { LABELS, PROFILES } from '../shared/constants.ts';
import { defined } from '../shared/invariant.ts';
import type { EvaluationResult } from './accumulator.ts';
import type { Interval } from './interval.ts';
import type { ProbabilityMeasures } from './probabilities.ts';
import type { RankingMeasures } from './ranking.ts';

const LEGEND = `IC         correlation of score and return within a day, averaged over days: -1 to 1, 0 is chance
rank IC    IC of the ranks: how well the score orders the instruments of a day
ICIR       mean of the daily IC over its standard deviation: how steady it is
log loss   penalty for improbable outcomes, lower is better; 0 is perfect
ECE        gap between probabilities and observed shares, 0 is perfect
hit        share of the calls that came true; compare it with the base rate
edge       return of a day's BUY calls less that of all instruments, over the horizon
95 %       95 % confidence interval (block bootstrap over days)
`;

/** The measures as text: the data, a table for each kind of measure, and the verdict. */
export function evaluationText(result: EvaluationResult): string {
  const { model, from, to, days, instruments, rows, horizonDays } = result;
  return [
    `Model ${model} on ${from} to ${to}: ${rows} rows, ${days} days, ${instruments} instruments; ` +
      `returns over ${horizonDays} bars`,
    rankingTable(result),
    probabilityTable(result),
    callTable(result),
    LEGEND,
    verdict(result),
  ].join('\n');
}

/** A sentence about whether the ranking beats chance. */
export function verdict({ horizonDays, intervals: { rankIc } }: EvaluationResult): string {
  if (!rankIc) {
    return `No edge is shown: an interval needs at least ${2 * horizonDays} days with five instruments or more.`;
  }
  if (rankIc[1] < 0) return 'The ranking was worse than chance: the interval of its rank IC is below 0.';
  if (rankIc[0] > 0) return 'The ranking was better than chance: the interval of its rank IC is above 0.';
  return 'No edge is shown: the interval of the rank IC includes 0.';
}

function rankingTable({ baselines, ...model }: EvaluationResult): string {
  const line = (score: string, { ic, rankIc, icir, rankIcir, intervals }: RankingMeasures) => ({
    'Ranking by': score,
    IC: number(ic),
    '95 % of IC': range(intervals.ic),
    'rank IC': number(rankIc),
    '95 % of rank IC': range(intervals.rankIc),
    ICIR: number(icir, 3),
    'rank ICIR': number(rankIcir, 3),
  });
  return render([
    line('model', model),
    line('momentum 12-1', baselines.momentum12_1),
    line('short-term reversal', baselines.shortTermReversal),
  ]);
}

function probabilityTable({ baselines, baseRate, ...model }: EvaluationResult): string {
  const rates = (of: Record<string, number | null>) =>
    Object.fromEntries(LABELS.map((label) => [`hit ${label}`, percent(of[label] ?? null)]));
  const line = (source: string, { logLoss, ece, hitRate }: ProbabilityMeasures) => ({
    'Probabilities of': source,
    'log loss': number(logLoss),
    ECE: number(ece),
    ...rates(hitRate),
  });
  return render([
    line('model', model),
    line('majority class', baselines.majorityClass),
    { 'Probabilities of': 'base rate', 'log loss': '', ECE: '', ...rates(baseRate) },
  ]);
}

function callTable({ buyEdge }: EvaluationResult): string {
  return render(
    PROFILES.map((profile) => {
      const edge = buyEdge[profile];
      const interval: Interval | null = edge?.low != null && edge.high != null ? [edge.low, edge.high] : null;
      return {
        'BUY calls': profile,
        'edge in %': number(edge?.edgePct ?? null, 2),
        '95 %': range(interval, 2),
        calls: String(edge?.calls ?? 0),
        days: String(edge?.days ?? 0),
      };
    }),
  );
}

function render(rows: Record<string, string>[]): string {
  const columns = Object.keys(defined(rows[0], 'first row')).map((name, i) => ({
    name,
    alignment: i === 0 ? ('left' as const) : ('right' as const),
  }));
  return new Table({ columns, rows, shouldDisableColors: true }).render();
}

const number = (value: number | null, digits = 4) => (value === null ? '-' : value.toFixed(digits));
const percent = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)} %`);
const range = (interval: Interval | null, digits = 4) =>
  interval ? `${interval[0].toFixed(digits)} to ${interval[1].toFixed(digits)}` : '-';
