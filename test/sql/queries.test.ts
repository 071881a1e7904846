import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defined } from '../../functions/shared/invariant.ts';
import type { TestDatabase } from '../support/database.ts';
import { sampleDatabase } from '../support/sample.ts';

/**
 * Runs the four typical queries of sql/queries on the sample's bars and features, with active recommendations and years
 * of archived ones. A hundred copies of one stock's last bars make the tables large enough for index scans.
 */
let database: TestDatabase;
let apple: string;

beforeAll(async () => {
  database = await sampleDatabase();
  const { sql } = database;
  const [row] = await sql<{ id: string }[]>`SELECT id FROM instruments WHERE symbol = 'AAPL'`;
  apple = defined(row, 'Apple').id;
  await sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.0.0', '2012-01-01', 'h', '{"precision": 0.41, "f1_score": 0.39}', 'v1.0.0', true),
           ('v0.9.0', '2011-01-01', 'h', '{"precision": 0.37, "f1_score": 0.35}', 'v0.9.0', false)`;
  await sql`INSERT INTO instruments (symbol) SELECT 'COPY' || n FROM generate_series(1, 100) n`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT i.id, b.ts, o, h, l, c, v, interval FROM price_bars b, instruments i
    WHERE b.instrument_id = ${apple} AND b.ts >= '2012-01-01' AND i.symbol LIKE 'COPY%'`;
  await sql`
    INSERT INTO features (instrument_id, ts, ret_20d, additional_features)
    SELECT i.id, f.ts, CASE f.ts WHEN '2013-03-01' THEN substr(i.symbol, 5)::int / 500.0 END, f.additional_features FROM features f, instruments i
    WHERE f.instrument_id = ${apple} AND f.ts >= '2012-01-01' AND i.symbol LIKE 'COPY%'`;
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, is_active,
      as_of, run_id)
    SELECT f.instrument_id, (SELECT id FROM model_versions WHERE version = 'v1.0.0'), p.profile,
      CASE WHEN f.ret_20d > 0.02 THEN 'BUY' WHEN f.ret_20d < -0.02 THEN 'SELL' ELSE 'HOLD' END,
      least(1, abs(f.ret_20d) * 3), f.ret_20d * 100, 20, 1, 2, 'test', to_jsonb(f.*), '{}', f.ts + interval '22 hours',
      f.ts = '2013-03-01', f.ts, 'sample-run'
    FROM features f CROSS JOIN (VALUES ('conservative'), ('moderate'), ('aggressive')) p(profile)
    WHERE f.ret_20d IS NOT NULL`;
  await sql`VACUUM ANALYZE`;
});
afterAll(() => database.close());

/** A query file with its named parameters replaced by quoted literals, like psql's :'name'. */
async function query(name: string, parameters: Record<string, string> = {}): Promise<string> {
  const text = await readFile(new URL(`../../sql/queries/${name}.sql`, import.meta.url), 'utf8');
  return text
    .trim()
    .replace(/;$/, '')
    .replace(/(?<!:):([a-z_]+)/g, (_, key: string) => `'${parameters[key]}'`);
}

async function plan(text: string): Promise<string> {
  const rows = await database.sql.unsafe<{ 'QUERY PLAN': string }[]>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) ${text}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('1. latest BUY recommendations for the moderate profile', () => {
  test('returns the active BUYs of that profile, the highest confidence first', async () => {
    const rows = await database.sql.unsafe(await query('1-latest-buy-recommendations'));
    const expected = await database.sql`
      SELECT i.symbol FROM features f JOIN instruments i ON i.id = f.instrument_id
      WHERE f.ts = '2013-03-01' AND f.ret_20d > 0.02 ORDER BY f.ret_20d DESC LIMIT 10`;
    expect(rows.map((row) => row.symbol)).toEqual(expected.map((row) => row.symbol));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ profile: 'moderate', label: 'BUY', is_active: true });
  });

  test('reads its index in order, without a sort', async () => {
    const text = await plan(await query('1-latest-buy-recommendations'));
    expect(text).toContain('Index Scan using recommendations_list on recommendations');
    expect(text).not.toContain('Sort');
  });
});

describe('2. price history of an instrument', () => {
  // The sample ends in 2013, so NOW() is replaced by its last day.
  const asOfSample = (text: string) => text.replace('NOW()', "TIMESTAMPTZ '2013-03-01'");

  test('returns the closes of the last year in order', async () => {
    const rows = await database.sql.unsafe(
      asOfSample(await query('2-price-history', { instrument_id: apple })),
    );
    expect(rows.length).toBe(251);
    expect(rows[0]?.ts.toISOString()).toBe('2012-03-01T00:00:00.000Z');
    expect(rows.at(-1)?.ts.toISOString()).toBe('2013-03-01T00:00:00.000Z');
    expect(rows.at(-1)?.volume).toBeGreaterThan(1e6);
  });

  test('reads only the partitions of its year, by index', async () => {
    const text = await plan(asOfSample(await query('2-price-history', { instrument_id: apple })));
    expect(text).toMatch(
      /(Index|Bitmap Index) Scan (using|on) price_bars_2012_daily_instrument_id_ts_interval/,
    );
    expect(text).not.toMatch(/price_bars_20(0\d|1[01])/);
    expect(text).not.toMatch(/Seq Scan on price_bars_201[23]/);
  });

  test('prunes every past partition at execution with NOW()', async () => {
    const text = await plan(await query('2-price-history', { instrument_id: apple }));
    expect(text).toMatch(/Subplans Removed: \d+/);
    expect(text).not.toMatch(/on price_bars_20(0\d|1[0-3])/);
  });
});

describe('3. features for model training', () => {
  test('returns each row of features with the close of its bar', async () => {
    const month = { start_date: '2012-06-01', end_date: '2012-06-30' };
    const rows = await database.sql.unsafe(await query('3-training-features', month));
    const [bars] = await database.sql`
      SELECT count(*)::int AS n, sum(c) AS closes FROM price_bars WHERE ts BETWEEN '2012-06-01' AND '2012-06-30'`;
    expect(rows).toHaveLength(bars?.n);
    expect(rows.reduce((sum, row) => sum + row.close_price, 0)).toBeCloseTo(bars?.closes, 4);
    const keys = rows.map((row) => `${row.instrument_id} ${row.ts.toISOString()}`);
    expect(keys).toEqual([...keys].sort());
  });

  test('reads only the partitions of its dates in both tables', async () => {
    const years = { start_date: '2011-07-01', end_date: '2012-06-30' };
    const text = await plan(await query('3-training-features', years));
    expect(text).toMatch(/on features_2011/);
    expect(text).toMatch(/on price_bars_2012_daily/);
    expect(text).not.toMatch(/(features|price_bars)_20(0\d|10|13|14)/);
  });

  test('finds a day by index in both tables', async () => {
    const day = { start_date: '2012-06-01', end_date: '2012-06-01' };
    const text = await plan(await query('3-training-features', day));
    expect(text).toMatch(/Scan (using|on) features_2012_(ts_idx|instrument_id_ts_key)/);
    expect(text).toMatch(/Scan (using|on) price_bars_2012_daily_(ts_idx|instrument_id_ts_interval)/);
    expect(text).not.toContain('Seq Scan');
  });
});

describe('4. model performance', () => {
  test('returns every version with its metrics and its number of recommendations', async () => {
    const rows = await database.sql.unsafe(await query('4-model-performance'));
    const [all] = await database.sql`SELECT count(*)::text AS n FROM recommendations`;
    expect(
      rows.map(({ version, precision, f1, recommendations_count: n }) => [version, precision, f1, String(n)]),
    ).toEqual([
      ['v1.0.0', '0.41', '0.39', all?.n],
      ['v0.9.0', '0.37', '0.35', '0'],
    ]);
  });

  test('counts through the index, without reading the recommendations', async () => {
    const text = await plan(await query('4-model-performance'));
    expect(text).toContain('Index Only Scan using recommendations_model_version on recommendations');
  });
});
