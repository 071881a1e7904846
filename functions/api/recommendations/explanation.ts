import * as z from 'zod';
import {
  INCOMPARABLE,
  inputSentence,
  MONEY_RANKS,
  NEUTRALITY,
  NEUTRALITY_WORDS,
} from '../../features/model-inputs.ts';
import { chancesOf } from '../../infer/chances.ts';
import { universeNote } from '../../infer/universe-note.ts';
import { LABELS, type Label } from '../../shared/constants.ts';
import { Day } from '../lists/fields.ts';

/** The tolerance in percentage points for the sum of rounded contributions. */
const ROUNDING = 0.001;

const Probability = z.number().min(0).max(1);

export const Probabilities = z
  .strictObject({
    SELL: Probability.describe('The probability of SELL.'),
    HOLD: Probability.describe('The probability of HOLD.'),
    BUY: Probability.describe('The probability of BUY.'),
  })
  .describe("The model's calibrated probabilities, before the profile's rules.");

export const Chances = z
  .strictObject({
    largeMove: Probability.describe(
      'The chance of SELL or BUY: of clearly lagging or beating the average stock.',
    ),
    up: Probability.describe('The chance of BUY rather than SELL, given one of them.'),
  })
  .describe('The two chances that make up the probabilities.');

export const Explanation = z
  .strictObject({
    contributions: z
      .array(
        z.strictObject({
          feature: z.string().describe("The model's name for the input."),
          words: z.string().describe('The input and its value as a sentence without its full stop.'),
          value: z.number().nullable().describe('The value of the input; null if it was not stored.'),
          points: z
            .number()
            .describe(
              'The percentage points that the input adds to the expected return. Negative values reduce it.',
            ),
        }),
      )
      .describe(
        'The inputs that move the expected return away from that of the average stock, strongest first.',
      ),
    sumPct: z.number().describe('The sum of all contributions in percentage points.'),
    addsUp: z.boolean().describe('Whether the sum equals the expected return, apart from rounding.'),
  })
  .meta({ id: 'Explanation', description: 'The contributions of the inputs to an expected return.' });
export type Explanation = z.output<typeof Explanation>;

export const ComparedWith = z
  .strictObject({
    day: Day.describe('The day of the stocks that the stock was compared with.'),
    stocks: z.int().describe('The number of those stocks.'),
    note: z
      .string()
      .nullable()
      .describe('Why that day is earlier than `asOf`, in one sentence; null if it is the same day.'),
  })
  .describe('The stocks that the stock was compared with; null if they were not stored.');

/** The explanation that Publish stores. Older rows have none. */
const Stored = z.object({
  probabilities: z.record(z.enum(LABELS), z.number()),
  contributions: z.record(z.string(), z.number()),
  universe: z.object({ day: z.string(), stocks: z.number() }).optional(),
});

/** Converts a stored explanation to the API's form; nulls if there is none. */
export function toExplanation(
  stored: unknown,
  {
    expectedReturnPct,
    features,
    asOf,
  }: { expectedReturnPct: number; features: Record<string, number>; asOf: string },
): {
  probabilities: Record<Label, number> | null;
  chances: z.output<typeof Chances> | null;
  explanation: Explanation | null;
  universe: z.output<typeof ComparedWith> | null;
} {
  const { data } = Stored.safeParse(stored);
  if (!data) return { probabilities: null, chances: null, explanation: null, universe: null };
  const contributions = Object.entries(data.contributions)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .map(([feature, fraction]) => {
      const value = features[feature];
      return {
        feature,
        words: value === undefined ? wordsWithoutValue(feature) : inputSentence(feature, value),
        value: value ?? null,
        points: fraction * 100,
      };
    });
  const sumPct = contributions.reduce((sum, { points }) => sum + points, 0);
  const addsUp = Math.abs(sumPct - expectedReturnPct) <= ROUNDING;
  return {
    probabilities: data.probabilities,
    chances: chancesOf(data.probabilities),
    explanation: { contributions, sumPct, addsUp },
    universe: data.universe ? { ...data.universe, note: universeNote(data.universe, asOf) ?? null } : null,
  };
}

function wordsWithoutValue(feature: string): string {
  if (feature === NEUTRALITY) return NEUTRALITY_WORDS;
  return MONEY_RANKS.has(feature) ? INCOMPARABLE : feature;
}
