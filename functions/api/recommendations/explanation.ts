import * as z from 'zod';
import { inputSentence } from '../../features/model-inputs.ts';
import { LABELS, type Label } from '../../shared/constants.ts';

/** Percentage points by which rounded contributions may miss the expected return. */
const ROUNDING = 0.001;

const Probability = z.number().min(0).max(1);

export const Probabilities = z
  .strictObject({
    SELL: Probability.describe('Of SELL.'),
    HOLD: Probability.describe('Of HOLD.'),
    BUY: Probability.describe('Of BUY.'),
  })
  .describe("The model's calibrated probabilities, before the profile's rules.");

export const Explanation = z
  .strictObject({
    baseReturnPct: z.number().describe("The average instrument's expected return, in percent."),
    contributions: z
      .array(
        z.strictObject({
          feature: z.string().describe('The input, as the model names it.'),
          words: z.string().describe('The input and its value as a sentence, without its full stop.'),
          value: z.number().nullable().describe('Its value; null where it was not kept.'),
          points: z
            .number()
            .describe('Percentage points that it adds to the expected return, or takes off it.'),
        }),
      )
      .describe('What moved this recommendation away from the average, the strongest first.'),
    sumPct: z.number().describe('The base and all contributions together, in percent.'),
    addsUp: z.boolean().describe('Whether that sum is the expected return, but for rounding.'),
  })
  .meta({ id: 'Explanation', description: 'Where an expected return comes from, input by input.' });
export type Explanation = z.output<typeof Explanation>;

/** What Publish stores. Rows from before it did are without. */
const Stored = z.object({
  base_return: z.number(),
  probabilities: z.record(z.enum(LABELS), z.number()),
  contributions: z.record(z.string(), z.number()),
});

/** A recommendation's explanation as the API tells it; nulls where none was stored. */
export function toExplanation(
  stored: unknown,
  { expectedReturnPct, features }: { expectedReturnPct: number; features: Record<string, number> },
): { probabilities: Record<Label, number> | null; explanation: Explanation | null } {
  const { data } = Stored.safeParse(stored);
  if (!data) return { probabilities: null, explanation: null };
  const contributions = Object.entries(data.contributions)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .map(([feature, fraction]) => {
      const value = features[feature];
      return {
        feature,
        words: value === undefined ? feature : inputSentence(feature, value),
        value: value ?? null,
        points: fraction * 100,
      };
    });
  const baseReturnPct = data.base_return * 100;
  const sumPct = contributions.reduce((sum, { points }) => sum + points, baseReturnPct);
  const addsUp = Math.abs(sumPct - expectedReturnPct) <= ROUNDING;
  return { probabilities: data.probabilities, explanation: { baseReturnPct, contributions, sumPct, addsUp } };
}
