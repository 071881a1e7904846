import * as z from 'zod';
import { retrainingNotice } from '../../infer/data-age.ts';
import { MAX_DATA_AGE_DAYS, PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { isRecommended } from '../../shared/recommended.ts';
import { ageInDays, dayOf, oldestFresh } from '../lists/age.ts';
import { Day, Notice } from '../lists/fields.ts';
import { ModelDataTo, ModelNotice } from '../resources/model.ts';

/** The freshness of a profile's recommendations in the database. */
export interface Freshness {
  /** The value of {@link PUBLICATION} when the counts were read. */
  publication: string;
  /** The as-of of the profile's newest active recommendation. */
  newest: Date | null;
  recommended: number;
  carriedOver: number;
  withheld: number;
  activeInstruments: number;
  model: { version: string; dataTo: string | null } | null;
}

/** The freshness fields of every list of current recommendations. */
export const FRESHNESS_FIELDS = {
  profile: z.enum(PROFILES).describe('The risk profile of the listed recommendations.'),
  asOf: Day.nullable().describe(
    "Trading day of the profile's newest active recommendation, including withheld ones; null if there is none.",
  ),
  dataAgeDays: z
    .int()
    .nullable()
    .describe('The age of the data: calendar days since `asOf`; null if there is none.'),
  modelVersion: z
    .string()
    .nullable()
    .describe('The active model version; null if there is none. Each item names the version that made it.'),
  modelAgeDays: z
    .int()
    .nullable()
    .describe(
      'Calendar days since the end of the data that the active model learned from; null if there is none, or if that day is unknown.',
    ),
  modelDataTo: ModelDataTo,
  modelNotice: ModelNotice,
  coverage: z
    .strictObject({
      recommended: z
        .int()
        .describe(
          'Active instruments with a recommendation for the profile that the latest run made or confirmed.',
        ),
      carriedOver: z
        .int()
        .describe(
          'Active instruments that the latest run made no call for, and whose earlier recommendation is still shown.',
        ),
      activeInstruments: z.int().describe('All active instruments.'),
    })
    .describe('The coverage of the profile. Filters do not affect it.'),
  withheld: z
    .strictObject({
      count: z
        .int()
        .describe('The number of withheld recommendations of the profile. Filters do not affect it.'),
      reason: z.string().describe('The reason in one sentence.'),
    })
    .nullable()
    .describe('Recommendations that are not shown because their data is too old; null if there are none.'),
  notice: Notice,
};

/** Converts the freshness of a profile to {@link FRESHNESS_FIELDS}. */
export function toFreshness(
  profile: Profile,
  { newest, recommended, carriedOver, withheld, activeInstruments, model }: Freshness,
  { now, notice }: { now: Date; notice: string | null },
) {
  return {
    profile,
    asOf: newest && dayOf(newest),
    dataAgeDays: newest && ageInDays(newest, now),
    modelVersion: model?.version ?? null,
    modelAgeDays: model?.dataTo ? ageInDays(new Date(model.dataTo), now) : null,
    modelDataTo: model?.dataTo ?? null,
    modelNotice: retrainingNotice(model?.dataTo ?? null),
    coverage: { recommended, carriedOver, activeInstruments },
    withheld: withheld === 0 ? null : { count: withheld, reason: reasonOf(recommended + carriedOver) },
    notice,
  };
}

function reasonOf(shown: number): string {
  const subject = shown === 0 ? 'All recommendations' : 'These recommendations';
  return `${subject} are based on data more than ${MAX_DATA_AGE_DAYS} days old, which is too old to act on.`;
}

/**
 * Counts a profile's recommendations for active instruments. It scans all active recommendations of the profile in an
 * index, so lists cache the result.
 */
export async function readFreshness(sql: Sql | Transaction, profile: Profile, now: Date): Promise<Freshness> {
  const oldest = oldestFresh(now);
  const [row] = await sql<[FreshnessRow]>`
    SELECT a.*, m.version, m.data_to, (SELECT count(*)::int FROM instruments i WHERE ${isRecommended(sql)}) AS active_instruments,
      ${sql.unsafe(PUBLICATION)} AS publication
    FROM (
      SELECT max(r.as_of) AS newest,
        count(*) FILTER (WHERE r.as_of >= ${oldest} AND NOT r.is_carried_over)::int AS recommended,
        count(*) FILTER (WHERE r.as_of >= ${oldest} AND r.is_carried_over)::int AS carried_over,
        count(*) FILTER (WHERE r.as_of < ${oldest})::int AS withheld
      FROM recommendations r
      WHERE r.is_active AND r.profile = ${profile}
        AND r.instrument_id NOT IN (SELECT id FROM instruments WHERE NOT is_active)
    ) a
    LEFT JOIN model_versions m ON m.is_active`;
  const { publication, newest, recommended, withheld } = row;
  const { carried_over: carriedOver, active_instruments: activeInstruments } = row;
  const model =
    row.version === null ? null : { version: row.version, dataTo: row.data_to && dayOf(row.data_to) };
  return { publication, newest, recommended, carriedOver, withheld, activeInstruments, model };
}

type FreshnessRow = {
  newest: Date | null;
  recommended: number;
  carried_over: number;
  withheld: number;
  active_instruments: number;
  publication: string;
} & ({ version: string; data_to: Date | null } | { version: null });

/**
 * An expression that every publication and promotion changes: the ids of the newest recommendation and of the active model.
 * The newest recommendation is at the end of the primary key, because ids are UUIDs of version 7.
 */
export const PUBLICATION = `concat((SELECT id FROM recommendations ORDER BY id DESC LIMIT 1), ' ',
  (SELECT id FROM model_versions WHERE is_active))`;

/** Reads the current value of {@link PUBLICATION}. */
export async function readPublication(sql: Sql): Promise<string> {
  const [row] = await sql<[{ publication: string }]>`SELECT ${sql.unsafe(PUBLICATION)} AS publication`;
  return row.publication;
}
