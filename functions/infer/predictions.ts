import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { ModelError } from '../shared/errors.ts';
import type { ObjectStore } from '../shared/objects.ts';

/** What Infer leaves for Publish: one entry an instrument that could be scored. */
export const Scores = z.strictObject({
  modelVersionId: z.uuid(),
  modelVersion: z.string(),
  horizonDays: z.int().positive(),
  /** Share of SELL, HOLD and BUY among the training rows. */
  baseRates: z.tuple([z.number(), z.number(), z.number()]),
  instruments: z.array(
    z.strictObject({
      instrumentId: z.uuid(),
      symbol: z.string(),
      /** The bar that the score is based on, ISO 8601. */
      asOf: z.iso.datetime(),
      probabilities: z.tuple([z.number(), z.number(), z.number()]),
      expectedReturn: z.number(),
      baseReturn: z.number(),
      contributions: z.record(z.string(), z.number()),
      /** Every column of model_inputs: the state at inference. */
      inputs: z.record(z.string(), z.number()),
    }),
  ),
});
export type Scores = z.output<typeof Scores>;

export function scoresKey(runId: string): string {
  return `scores/${runId}.json.gz`;
}

export async function writeScores(objects: ObjectStore, runId: string, scores: Scores): Promise<string> {
  const key = scoresKey(runId);
  await objects.put(key, gzipSync(JSON.stringify(scores)));
  return key;
}

/** @throws ModelError if Infer left none under this key */
export async function readScores(objects: ObjectStore, key: string): Promise<Scores> {
  const body = await objects.get(key);
  if (!body) throw new ModelError(`scores ${key}: are missing; run Infer again`);
  return Scores.parse(JSON.parse(gunzipSync(body).toString()));
}
