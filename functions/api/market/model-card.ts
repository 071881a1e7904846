import * as z from 'zod';
import { BASELINES, LABELS, type Label } from '../../shared/constants.ts';
import { Day } from '../lists/fields.ts';
import type { Metrics } from './metrics.ts';
import { limitsOf } from './model-limits.ts';

/** What a version is measured by, in the order in which a reader should look. */
const MEASURES = {
  rank_ic: 'Rank IC: mean daily rank correlation of the expected return with what came',
  ic: 'IC: mean daily correlation of the expected return with what came',
  rank_icir: 'Rank ICIR: the mean of the daily rank IC over its deviation',
  icir: 'ICIR: the mean of the daily IC over its deviation',
  quintile_spread_sharpe: 'Sharpe ratio of holding the top fifth and shorting the bottom fifth, after costs',
  log_loss: 'Log loss of the probabilities; lower is better',
  ece: 'Expected calibration error of the probabilities; lower is better',
  accuracy: 'Share of rows whose likeliest label came true',
  precision: 'Mean precision over the labels',
  recall: 'Mean recall over the labels',
  f1_score: 'Mean F1 score over the labels',
} as const;

const Interval = z
  .strictObject({ low: z.number().describe('Lower end.'), high: z.number().describe('Upper end.') })
  .nullable();

const Measure = z
  .strictObject({
    name: z.enum(Object.keys(MEASURES) as [keyof typeof MEASURES]).describe('What was measured.'),
    meaning: z.string().describe('The same in words.'),
    value: z.number().describe("The model's."),
    interval: Interval.describe('Its 95 % interval, by bootstrap over blocks of days; null if not known.'),
    baselines: z
      .array(
        z.strictObject({
          name: z.enum(BASELINES).describe('What a reader could do without a model.'),
          value: z.number().describe("The baseline's, on the same rows."),
          interval: Interval.describe('Its 95 % interval; null if not known.'),
          difference: Interval.describe(
            "95 % interval of the model's less the baseline's; null if not known. One that holds 0 shows nothing.",
          ),
        }),
      )
      .describe('The baselines that have this measure.'),
  })
  .meta({ id: 'ModelMeasure', description: 'A measure of a model, beside its baselines.' });

const byLabel = <T extends z.ZodType>(schema: T) => {
  const entries = LABELS.map((label) => [label, schema.describe(`Of ${label}.`)]);
  return z.strictObject(Object.fromEntries(entries) as Record<Label, T>);
};

export const ModelCard = z
  .strictObject({
    rows: z.int().nullable().describe('Rows that it was measured on: an instrument on a day each.'),
    days: z.int().nullable().describe('Days among them.'),
    costBpsOneWay: z
      .number()
      .nullable()
      .describe('Basis points that each trade costs in measures after costs.'),
    measures: z
      .array(Measure)
      .describe('All test slices of a purged walk-forward, none of which it had seen.'),
    hitRates: byLabel(
      z.strictObject({
        hitRate: z.number().nullable().describe('How often the label came true where it was the likeliest.'),
        baseRate: z.number().nullable().describe('How often it came true at all.'),
      }),
    ).describe('By label.'),
    folds: z
      .array(
        z.strictObject({
          testFrom: Day.nullable().describe('First day of the test slice.'),
          testTo: Day.nullable().describe('Last day of the test slice.'),
          rows: z.int().nullable().describe('Rows in it.'),
          rankIc: z.number().nullable().describe('Rank IC in it.'),
          ic: z.number().nullable().describe('IC in it.'),
          logLoss: z.number().nullable().describe('Log loss in it.'),
          ece: z.number().nullable().describe('Expected calibration error in it.'),
        }),
      )
      .describe('The slices one by one: how steady it is.'),
    reliability: byLabel(
      z.array(
        z.strictObject({
          probability: z.number().describe('Mean probability that was given.'),
          frequency: z.number().describe('How often the label came true.'),
          rows: z.int().describe('Rows in the bin.'),
        }),
      ),
    ).describe('By label, in bins of rising probability: whether a probability means what it says.'),
    limits: z.array(z.string()).describe("What it can't do, in sentences."),
  })
  .meta({ id: 'ModelCard', description: 'How good a model is, and is not.' });
export type ModelCard = z.output<typeof ModelCard>;

/** The card of a release, from what its training wrote down. What is missing there is left out here. */
export function cardOf(metrics: Metrics): ModelCard {
  return {
    rows: metrics.number('rows'),
    days: metrics.number('days'),
    costBpsOneWay: metrics.number('cost_bps_one_way'),
    measures: (Object.keys(MEASURES) as (keyof typeof MEASURES)[]).flatMap((name) =>
      measureOf(metrics, name),
    ),
    hitRates: eachLabel((label) => ({
      hitRate: metrics.number('hit_rate', label),
      baseRate: metrics.number('base_rate', label),
    })),
    folds: metrics.entries('folds').map((fold) => ({
      testFrom: fold.text('test_from'),
      testTo: fold.text('test_to'),
      rows: fold.number('rows'),
      rankIc: fold.number('rank_ic'),
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

function measureOf(metrics: Metrics, name: keyof typeof MEASURES): ModelCard['measures'] {
  const value = metrics.number(name);
  if (value === null) return [];
  const baselines = BASELINES.flatMap((baseline) => {
    const own = metrics.number('baselines', baseline, name);
    const known = (key: string) => metrics.interval('intervals', 'baselines', baseline, key);
    return own === null
      ? []
      : [{ name: baseline, value: own, interval: known(name), difference: known(`${name}_difference`) }];
  });
  return [{ name, meaning: MEASURES[name], value, interval: metrics.interval('intervals', name), baselines }];
}

function eachLabel<T>(of: (label: Label) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label) => [label, of(label)])) as Record<Label, T>;
}
