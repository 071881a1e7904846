import * as z from 'zod';
import { PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { ageInDays, dayOf, daysBefore } from '../lists/age.ts';
import { Day, Notice } from '../lists/fields.ts';

/**
 * Calendar days after which a recommendation's data is too old to act on. A long weekend and a few missed
 * runs fit into a week; a horizon of twenty trading days has by then lost a quarter.
 */
export const MAX_DATA_AGE_DAYS = 7;

/** The oldest day that is still fresh. */
export function oldestFresh(now: Date): Date {
  return daysBefore(now, MAX_DATA_AGE_DAYS);
}

/** How fresh a profile's recommendations are, as the store has it. */
export interface Freshness {
  /** What {@link PUBLICATION} was at the time. */
  publication: string;
  /** Of the profile's newest active recommendation. */
  newest: Date | null;
  recommended: number;
  withheld: number;
  activeInstruments: number;
  model: { version: string; trainedAt: Date } | null;
}

/** What every list of current recommendations says of itself. */
export const FRESHNESS_FIELDS = {
  profile: z.enum(PROFILES).describe('The risk profile that the answer is for.'),
  asOf: Day.nullable().describe(
    "Trading day of the profile's newest active recommendation, withheld ones included; null where there is none.",
  ),
  dataAgeDays: z.int().nullable().describe('Calendar days from that day to now; null where there is none.'),
  modelVersion: z
    .string()
    .nullable()
    .describe('The active model; each item names the one that made it. Null where none is active.'),
  modelAgeDays: z
    .int()
    .nullable()
    .describe('Calendar days since the active model was trained; null where none is active.'),
  coverage: z
    .strictObject({
      recommended: z
        .int()
        .describe('Active instruments with a recommendation for the profile that is not withheld.'),
      activeInstruments: z.int().describe('Active instruments.'),
    })
    .describe('How much of the market the profile has calls for, whatever the filters.'),
  withheld: z
    .strictObject({
      count: z.int().describe('How many of the profile are withheld, whatever the filters.'),
      reason: z.string().describe('Why, in a sentence.'),
    })
    .nullable()
    .describe('Recommendations too old to act on, which are not shown; null where there are none.'),
  notice: Notice,
};

/** The same of a profile. */
export function toFreshness(
  profile: Profile,
  { newest, recommended, withheld, activeInstruments, model }: Freshness,
  { now, notice }: { now: Date; notice: string | null },
) {
  return {
    profile,
    asOf: newest && dayOf(newest),
    dataAgeDays: newest && ageInDays(newest, now),
    modelVersion: model?.version ?? null,
    modelAgeDays: model && ageInDays(model.trainedAt, now),
    coverage: { recommended, activeInstruments },
    withheld: withheld === 0 ? null : { count: withheld, reason: reasonOf(recommended) },
    notice,
  };
}

function reasonOf(recommended: number): string {
  const which = recommended === 0 ? 'All of them are' : 'They are';
  return `${which} based on data more than ${MAX_DATA_AGE_DAYS} days old, which is too old to act on.`;
}

/**
 * Counts a profile's recommendations, those of instruments that are no longer active left out. It goes through all
 * active ones of the profile, in an index alone, so a list remembers what it said for a while.
 */
export async function readFreshness(sql: Sql | Transaction, profile: Profile, now: Date): Promise<Freshness> {
  const oldest = oldestFresh(now);
  const [row] = await sql<[FreshnessRow]>`
    SELECT a.*, m.version, m.trained_at, (SELECT count(*)::int FROM instruments WHERE is_active) AS active_instruments,
      ${sql.unsafe(PUBLICATION)} AS publication
    FROM (
      SELECT max(r.as_of) AS newest,
        count(*) FILTER (WHERE r.as_of >= ${oldest})::int AS recommended,
        count(*) FILTER (WHERE r.as_of < ${oldest})::int AS withheld
      FROM recommendations r
      WHERE r.is_active AND r.profile = ${profile}
        AND r.instrument_id NOT IN (SELECT id FROM instruments WHERE NOT is_active)
    ) a
    LEFT JOIN model_versions m ON m.is_active`;
  const { publication, newest, recommended, withheld, active_instruments: activeInstruments } = row;
  const model = row.version === null ? null : { version: row.version, trainedAt: row.trained_at };
  return { publication, newest, recommended, withheld, activeInstruments, model };
}

type FreshnessRow = {
  newest: Date | null;
  recommended: number;
  withheld: number;
  active_instruments: number;
  publication: string;
} & ({ version: string; trained_at: Date } | { version: null; trained_at: null });

/**
 * What a publication or a promotion changes: the newest recommendation's id, off the end of the primary key, whose
 * ids are in the order of time (uuidv7), and the active model's.
 */
export const PUBLICATION = `concat((SELECT id FROM recommendations ORDER BY id DESC LIMIT 1), ' ',
  (SELECT id FROM model_versions WHERE is_active))`;

/** {@link PUBLICATION} as it is now. */
export async function readPublication(sql: Sql): Promise<string> {
  const [row] = await sql<[{ publication: string }]>`SELECT ${sql.unsafe(PUBLICATION)} AS publication`;
  return row.publication;
}
