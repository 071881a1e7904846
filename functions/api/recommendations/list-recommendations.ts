import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { keySchemas, toPage } from '../lists/keyset.ts';
import {
  FRESHNESS_FIELDS,
  type Freshness,
  readFreshness,
  readPublication,
  toFreshness,
} from './freshness.ts';
import { FreshnessMemory, memoryOf } from './freshness-memory.ts';
import { RecommendationsQuery } from './list-query.ts';
import { Recommendation, toRecommendation } from './recommendation.ts';
import { type ListedRow, type ListPage, selectRecommendations } from './select-recommendations.ts';
import { keysOf, orderOf } from './sorts.ts';

export const RecommendationPage = z
  .strictObject({
    ...FRESHNESS_FIELDS,
    items: z.array(Recommendation).describe('In the order of `sort`.'),
    nextCursor: NextCursor,
  })
  .meta({
    id: 'RecommendationPage',
    description: 'A page of current recommendations, and their freshness.',
  });
export type RecommendationPage = z.output<typeof RecommendationPage>;

/**
 * Lists active recommendations of active instruments. Stale ones are withheld and counted.
 *
 * It runs one statement if the cached counts are still valid. Otherwise it reads counts and rows in one snapshot, so that a
 * publication in between cannot mix two sets.
 *
 * @param sql - a client of the API's role
 * @throws ApiError (400, invalid-cursor)
 */
export async function listRecommendations(
  sql: Sql,
  query: RecommendationsQuery,
  context: { now: Date; notice: string | null; memory?: FreshnessMemory },
): Promise<RecommendationPage> {
  const { now, memory = new FreshnessMemory() } = context;
  const { profile, limit, sort, cursor, ...filters } = query;
  const identity = { list: 'recommendations', profile, sort, ...filters };
  const keys = readCursor(identity, keySchemas(orderOf(sort)), cursor);
  const { freshness, rows } = await readPage(sql, { query, keys, now }, memory);
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => keysOf(sort, row));
  return {
    ...toFreshness(profile, freshness, context),
    items: shown.map((row) => toRecommendation(row, now)),
    nextCursor,
  };
}

/** Reads the rows of a page and the freshness of the same publication. */
async function readPage(
  sql: Sql,
  page: ListPage,
  memory: FreshnessMemory,
): Promise<{ freshness: Freshness; rows: readonly ListedRow[] }> {
  const { query, now } = page;
  const freshness = memory.recall(query.profile, now);
  if (freshness) {
    const rows = await selectRecommendations(sql, page);
    // An empty page has no row that names its publication.
    const seen = rows[0]?.publication ?? (await readPublication(sql));
    if (seen === freshness.publication) return { freshness, rows };
  }
  const read = await sql.begin('isolation level repeatable read read only', async (tx) => ({
    freshness: await readFreshness(tx, query.profile, now),
    rows: await selectRecommendations(tx, page),
  }));
  memory.remember(query.profile, now, read.freshness);
  return read;
}

export const listRecommendationsEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/recommendations',
  operationId: 'listRecommendations',
  summary: 'List current recommendations',
  description: `Every response states the age of its data. Recommendations whose data is too old to act on are withheld and counted.

If new recommendations are published between two pages, rows can move from one page to the other. \`asOf\` then differs between the pages.`,
  access: 'consented',
  query: RecommendationsQuery,
  answer: {
    status: 200,
    schema: RecommendationPage,
    description: 'A page of the matching recommendations.',
  },
  problems: ['invalid-cursor'],
  handle: async ({ query: { following, ...query }, caller }, { sql, now, notice }) => {
    const profile = query.profile ?? caller.preferredProfile;
    const context = { now, notice, memory: memoryOf(sql) };
    const followedBy = following === 'true' ? caller.userId : undefined;
    return { body: await listRecommendations(sql, { ...query, profile, followedBy }, context) };
  },
});
