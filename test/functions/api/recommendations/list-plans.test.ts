import { beforeAll, describe, expect, test } from 'vitest';
import { readCursor } from '../../../../functions/api/lists/cursor.ts';
import { keySchemas } from '../../../../functions/api/lists/keyset.ts';
import { readFreshness } from '../../../../functions/api/recommendations/freshness.ts';
import { RecommendationsQuery } from '../../../../functions/api/recommendations/list-query.ts';
import { listRecommendations } from '../../../../functions/api/recommendations/list-recommendations.ts';
import {
  listStatement,
  selectRecommendations,
} from '../../../../functions/api/recommendations/select-recommendations.ts';
import { orderOf, SORTS } from '../../../../functions/api/recommendations/sorts.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { planOf, planOfText } from '../market/support.ts';
import { NOW, seedModelAndRun } from './support.ts';

/** 4,000 instruments for three profiles on ten days, of which the last is active: 120,000 recommendations. */
const INSTRUMENTS = 4000;
const DAYS = 10;

const db = useTestDatabase();
let api: Sql;
beforeAll(async () => {
  api = db.client('api');
  const { sql } = db;
  await seedModelAndRun(sql);
  await sql`DELETE FROM model_versions WHERE NOT is_active`;
  await sql`
    INSERT INTO instruments (symbol, exchange, name, sector)
    SELECT 'S' || n, CASE n % 2 WHEN 0 THEN 'NYSE' ELSE 'NASDAQ' END, 'Company ' || n, 'Sector ' || n % 11
    FROM generate_series(1, ${INSTRUMENTS}) n`;
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, is_active,
      as_of, run_id)
    SELECT i.id, m.id, p.profile, (ARRAY['BUY', 'HOLD', 'HOLD', 'SELL'])[1 + abs(hashtext(i.symbol || d)::bigint) % 4],
      abs(hashtext(i.symbol || p.profile || d)::bigint) % 10000 / 10000.0, hashtext(i.symbol || d) % 1000 / 100.0,
      20, 90, 120, 'Because.', '{"close_price": 100}', '{}', timestamptz '2026-03-01T22:04Z' - d * interval '1 day',
      d = 0, timestamptz '2026-02-27' - d * interval '1 day', 'run-1'
    FROM instruments i
    CROSS JOIN (VALUES ('conservative'), ('moderate'), ('aggressive')) p(profile)
    CROSS JOIN generate_series(0, ${DAYS - 1}) d
    JOIN model_versions m ON m.is_active`;
  await sql`VACUUM ANALYZE`;
});

const query = (given: Record<string, string> = {}) => ({
  ...RecommendationsQuery.parse(given),
  profile: 'moderate' as const,
});
const plan = (given: Record<string, string> = {}) =>
  planOfText(api, listStatement({ query: query(given), now: NOW }));

test('has enough rows for realistic plans', async () => {
  const [row] = await db.sql`SELECT count(*)::int AS n FROM recommendations`;
  expect(row?.n).toBe(INSTRUMENTS * 3 * DAYS);
});

describe('the default list', () => {
  test('reads its index in order without a sort, one row more than it shows', async () => {
    const text = await plan();
    expect(text).toMatch(
      /Index Scan using recommendations_list_all on recommendations r \(actual rows=11\.00 loops=1\)/,
    );
    expect(text).not.toMatch(/Sort|Seq Scan on (recommendations|instruments)|Rows Removed/);
  });

  test('reads the index with the label for one label', async () => {
    const text = await plan({ label: 'BUY' });
    expect(text).toMatch(
      /Index Scan using recommendations_list on recommendations r \(actual rows=11\.00 loops=1\)/,
    );
    expect(text).not.toMatch(/Sort|Seq Scan on (recommendations|instruments)|Rows Removed/);
  });

  test('reads 101 rows for a page of 100', async () => {
    expect(await plan({ limit: '100' })).toMatch(/on recommendations r \(actual rows=101\.00 loops=1\)/);
  });
});

describe.each(SORTS)('the list sorted by %s', (sort) => {
  const INDEX = {
    confidence: 'recommendations_list_all on recommendations',
    expectedReturn: 'recommendations_list_return on recommendations',
    generatedAt: 'recommendations_list_generated on recommendations',
    symbol: 'instruments_one_active_per_symbol on instruments',
  }[sort.replace('-', '')];

  test('reads an index in order without a sort', async () => {
    const text = await plan({ sort });
    expect(text).toMatch(
      new RegExp(`Index Scan (Backward )?using ${INDEX} . \\(actual rows=11\\.00 loops=1\\)`),
    );
    expect(text).not.toMatch(/Sort|Seq Scan on (recommendations|instruments)/);
  });

  test('reads no more rows for a late page than for the first', async () => {
    let cursor: string | undefined;
    for (let page = 0; page < 12; page += 1) {
      const given = { sort, limit: '100', ...(cursor && { cursor }) };
      const answer = await listRecommendations(api, query(given), { now: NOW, notice: null });
      cursor = answer.nextCursor ?? undefined;
    }
    const identity = { list: 'recommendations', profile: 'moderate', sort };
    const keys = readCursor(identity, keySchemas(orderOf(sort)), cursor);
    expect(keys).toBeDefined();
    const text = await planOfText(api, listStatement({ query: query({ sort }), keys, now: NOW }));
    expect(text).toMatch(
      new RegExp(`Index Scan (Backward )?using ${INDEX} . \\(actual rows=11\\.00 loops=1\\)`),
    );
    expect(text).not.toMatch(/Sort|Rows Removed/);
  });
});

test('finds a few symbols by the symbol index', async () => {
  const text = await plan({ symbol: 'S1,S2,S3' });
  expect(text).toContain('Index Scan using instruments_one_active_per_symbol on instruments');
  expect(text).not.toContain('Seq Scan on recommendations');
});

test('reads the stocks that a user follows by index, and not those of others', async () => {
  const [{ id: followedBy }] = await db.sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash) VALUES ('follower@example.com', 'none') RETURNING id`;
  await db.sql`
    INSERT INTO watchlist_entries (user_id, instrument_id)
    SELECT ${followedBy}, id FROM instruments WHERE symbol IN ('S1', 'S2', 'S3')`;
  await db.sql`ANALYZE watchlist_entries`;
  for (const sort of SORTS) {
    const text = await planOfText(
      api,
      listStatement({ query: { ...query({ sort }), followedBy }, now: NOW }),
    );
    expect(text).toContain('watchlist_entries');
    expect(text).toContain('recommendations_one_active');
    expect(text).not.toMatch(/Seq Scan on (recommendations|instruments)/);
  }
});

test('plans the statement once, because its limit is not bound', async () => {
  const plans = await db.client('api').begin(async (tx) => {
    for (let i = 0; i < 20; i += 1) await selectRecommendations(tx, { query: query(), now: NOW });
    return tx`
      SELECT generic_plans::int, custom_plans::int FROM pg_prepared_statements
      WHERE statement LIKE '%generated_key%' AND statement NOT LIKE '%pg_prepared%'`;
  });
  expect([...plans]).toEqual([{ generic_plans: 15, custom_plans: 5 }]);
});

test('counts freshness with an index', async () => {
  await readFreshness(api, 'moderate', NOW);
  const text = await planOf(
    api,
    api`SELECT max(r.as_of), count(*) FROM recommendations r WHERE r.is_active AND r.profile = ${'moderate'}
      AND r.instrument_id NOT IN (SELECT id FROM instruments WHERE NOT is_active)`,
  );
  // Rows of this table are so narrow that a sequential scan is equally fast.
  expect(text).toMatch(/(Index Only Scan using|Bitmap Index Scan on) recommendations_freshness/);
});

test('reads the newest day from the end of an index', async () => {
  const text = await planOf(
    api,
    api`SELECT as_of FROM recommendations WHERE is_active ORDER BY as_of DESC LIMIT 1`,
  );
  expect(text).toMatch(
    /Index Scan Backward using recommendations_as_of on recommendations \(actual rows=1\.00/,
  );
});
