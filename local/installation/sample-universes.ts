import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { storeUniverse } from '../../functions/infer/universe.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { Day } from '../../functions/shared/fields.ts';

/** The bundled statistics that the stocks of the sample are compared with; local/sample/README.md describes them. */
export const SAMPLE_UNIVERSES = new URL('../sample/universes.json.gz', import.meta.url);

const Pair = z.tuple([z.number(), z.number()]);

/** The content of the file. */
export const SampleUniverses = z.strictObject({
  /** The release whose scores the file has. */
  model: z.strictObject({ version: z.string(), paramsHash: z.string() }),
  days: z.array(
    z.strictObject({
      day: Day,
      stocks: z.int().positive(),
      fit: z.strictObject({
        meanScore: z.number(),
        meanInputs: Pair,
        slopes: Pair,
        deviation: z.number().nonnegative(),
      }),
      /** Quantiles of the neutral scores. */
      scores: z.array(z.number()),
      market: z.record(z.string(), z.number().nullable()),
      /** Quantiles of each ranked input. */
      values: z.array(
        z.strictObject({
          input: z.string(),
          currency: z.string().nullable(),
          quantiles: z.array(z.number()),
        }),
      ),
    }),
  ),
});
export type SampleUniverses = z.output<typeof SampleUniverses>;

/** Reads the bundled file. */
export async function readSampleUniverses(): Promise<SampleUniverses> {
  return SampleUniverses.parse(JSON.parse(gunzipSync(await readFile(SAMPLE_UNIVERSES)).toString()));
}

/**
 * Stores the bundled universes, so that five stocks can be scored. It stores nothing if another model is active, for
 * which the file has no scores.
 *
 * @param sql - a client of the pipeline's role
 */
export async function storeSampleUniverses(sql: Sql): Promise<void> {
  const { model, days } = await readSampleUniverses();
  const [active] = await sql<{ id: string }[]>`
    SELECT id FROM model_versions
    WHERE is_active AND version = ${model.version} AND params_hash = ${model.paramsHash}`;
  if (!active) return;
  await sql.begin(async (tx) => {
    for (const { day, stocks, fit, scores, market, values } of days) {
      await storeUniverse(tx, {
        time: Date.parse(day),
        modelVersionId: active.id,
        stocks,
        scores: { fit, scores },
        market,
        values: values.map(({ input, currency, quantiles }) => ({
          input,
          currency,
          negated_values: `{${quantiles.map((value) => -value).reverse()}}`,
        })),
      });
    }
  });
}
