import * as z from 'zod';
import { BASELINES, LABELS, type Label } from '../../shared/constants.ts';
import { Day } from '../lists/fields.ts';
import { limitsOf } from './model-limits.ts';
import type { ReleaseMetrics } from './release-metrics.ts';

/** The measures of a version, most important first. Those without a horizon are of models before v1.0.0. */
const MEASURES = {
  e5_rank_ic:
    'Rank IC, 5 days beyond factors: mean daily rank correlation between scores and returns that common factors do not explain',
  e5_rank_icir: 'Rank ICIR, 5 days beyond factors: mean daily rank IC divided by its standard deviation',
  n5_rank_ic: 'Rank IC of 5-day returns, neutral to volatility and illiquidity',
  n5_rank_icir: 'Rank ICIR of 5-day returns, neutral to volatility and illiquidity',
  n20_rank_ic: 'Rank IC of 20-day returns, neutral to volatility and illiquidity',
  raw20_rank_ic: 'Rank IC of 20-day returns',
  raw20_rank_icir: 'Rank ICIR of 20-day returns',
  top_2_excess_after_costs: 'Mean 20-day return of the best 2% after costs, less that of all stocks',
  top_5_excess_after_costs: 'Mean 20-day return of the best 5% after costs, less that of all stocks',
  top_10_excess_after_costs: 'Mean 20-day return of the best 10% after costs, less that of all stocks',
  direction_auc: 'Direction: chance that of two large moves, the one up has the higher score; 0.5 is chance',
  direction_brier_skill: 'Direction: share of the squared error of one half that its chances of up remove',
  log_loss_gain_move: 'Gain in log loss from the chance of a large move',
  log_loss_gain_direction: 'Gain in log loss from the chance of up, given a large move',
  rank_ic: 'Rank IC: mean daily rank correlation between expected and realised returns',
  ic: 'IC: mean daily correlation between expected and realised returns',
  rank_icir: 'Rank ICIR: mean daily rank IC divided by its standard deviation',
  icir: 'ICIR: mean daily IC divided by its standard deviation',
  quintile_spread_sharpe: 'Sharpe ratio after costs of buying the top fifth and shorting the bottom fifth',
  log_loss: 'Log loss of the probabilities; lower is better',
  ece: 'Expected calibration error of the probabilities; lower is better',
  accuracy: 'Accuracy: share of rows whose most likely call came true',
  precision: 'Mean precision over the calls',
  recall: 'Mean recall over the calls',
  f1_score: 'Mean F1 score over the calls',
} as const;

export const Interval = z
  .strictObject({ low: z.number().describe('Lower end.'), high: z.number().describe('Upper end.') })
  .nullable();

const Measure = z
  .strictObject({
    name: z.enum(Object.keys(MEASURES) as [keyof typeof MEASURES]).describe('The name of the measure.'),
    meaning: z.string().describe('The measure in words.'),
    value: z.number().describe("The model's value."),
    interval: Interval.describe('The 95% confidence interval by block bootstrap over days; null if unknown.'),
    baselines: z
      .array(
        z.strictObject({
          name: z.enum(BASELINES).describe('A simple strategy that needs no model.'),
          value: z.number().describe("The baseline's value on the same rows."),
          interval: Interval.describe("The baseline's 95% confidence interval; null if unknown."),
          difference: Interval.describe(
            "95% confidence interval of the model's value minus the baseline's; null if unknown. If it contains 0, the difference is not significant.",
          ),
        }),
      )
      .describe('The baselines with this measure.'),
  })
  .meta({ id: 'ModelMeasure', description: 'A measure of a model, compared with baselines.' });

const byLabel = <T extends z.ZodType>(schema: T) => {
  const entries = LABELS.map((label) => [label, schema.describe(`For ${label}.`)]);
  return z.strictObject(Object.fromEntries(entries) as Record<Label, T>);
};

export const ModelCard = z
  .strictObject({
    rows: z.int().nullable().describe('The number of test rows. A row is one instrument on one day.'),
    days: z.int().nullable().describe('The number of days in the test rows.'),
    costBpsOneWay: z.number().nullable().describe('The assumed cost of a trade in basis points, one way.'),
    measures: z
      .array(Measure)
      .describe('Measured out of sample, over all test slices of a purged walk-forward.'),
    hitRates: byLabel(
      z.strictObject({
        hitRate: z
          .number()
          .nullable()
          .describe('Of the rows where this call was the most likely one, the share where it came true.'),
        baseRate: z.number().nullable().describe('The share of all rows where the call came true.'),
      }),
    ).describe('The hit rate of each call, and the base rate to compare it with.'),
    folds: z
      .array(
        z.strictObject({
          testFrom: Day.nullable().describe('First day of the test slice.'),
          testTo: Day.nullable().describe('Last day of the test slice.'),
          rows: z.int().nullable().describe('Rows in the slice.'),
          rankIc: z
            .number()
            .nullable()
            .describe('Rank IC in the slice; from v1.0.0, of 5-day returns beyond factors.'),
          ic: z.number().nullable().describe('IC in the slice.'),
          logLoss: z.number().nullable().describe('Log loss in the slice.'),
          ece: z.number().nullable().describe('Expected calibration error in the slice.'),
        }),
      )
      .describe('The test slices one by one. They show how stable the model is.'),
    reliability: byLabel(
      z.array(
        z.strictObject({
          probability: z.number().describe('The mean predicted probability.'),
          frequency: z.number().describe('The share of rows where the call came true.'),
          rows: z.int().describe('Rows in the bin.'),
        }),
      ),
    ).describe(
      'Calibration by call, in bins of rising probability. In a calibrated model, `frequency` is close to `probability`.',
    ),
    limits: z.array(z.string()).describe("The model's limits, in sentences."),
  })
  .meta({ id: 'ModelCard', description: 'The quality and the limits of a model.' });
export type ModelCard = z.output<typeof ModelCard>;

/** Builds the model card from the metrics of a release. Missing metrics are left out. */
export function cardOf(metrics: ReleaseMetrics): ModelCard {
  return {
    rows: metrics.number('rows'),
    days: metrics.number('days'),
    costBpsOneWay: metrics.number('cost_bps_one_way') ?? half(metrics.number('cost_bps')),
    measures: (Object.keys(MEASURES) as (keyof typeof MEASURES)[]).flatMap((name) =>
      measureOf(metrics, name),
    ),
    hitRates: eachLabel((label) => ({
      hitRate: metrics.number('hit_rate', label),
      baseRate: metrics.number('base_rate', label),
    })),
    folds: metrics
      .entries('folds')
      .filter((fold) => fold.at('measured') !== false)
      .map((fold) => ({
        testFrom: fold.text('test_from'),
        testTo: fold.text('test_to'),
        rows: fold.number('rows'),
        rankIc: fold.number('rank_ic') ?? fold.number('e5_rank_ic'),
        ic: fold.number('ic'),
        logLoss: fold.number('log_loss'),
        ece: fold.number('ece'),
      })),
    reliability: eachLabel((label) =>
      metrics.entries('reliability', label).flatMap((bin) => {
        const [probability, frequency, rows] = ['confidence', 'frequency', 'count'].map((key) =>
          bin.number(key),
        );
        return probability == null || frequency == null || rows == null
          ? []
          : [{ probability, frequency, rows }];
      }),
    ),
    limits: limitsOf(metrics),
  };
}

function measureOf(metrics: ReleaseMetrics, name: keyof typeof MEASURES): ModelCard['measures'] {
  const value = metrics.measure(name);
  if (value === null) return [];
  const baselines = BASELINES.flatMap((baseline) => {
    const path = ['baselines', baseline, name];
    const own = metrics.measure(...path);
    const intervalOf = (key: string) => metrics.interval('intervals', 'baselines', baseline, key);
    return own === null
      ? []
      : [
          {
            name: baseline,
            value: own,
            interval: intervalOf(name) ?? metrics.interval(...path, 'interval'),
            difference:
              intervalOf(`${name}_difference`) ?? metrics.interval(...path, 'difference', 'interval'),
          },
        ];
  });
  const interval = metrics.interval('intervals', name) ?? metrics.interval(name, 'interval');
  return [{ name, meaning: MEASURES[name], value, interval, baselines }];
}

/** Of the cost of buying and selling once. */
function half(value: number | null): number | null {
  return value === null ? null : value / 2;
}

function eachLabel<T>(of: (label: Label) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label) => [label, of(label)])) as Record<Label, T>;
}
