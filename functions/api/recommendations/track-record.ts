import * as z from 'zod';
import { CALL_KINDS } from '../../shared/call-kinds.ts';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import { ModelVersionName } from '../../shared/fields.ts';
import { Day, Notice } from '../lists/fields.ts';
import { choice, dayParameter } from '../lists/parameters.ts';
import { ModelDataTo } from '../resources/model.ts';

/** The query of GET /v1/track-record and GET /v1/track-record.csv. */
export const TrackRecordQuery = z.strictObject({
  from: dayParameter().optional().describe('First `asOf` of the calls, inclusive; the oldest by default.'),
  to: dayParameter().optional().describe('Last `asOf` of the calls, inclusive; the newest by default.'),
  profile: choice(PROFILES).optional().describe('The risk profile; all by default.'),
  model: ModelVersionName.optional().describe('The model version; all by default.'),
  kind: choice(CALL_KINDS)
    .default('live')
    .describe('The kind of calls; `live` by default. Calls of different kinds are never counted together.'),
});
export type TrackRecordQuery = z.output<typeof TrackRecordQuery>;

export const VERDICTS = ['better', 'worse', 'tooEarly'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How long one point of a chart is. */
export const STEPS = ['day', 'week', 'month'] as const;

const Estimate = z
  .strictObject({
    value: z.number().nullable().describe('The measured value; null without data.'),
    low: z
      .number()
      .nullable()
      .describe('The lower end of the 95% interval; null if there are too few days for one.'),
    high: z.number().nullable().describe('The upper end of the 95% interval.'),
  })
  .meta({
    id: 'Estimate',
    description:
      'A value and its 95% interval, from a block bootstrap over days. A block is as long as the horizon. Fewer days than two blocks give no interval.',
  });
export type Estimate = z.output<typeof Estimate>;

const Returns = z
  .strictObject({
    returnPct: Estimate.describe('The mean return in percent.'),
    lessAveragePct: Estimate.describe(
      'That return less the return of the average stock over the same days, in percentage points.',
    ),
    lessBenchmarkPct: Estimate.describe(
      'That return less the return of the benchmark over the same days, in percentage points; null without a benchmark.',
    ),
  })
  .meta({ id: 'CallReturns', description: 'The mean return of calls, alone and compared.' });

const Entry = z
  .strictObject({
    calls: z.int().describe('The number of calls with this return.'),
    beforeCosts: Returns.describe('Without trading costs.'),
    afterCosts: Returns.describe(
      'After `costBasisPoints` for each of two trades, which lower the return of BUY. For SELL they raise the return that the holder avoids. HOLD has no costs.',
    ),
    momentumLessAveragePct: Estimate.describe(
      'The mean return of a momentum list less that of the average stock, in percentage points before costs. The list has as many stocks each day as there are calls: those with the highest (BUY) or lowest (SELL) 12-1 momentum. Null for HOLD.',
    ),
    verdict: z
      .enum(VERDICTS)
      .nullable()
      .describe(
        'By the interval of `afterCosts.lessAveragePct`. `better`: all of it is above 0 (BUY) or below 0 (SELL). `worse`: all of it is on the other side. `tooEarly`: it contains 0, or there are too few days. Null for HOLD.',
      ),
  })
  .meta({ id: 'CallEntry', description: 'The results of calls that were entered at one price.' });

export const Group = z
  .strictObject({
    profile: z.enum(PROFILES).describe('The risk profile.'),
    label: z.enum(LABELS).describe('The call.'),
    calls: z.int().describe('The number of calls whose horizon has passed.'),
    days: z.int().describe('The number of days with such calls.'),
    hitRate: Estimate.describe(
      'The share of calls that were right: a BUY that beat the average stock over the same days, or a SELL that fell short of it. From 0 to 1; null for HOLD.',
    ),
    baseRate: Estimate.describe(
      'The share of all called stocks of the same days that did so, whatever their call. From 0 to 1; null for HOLD.',
    ),
    hitRateLessBase: Estimate.describe('`hitRate` less `baseRate`; null for HOLD.'),
    close: Entry.describe('Entered at the close of `asOf`, which is the price that the call is based on.'),
    open: Entry.describe('Entered at the open of the next session, which is the first price for a trade.'),
    exits: z
      .strictObject({
        calls: z.int().describe('The number of calls for which this is known.'),
        stopRate: Estimate.describe('The share of calls that reached `stopLoss` first. From 0 to 1.'),
        targetRate: Estimate.describe('The share of calls that reached `takeProfit` first. From 0 to 1.'),
        medianSessionsToStop: Estimate.describe('The median number of sessions until `stopLoss`.'),
        medianSessionsToTarget: Estimate.describe('The median number of sessions until `takeProfit`.'),
      })
      .describe(
        'Whether the price reached the stop or the target first within the horizon. A day that reached both counts as the stop.',
      ),
  })
  .meta({ id: 'TrackRecordGroup', description: 'The results of the calls of one profile and label.' });
export type Group = z.output<typeof Group>;

const Bin = z.strictObject({
  meanProbability: z.number().describe('The mean stated probability of the bin, from 0 to 1.'),
  realisedShare: z.number().describe('The share of these stocks for which the label came true, from 0 to 1.'),
  stocks: z.int().describe('The number of stocks and days in the bin.'),
});

const Calibration = z
  .strictObject({
    stocks: z
      .int()
      .describe('The number of probabilities with a known outcome: one per stock, day and model.'),
    expectedCalibrationError: Estimate.describe(
      'The mean distance between the probability of the likeliest label and how often it came true, over 15 bins of equal width. From 0 to 1.',
    ),
    labels: z
      .array(
        z.strictObject({
          label: z.enum(LABELS).describe('The label that the probabilities are for.'),
          bins: z.array(Bin).describe('The bins with stocks, sorted by probability.'),
        }),
      )
      .describe('The reliability of the probabilities by label.'),
  })
  .meta({ id: 'Calibration', description: 'How often the labels came true, by their stated probability.' });

const Point = z.strictObject({
  day: Day.describe('The first `asOf` of the point.'),
  calls: z.int().describe('The number of calls of the point.'),
  lessAveragePct: z
    .number()
    .describe('The mean return of these calls less that of the average stock, in percentage points.'),
  lessBenchmarkPct: z
    .number()
    .nullable()
    .describe('Their mean return less that of the benchmark, in percentage points; null without one.'),
  cumulativeLessAveragePct: Estimate.describe('`lessAveragePct` over all calls up to this point.'),
  cumulativeLessBenchmarkPct: Estimate.describe('`lessBenchmarkPct` over all calls up to this point.'),
});

const Series = z
  .strictObject({
    profile: z.enum(PROFILES).describe('The risk profile.'),
    points: z.array(Point).describe('Oldest first. Days without BUY calls have no point.'),
  })
  .meta({
    id: 'TrackRecordSeries',
    description: 'The BUY calls of a profile over time: from the close of `asOf`, before costs.',
  });

export const TrackRecord = z
  .strictObject({
    kind: z.enum(CALL_KINDS).describe('The kind of the calls.'),
    from: Day.nullable().describe('First `asOf` of the calls counted; null if there are none.'),
    to: Day.nullable().describe('Last `asOf` of the calls counted; null if there are none.'),
    days: z.int().describe('The number of days with calls whose horizon has passed.'),
    calls: z.int().describe('The number of calls whose horizon has passed.'),
    overdue: z
      .int()
      .describe(
        'The number of calls without a result although their horizon ended about two weeks ago or earlier, mostly because their stock was delisted or is no longer followed. No other figure contains them.',
      ),
    firstResultDay: Day.nullable().describe(
      'The approximate day of the first result, while calls of this kind wait for it; null once there is a result, and if no call waits.',
    ),
    horizonDays: z
      .int()
      .nullable()
      .describe('The horizon of the calls in trading days, the longest if they differ; null without calls.'),
    benchmark: z
      .string()
      .nullable()
      .describe('The symbol of the benchmark, the newest if it changed; null if there is none.'),
    costBasisPoints: z.number().describe('The assumed cost of each trade in basis points of its price.'),
    groups: z
      .array(Group)
      .describe('The results by profile and label. Combinations without calls are left out.'),
    calibration: Calibration.nullable().describe(
      'The reliability of the probabilities of all profiles; null if no outcome has a label.',
    ),
    rankIc: z
      .strictObject({
        days: z.int().describe('The number of days with at least 20 scored stocks, by model.'),
        ...Estimate.shape,
      })
      .describe(
        "The mean over days of Spearman's rank correlation between the score and the return of the day's stocks: 0 is chance, 1 is perfect.",
      ),
    step: z
      .enum(STEPS)
      .describe('The length of a point in `series`: a day; a week beyond a year; a month beyond ten years.'),
    series: z.array(Series).describe('The BUY calls by profile over time.'),
    models: z
      .array(
        z.strictObject({
          modelVersion: z.string().describe('The model version.'),
          modelDataTo: ModelDataTo,
          calls: z.int().describe('The number of its calls whose horizon has passed.'),
        }),
      )
      .describe('The models that made calls of this kind in these days, sorted by training, newest first.'),
    notice: Notice,
  })
  .meta({ id: 'TrackRecord', description: 'The track record of earlier recommendations.' });
export type TrackRecord = z.output<typeof TrackRecord>;
