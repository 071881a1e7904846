import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { NEUTRALITY } from '../features/model-inputs.ts';
import { ModelError } from '../shared/errors.ts';
import { Day } from '../shared/fields.ts';
import { defined } from '../shared/invariant.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import type { Explanation } from './day-scores.ts';
import { PublishedUniverse } from './published-universe.ts';

/** The object that Infer writes for Publish: one entry for each instrument with a prediction. */
export const Predictions = z.strictObject({
  modelVersionId: z.uuid(),
  modelVersion: z.string(),
  /** The sha256 of the model's release; absent in predictions of earlier versions. */
  releaseSha256: z.string().optional(),
  horizonDays: z.int().positive(),
  /** Share of SELL, HOLD and BUY among the training rows. */
  baseRates: z.tuple([z.number(), z.number(), z.number()]),
  /** Those that the instruments are compared with; absent in predictions of earlier versions. */
  universes: z.array(PublishedUniverse).optional(),
  instruments: z.array(
    z.strictObject({
      instrumentId: z.uuid(),
      symbol: z.string(),
      /** ISO 4217 code of its prices; null if unknown, and absent in predictions of earlier versions. */
      currency: z.string().nullish(),
      /** Time of the bar that the prediction is based on, ISO 8601. */
      asOf: z.iso.datetime(),
      /** The stocks that it is compared with: the day of their bars, their number, and one of `universes`. */
      universe: z.strictObject({ day: Day, stocks: z.int().positive(), sha256: z.string().optional() }),
      /** As in {@link Prediction}. */
      score: z.number(),
      place: z.number(),
      probabilities: z.tuple([z.number(), z.number(), z.number()]),
      expectedExcess: z.number(),
      /** Each feature's share in the expected excess, and that of {@link NEUTRALITY}. */
      contributions: z.record(z.string(), z.number()),
      /** Every number in the instrument's row of model_inputs; without the inputs that count as the middle rank. */
      inputs: z.record(z.string(), z.number()),
    }),
  ),
});
export type Predictions = z.output<typeof Predictions>;

/**
 * Contributions by the name of their input, and that of {@link NEUTRALITY}, with 7 significant digits.
 *
 * @param features - the model's inputs
 */
export function contributionsByName(
  features: readonly string[],
  { contributions, neutral }: Explanation,
): Record<string, number> {
  const named = features.map((name, f): [string, number] => [
    name,
    defined(contributions[f], `contribution of ${name}`),
  ]);
  return Object.fromEntries(
    [...named, [NEUTRALITY, neutral] as const].map(([name, value]) => [name, Number(value.toPrecision(7))]),
  );
}

/** The key of a run's predictions in the store of raw objects. */
export function predictionsKey(runId: string): string {
  return `scores/${runId}.json.gz`;
}

/** Writes a run's predictions and returns their key. */
export async function writePredictions(
  objects: ObjectStore,
  runId: string,
  predictions: Predictions,
): Promise<string> {
  const key = predictionsKey(runId);
  await objects.put(key, gzipSync(JSON.stringify(predictions)));
  return key;
}

/** @throws ModelError if the object is missing */
export async function readPredictions(objects: ObjectStore, key: string): Promise<Predictions> {
  const body = await objects.get(key);
  if (!body) throw new ModelError(`predictions ${key} are missing; run Infer again`);
  return Predictions.parse(JSON.parse(gunzipSync(body).toString()));
}
