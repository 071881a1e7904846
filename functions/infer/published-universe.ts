import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Sql, Transaction } from '../shared/database.ts';
import { Day } from '../shared/fields.ts';
import type { DayFit } from './day-fit.ts';
import type { DayScores } from './day-scores.ts';
import type { Universe } from './universe.ts';

const Pair = z.tuple([z.number(), z.number()]).readonly();

/**
 * A universe as the record keeps it for ever: all that the score of a stock and its place among the others follow from
 * (docs/adr/0049). Calls name it by its hash.
 */
export const PublishedUniverse = z.strictObject({
  /** See {@link universeHash}. */
  sha256: z.string(),
  day: Day,
  stocks: z.int().positive(),
  fit: z.strictObject({ meanScore: z.number(), meanInputs: Pair, slopes: Pair, deviation: z.number() }),
  /** The neutral scores in ascending order, or quantiles of them. */
  scores: z.array(z.number()),
});
export type PublishedUniverse = z.output<typeof PublishedUniverse>;

export function publishedUniverse(
  { day, stocks }: Universe,
  { fit, scores }: Pick<DayScores, 'fit' | 'scores'>,
): PublishedUniverse {
  const universe = { day, stocks, fit, scores: [...scores] };
  return { sha256: universeHash(universe), ...universe };
}

/**
 * SHA-256 of a universe as a JSON array: its day, the number of stocks, the six numbers of the fit in the order of
 * {@link DayFit}, and the scores.
 */
export function universeHash({ day, stocks, fit, scores }: Omit<PublishedUniverse, 'sha256'>): string {
  const { meanScore, meanInputs, slopes, deviation } = fit;
  const content = [day, stocks, meanScore, ...meanInputs, ...slopes, deviation, ...scores];
  return hash('sha256', JSON.stringify(content));
}

/** Stores universes that the record does not have yet. */
export async function keepUniverses(tx: Transaction, universes: readonly PublishedUniverse[]): Promise<void> {
  for (const { sha256, day, stocks, fit, scores } of universes) {
    await tx`
      INSERT INTO track_record_universes (sha256, day, stocks, fit, scores)
      VALUES (${sha256}, ${day}, ${stocks}, ${tx.json({ ...fit })}, ${`{${scores.join()}}`})
      ON CONFLICT (sha256) DO NOTHING`;
  }
}

/** Reads a universe of the record; undefined if it is not there. */
export async function readPublishedUniverse(
  sql: Sql | Transaction,
  sha256: string,
): Promise<PublishedUniverse | undefined> {
  const [found] = await sql<PublishedUniverse[]>`
    SELECT sha256, to_char(day, 'YYYY-MM-DD') AS day, stocks, fit, to_jsonb(scores) AS scores
    FROM track_record_universes WHERE sha256 = ${sha256}`;
  return found;
}
