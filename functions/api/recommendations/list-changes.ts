import * as z from 'zod';
import { type ChangeRow, changeColumns, joinChanges, whyOfRow } from '../../changes/stored.ts';
import { CHANGE_KINDS } from '../../shared/change-kinds.ts';
import { LABELS, PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { marksOf } from '../../shared/model-market.ts';
import { endpoint } from '../core/endpoint.ts';
import { dayOf } from '../lists/age.ts';
import { readCursor } from '../lists/cursor.ts';
import { Day, Instant, NextCursor, Notice } from '../lists/fields.ts';
import { instantKey, keySchemas, ordering, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING } from '../lists/paging.ts';
import { choice, FollowingParameter, ProfileParameter } from '../lists/parameters.ts';
import { INSTRUMENT_FIELDS } from '../resources/instrument.ts';

/** A day, or an instant in UTC, from 1900 to 2199. */
const SINCE_PATTERN =
  '^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?Z)?$';
const Since = z.union([z.iso.date(), z.iso.datetime()]).check(z.regex(new RegExp(SINCE_PATTERN)));

/** The query of GET /v1/changes. */
export const ChangesQuery = z.strictObject({
  profile: ProfileParameter,
  kind: choice(CHANGE_KINDS).optional().describe('Only changes of this kind.'),
  following: FollowingParameter,
  since: z
    .string()
    .transform((text, context) => {
      if (Since.safeParse(text).success) return new Date(text);
      context.addIssue('must be a day such as 2026-03-02 or an instant such as 2026-03-02T08:00:00.000Z');
      return z.NEVER;
    })
    .optional()
    .meta({
      description:
        'Only changes that were published after this instant, or after the start of this day in UTC. Send the newest `occurredAt` that you have, to receive what is new.',
      pattern: SINCE_PATTERN,
    }),
  ...PAGING,
});
export type ChangesQuery = Omit<z.output<typeof ChangesQuery>, 'profile'> & { profile: Profile };

const Change = z
  .strictObject({
    id: z.int().describe('The id. A later change has a higher one.'),
    ...INSTRUMENT_FIELDS,
    profile: z.enum(PROFILES).describe('The risk profile of the call.'),
    kind: z
      .enum(CHANGE_KINDS)
      .describe(
        '`label`: the call has another label. `stop`, `target`: the price reached the stop or the target of a BUY or SELL. `withheld`: the call is too old to act on, or its stock is no longer covered. `new`: the first call. `back`: a call again, after the one before was withheld.',
      ),
    from: z.enum(LABELS).nullable().describe('The label before the change; null for `new`.'),
    to: z
      .enum(LABELS)
      .nullable()
      .describe('The label after the change; null for `stop`, `target` and `withheld`.'),
    why: z.string().describe('The reason in one sentence.'),
    asOf: Day.describe(
      'The trading day of the call, or of the bar that reached the stop or the target. For `withheld`, the day of the run that could not renew the call.',
    ),
    occurredAt: Instant.describe('When the change was published by the clock of the database, in UTC.'),
    recommendationId: z
      .uuid()
      .describe('The id of the new call, of the withheld one, or of that whose level the price reached.'),
  })
  .meta({ id: 'Change', description: 'A change of the calls for a stock and a risk profile.' });
export type Change = z.output<typeof Change>;

export const ChangePage = z
  .strictObject({
    profile: z.enum(PROFILES).describe('The risk profile.'),
    items: z.array(Change).describe('Newest first.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'ChangePage', description: 'A page of changes.' });
export type ChangePage = z.output<typeof ChangePage>;

/** The index call_changes_list has this order for each profile. */
const ORDER: SortOrder = {
  columns: [
    { column: 'c.occurred_at', kind: 'instant' },
    { column: 'c.id', kind: 'number' },
  ],
  descending: true,
};

/**
 * Lists what changed about the calls of a profile, newest first.
 *
 * @param userId - whose followed stocks `following` selects
 * @throws ApiError (400, invalid-cursor)
 */
export async function listChanges(
  sql: Sql,
  query: ChangesQuery,
  { userId, notice }: { userId: string; notice: string | null },
): Promise<ChangePage> {
  const { limit, cursor, profile, kind, following, since } = query;
  const followedBy = following === 'true' ? userId : undefined;
  const identity = { list: 'changes', profile, kind, followedBy, since: since?.toISOString() };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const rows = await sql<(ChangeRow & { occurred_key: string })[]>`
    SELECT ${changeColumns(sql)}, ${sql.unsafe(instantKey('c.occurred_at'))} AS occurred_key
    FROM (
      SELECT c.* FROM call_changes c
      WHERE c.profile = ${profile}
        ${kind === undefined ? sql`` : sql`AND c.kind = ${kind}`}
        ${since === undefined ? sql`` : sql`AND c.occurred_at > ${since}`}
        ${followedBy === undefined ? sql`` : sql`AND c.instrument_id IN (SELECT instrument_id FROM watchlist_entries WHERE user_id = ${followedBy})`}
        ${pageOf(sql, ORDER, { keys, limit })}
    ) c
    ${joinChanges(sql)}
    ORDER BY ${sql.unsafe(ordering(ORDER))}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.occurred_key, Number(row.id)]);
  return { profile, items: shown.map(toChange), nextCursor, notice };
}

function toChange(row: ChangeRow): Change {
  return {
    id: Number(row.id),
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    currency: row.currency,
    marks: marksOf(row),
    profile: row.profile,
    kind: row.kind,
    from: row.from_label,
    to: row.to_label,
    why: whyOfRow(row),
    asOf: dayOf(row.as_of),
    occurredAt: row.occurred_at.toISOString(),
    recommendationId: row.recommendation_id,
  };
}

export const listChangesEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/changes',
  operationId: 'listChanges',
  summary: 'List changes of calls',
  description:
    'Each run stores what it changed: another label, a reached stop or target, a withheld call, a first call, or a call after a withheld one. Runs for earlier days, and calls that were made after the fact, change nothing.',
  access: 'consented',
  query: ChangesQuery,
  answer: { status: 200, schema: ChangePage, description: 'A page of the matching changes, newest first.' },
  problems: ['invalid-cursor'],
  handle: async ({ query, caller }, { sql, notice }) => {
    const profile = query.profile ?? caller.preferredProfile;
    return { body: await listChanges(sql, { ...query, profile }, { userId: caller.userId, notice }) };
  },
});
