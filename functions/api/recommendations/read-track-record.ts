import * as z from 'zod';
import { LABELS, PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { dayOf } from '../lists/age.ts';
import { Day, Notice } from '../lists/fields.ts';
import { ModelDataTo } from '../resources/model.ts';
import { TALLY_FIELDS, type TallyRow, tallyColumns, toTally } from './tally.ts';

const Calls = z
  .array(
    z
      .strictObject({
        profile: z.enum(PROFILES).describe('The risk profile.'),
        label: z.enum(LABELS).describe('The call.'),
        ...TALLY_FIELDS,
      })
      .meta({ id: 'CallRecord', description: 'The results of the calls of one profile and label.' }),
  )
  .describe(
    'The results by profile and label, of live calls whose horizon has passed. Combinations without such a call are left out.',
  );

export const TrackRecord = z
  .strictObject({
    from: Day.nullable().describe('Day of the oldest call whose horizon has passed; null if there is none.'),
    to: Day.nullable().describe('Day of the newest call whose horizon has passed; null if there is none.'),
    calls: Calls,
    models: z
      .array(
        z.strictObject({
          modelVersion: z.string().describe('The model version that made the calls.'),
          modelDataTo: ModelDataTo,
          calls: Calls,
        }),
      )
      .describe('The results by model version, sorted by training, newest first.'),
    notice: Notice,
  })
  .meta({ id: 'TrackRecord', description: 'The track record of earlier recommendations.' });
export type TrackRecord = z.output<typeof TrackRecord>;

/** Reads the results of all live recommendations whose horizon has passed, from one row per day and kind of call. */
export async function readTrackRecord(sql: Sql, { notice }: { notice: string | null }): Promise<TrackRecord> {
  const rows = await sql<Row[]>`
    SELECT m.version, m.data_to, t.profile, t.label, min(t.as_of) AS first, max(t.as_of) AS last,
      ${tallyColumns(sql, {
        scored: sql`t.scored`,
        above: sql`t.above_market`,
        below: sql`t.below_market`,
        returns: sql`t.return_sum`,
      })}
    FROM track_record_days t
    JOIN model_versions m ON m.id = t.model_version_id
    GROUP BY GROUPING SETS ((m.version, m.trained_at, m.data_to, t.profile, t.label), (t.profile, t.label))
    ORDER BY m.trained_at DESC NULLS FIRST, m.version`;
  const overall = rows.filter(({ version }) => version === null);
  const models = new Map(
    rows.flatMap(({ version, data_to }) => (version === null ? [] : [[version, data_to && dayOf(data_to)]])),
  );
  const days = overall.flatMap(({ first, last }) => [first.getTime(), last.getTime()]);
  return {
    from: days.length > 0 ? dayOf(new Date(Math.min(...days))) : null,
    to: days.length > 0 ? dayOf(new Date(Math.max(...days))) : null,
    calls: toCalls(overall),
    models: [...models].map(([modelVersion, modelDataTo]) => ({
      modelVersion,
      modelDataTo,
      calls: toCalls(rows.filter(({ version }) => version === modelVersion)),
    })),
    notice,
  };
}

interface Row extends TallyRow {
  /** Null for all models together. */
  version: string | null;
  data_to: Date | null;
  profile: Profile;
  first: Date;
  last: Date;
}

function toCalls(rows: readonly Row[]): TrackRecord['calls'] {
  return PROFILES.flatMap((profile) =>
    LABELS.flatMap((label) =>
      rows
        .filter((row) => row.profile === profile && row.label === label)
        .map((row) => ({ profile, label, ...toTally(row) })),
    ),
  );
}

export const readTrackRecordEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/track-record',
  operationId: 'readTrackRecord',
  summary: 'Read the track record',
  description: `Live calls count: those published on their day or up to four calendar days later, by a model whose data end before it.
Every BUY and SELL is scored once its horizon has passed. Its return runs from the close that the call was based on
to the close at the end of the horizon. It is compared with the average of all instruments over the same days,
because a call predicts how an instrument differs from the others, not whether markets rise.`,
  access: 'consented',
  answer: { status: 200, schema: TrackRecord, description: 'The track record.' },
  handle: async (_request, { sql, notice }) => ({ body: await readTrackRecord(sql, { notice }) }),
});
