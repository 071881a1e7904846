import type { PendingQuery, Row } from 'postgres';
import * as z from 'zod';
import type { Sql } from '../shared/database.ts';
import { BoursomaticError, ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { valuesOf } from './day-rows.ts';
import { DayScores, type Prediction, predictionOf } from './day-scores.ts';
import { type Difference, differencesOf } from './differences.ts';
import type { LoadModel } from './load-model.ts';
import { baseRatesOf, ReleaseFormatError, ReleaseMissingError } from './manifest.ts';
import type { Model } from './model.ts';
import { contributionsByName } from './predictions.ts';
import { CALL_INPUTS } from './profiles.ts';
import { type NewRecommendation, recommend } from './publish.ts';
import { PublishedUniverse, readPublishedUniverse, universeHash } from './published-universe.ts';

/** What a replay of a call found. */
export interface Replay {
  id: string;
  modelVersion: string;
  /** Whether every compared value is equal to the bit. */
  isEqual: boolean;
  differences: Difference[];
  /**
   * Where the score and its place among the stocks of the day come from: `recorded` if the call does not name the stocks
   * that it was compared with, as calls of earlier versions do not. They and the contributions are then not compared.
   */
  place: 'recomputed' | 'recorded';
  /**
   * Whether the justification is the same text. It is no part of `isEqual`, because its words change with versions of the
   * program.
   */
  hasEqualWords: boolean;
}

/** Why a call cannot be replayed. */
export type ReplayObstacle =
  | 'release_missing'
  | 'release_changed'
  | 'release_format'
  | 'older_explanation'
  | 'older_inputs'
  | 'universe_missing'
  | 'universe_changed'
  | 'call_changed';

/** A call cannot be replayed. */
export class ReplayError extends BoursomaticError {
  readonly obstacle: ReplayObstacle;
  /** The obstacle in words, without a full stop at its end. */
  readonly reason: string;

  constructor(obstacle: ReplayObstacle, reason: string, options?: ErrorOptions) {
    super('not_replayable', `the call cannot be replayed: ${reason}`, options);
    this.obstacle = obstacle;
    this.reason = reason;
  }
}

/** A stored call with its model version. */
export interface StoredCall extends Omit<NewRecommendation, 'explanation' | 'as_of' | 'close' | 'atr'> {
  id: string;
  symbol: string;
  as_of: Date;
  generated_at: Date;
  explanation: unknown;
  close: number | null;
  atr: number | null;
  model_version_id: string;
  version: string;
  model_path: string;
}

/** Reads a call; undefined if there is none with this id. */
export async function readCall(sql: Sql, id: string): Promise<StoredCall | undefined> {
  const [call] = await selectCalls(sql, sql`r.id = ${id}`);
  return call;
}

/**
 * The query for calls.
 *
 * @param which - a condition on the recommendation `r` and its instrument `i`, and an order
 */
export function selectCalls(sql: Sql, which: PendingQuery<Row[]>): PendingQuery<StoredCall[]> {
  return sql<StoredCall[]>`
    SELECT r.id, r.instrument_id, i.symbol, r.profile, r.label, r.confidence, r.expected_return_pct, r.horizon_days,
      r.stop_loss, r.take_profit, r.justification, r.features_snapshot, r.explanation, r.close, r.atr, r.currency,
      r.as_of, r.generated_at, r.model_version_id, m.version, m.model_path
    FROM recommendations r
    JOIN instruments i ON i.id = r.instrument_id
    JOIN model_versions m ON m.id = r.model_version_id
    WHERE ${which}`;
}

/** The parts of an explanation that a replay starts from. */
const Origin = z.object({
  score: z.number(),
  place: z.number(),
  contributions: z.record(z.string(), z.number()),
  universe: z.object({ day: z.string(), stocks: z.number(), sha256: z.string().optional() }),
  release: z.string().optional(),
});
type Origin = z.output<typeof Origin>;

/**
 * Recomputes a call from its snapshot with the release that it names, by the functions of Infer and Publish, and compares
 * each published value. The snapshot holds the inputs of the model, ranks included. Whether they follow from the bars is
 * another question: `checkSnapshot` in functions/features answers it.
 *
 * @throws ReplayError if the call cannot be replayed
 */
export async function replay(sql: Sql, call: StoredCall, load: LoadModel): Promise<Replay> {
  if (![call.as_of, call.generated_at].every(isDateOfCall))
    throw new ReplayError(
      'call_changed',
      'it has a date that no call has, so its row was changed afterwards',
    );
  const origin = originOf(call);
  const model = await modelOf(call, origin, load);
  const { features } = model.manifest;
  const row = valuesOf(call.features_snapshot, features);
  const missing = [
    ...features.filter((_, f) => !Number.isFinite(row[f])),
    ...CALL_INPUTS.filter((name) => !Number.isFinite(call.features_snapshot[name])),
  ];
  if (missing.length > 0)
    throw new ReplayError('older_inputs', `the snapshot has no value for ${missing.join(', ')}`);
  const universe = await universeOf(sql, origin);
  const found = universe ? await predicted(model, row, universe) : await recorded(model, row, origin);
  const replayed = publishedAs(call, origin, model, found);
  const differences = differencesOf(call, replayed);
  return {
    id: call.id,
    modelVersion: call.version,
    isEqual: differences.length === 0,
    differences,
    place: universe ? 'recomputed' : 'recorded',
    hasEqualWords: call.justification === replayed.justification,
  };
}

/** Whether a date is one of our calendar, with a year of four digits: a changed row can be infinite or before Christ. */
function isDateOfCall(date: Date): boolean {
  return date.getTime() >= Date.parse('0001-01-01') && date.getTime() < Date.parse('+010000-01-01T00:00:00Z');
}

/** The day of the stocks that a call was compared with, `YYYY-MM-DD`; undefined if it was not stored. */
export function universeDayOf({ explanation }: StoredCall): string | undefined {
  return Origin.safeParse(explanation).data?.universe.day;
}

function originOf({ explanation }: StoredCall): Origin {
  const { data } = Origin.safeParse(explanation);
  if (data) return data;
  throw new ReplayError(
    'older_explanation',
    'the call is of an earlier version, which did not store its score and place',
  );
}

async function modelOf(call: StoredCall, { release }: Origin, load: LoadModel): Promise<Model> {
  const model = await load({ id: call.model_version_id, model_path: call.model_path }).catch((cause) => {
    if (!(cause instanceof ModelError)) throw cause;
    throw new ReplayError(obstacleOf(cause), cause.message, { cause });
  });
  if (release === undefined || release === model.sha256) return model;
  throw new ReplayError(
    'release_changed',
    `the release ${call.version} is not the one that made the call: its manifest has the sha256 ` +
      `${model.sha256.slice(0, 12)}…, and the call names ${release.slice(0, 12)}…`,
  );
}

function obstacleOf(error: ModelError): ReplayObstacle {
  if (error instanceof ReleaseFormatError) return 'release_format';
  return error instanceof ReleaseMissingError ? 'release_missing' : 'release_changed';
}

/** The universe that the call names; undefined if it names none. */
async function universeOf(
  sql: Sql,
  { universe: { sha256 } }: Origin,
): Promise<PublishedUniverse | undefined> {
  if (sha256 === undefined) return undefined;
  const universe = await readPublishedUniverse(sql, sha256);
  if (!universe) {
    throw new ReplayError(
      'universe_missing',
      `the record has no universe ${sha256.slice(0, 12)}…, which the call names`,
    );
  }
  if (PublishedUniverse.safeParse(universe).success && universeHash(universe) === sha256) return universe;
  throw new ReplayError(
    'universe_changed',
    `the universe ${sha256.slice(0, 12)}… of the record has other contents than when the call was published`,
  );
}

/** The parts of a call that the snapshot leads to. */
interface Found {
  prediction: Prediction;
  contributions: Record<string, number>;
  universe: Origin['universe'];
}

/** Predicts the stock among those of the universe, as Infer does with a stored one. */
async function predicted(model: Model, row: number[], kept: PublishedUniverse): Promise<Found> {
  const { fit, scores, ...universe } = kept;
  const day = new DayScores(model, fit, scores);
  const [prediction] = await day.predict([row]);
  return {
    prediction: defined(prediction, 'prediction of the snapshot'),
    contributions: contributionsByName(model.manifest.features, day.explain(row)),
    universe,
  };
}

/** Takes the score, the place and the contributions as they were published, because the universe is not known. */
async function recorded(
  model: Model,
  row: number[],
  { score, place, contributions, universe }: Origin,
): Promise<Found> {
  const [raw] = await model.score([row]);
  const { move } = defined(raw, 'score of the snapshot');
  return { prediction: predictionOf(model.manifest, { score, place, move }), contributions, universe };
}

/** The call as Publish would make it. */
function publishedAs(
  { instrument_id, symbol, currency, as_of, features_snapshot, profile }: StoredCall,
  { release }: Origin,
  { manifest, sha256 }: Model,
  { prediction, contributions, universe }: Found,
): NewRecommendation {
  const calls = [
    ...recommend({
      horizonDays: manifest.horizonDays,
      baseRates: baseRatesOf(manifest),
      ...(release !== undefined && { releaseSha256: sha256 }),
      instruments: [
        {
          instrumentId: instrument_id,
          symbol,
          currency,
          asOf: as_of.toISOString(),
          universe,
          ...prediction,
          contributions,
          inputs: features_snapshot,
        },
      ],
    }),
  ];
  return defined(
    calls.find((call) => call.profile === profile),
    `call of the profile ${profile}`,
  );
}
