import { CONSENT_SHA256 } from '../functions/api/account/consent-text.ts';
import { CONSENT_VERSION } from '../functions/api/account/consent-version.ts';
import { hashPassword } from '../functions/api/auth/passwords.ts';
import type { Sql } from '../functions/shared/database.ts';
import type { Progress } from '../local/terminal/progress.ts';

/** Row counts of a database after years of use. */
export interface Sizes {
  instruments: number;
  recommendations: number;
}

/** The benchmark's user. */
export const BENCH_USER = { email: 'bench@example.com', password: 'a bench is for sitting' };

/** Names of inputs, as many as the released model has. */
const NAMES = Array.from({ length: 28 }, (_, at) => `feature_${at}_rank`);

const EXPLANATION = {
  base_return: 0.01,
  probabilities: { SELL: 0.15, HOLD: 0.24, BUY: 0.61 },
  contributions: Object.fromEntries(NAMES.map((name, at) => [name, (at - 14) / 10_000])),
};

const JUSTIFICATION =
  'A 61 in 100 chance of clearly beating the average stock over 20 trading days (30 in 100 for any stock). ' +
  'Estimated return +3.5%; average stock +1.0%. Its price rose 24.1% in the year up to a month ago (+0.54 points). ' +
  'It closed nearer its daily highs this month than 71% of stocks (+0.34 points).';

/**
 * Fills a migrated database with instruments, a daily run of all instruments and profiles until the last day, and a
 * user with the risk consent. Only the last run's recommendations are active.
 *
 * @param sql - client with the migrator's login
 * @param lastDay - `YYYY-MM-DD`, the day of the last run
 */
export async function seed(sql: Sql, sizes: Sizes, lastDay: string, progress: Progress): Promise<void> {
  progress.update('Inserting instruments…');
  await sql`
    INSERT INTO instruments (symbol, exchange, name, sector)
    SELECT 'S' || lpad(n::text, 5, '0'), (ARRAY['NYSE', 'NASDAQ', 'XETRA'])[1 + n % 3], 'Company ' || n || ' Inc.',
      'Sector ' || 1 + n % 11
    FROM generate_series(1, ${sizes.instruments}::int) AS n`;
  await sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.0.0', ${lastDay}::timestamptz - interval '20 days', 'hash', '{"precision": 0.4, "f1_score": 0.38}', 'v1.0.0', true)`;
  const rowsPerRun = sizes.instruments * 3;
  const runs = Math.ceil(sizes.recommendations / rowsPerRun);
  await sql`
    INSERT INTO pipeline_runs (id, status, mode, input, as_of, instruments, recommendations, started_at, finished_at)
    SELECT 'run-' || n, 'succeeded', 'daily', '{}', ${lastDay}::date - (${runs}::int - n), ${sizes.instruments}, ${rowsPerRun},
      ${lastDay}::timestamptz - make_interval(days => ${runs}::int - n), ${lastDay}::timestamptz - make_interval(days => ${runs}::int - n)
    FROM generate_series(1, ${runs}::int) AS n`;
  await withoutIndexes(sql, 'recommendations', progress, async () => {
    for (let run = 1; run <= runs; run++) {
      await insertRun(sql, {
        run,
        rows: run === 1 ? sizes.recommendations - rowsPerRun * (runs - 1) : rowsPerRun,
        isLast: run === runs,
        lastDay,
        back: runs - run,
      });
      progress.update(`Inserting recommendations: run ${run} of ${runs}…`);
    }
  });
  await insertUser(sql);
  progress.update('Vacuuming…');
  await sql`VACUUM (ANALYZE)`;
}

/**
 * Inserts a run with every instrument and profile; the first run may be shorter, so that the total is exact. Archived
 * rows get no inputs and no explanation, which the benchmark never reads: seeding then takes a third of the time.
 */
async function insertRun(
  sql: Sql,
  {
    run,
    rows,
    isLast,
    lastDay,
    back,
  }: { run: number; rows: number; isLast: boolean; lastDay: string; back: number },
): Promise<void> {
  const inputs = isLast ? NAMES.map((name, at) => [name, at / 100 + 0.123]) : [];
  const features = JSON.stringify({ close_price: 110.5, ...Object.fromEntries(inputs) });
  const explanation = JSON.stringify(isLast ? EXPLANATION : {});
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, is_active,
      as_of, run_id, archived_at)
    SELECT i.id, m.id, p.profile, (ARRAY['BUY', 'HOLD', 'SELL'])[1 + (i.n + p.at) % 3],
      0.34 + ((i.n * 7919 + ${run}::int * 104729 + p.at * 31) % 6000) / 10000.0, ((i.n * 31 + ${run}::int) % 200 - 100) / 10.0,
      20, 90 + i.n % 50, 130 + i.n % 50, ${JUSTIFICATION},
      ${features}::text::jsonb, ${explanation}::text::jsonb,
      d.day + interval '22 hours', ${isLast}, d.day, ${`run-${run}`}, CASE WHEN NOT ${isLast} THEN d.day + interval '46 hours' END
    FROM (SELECT id, (row_number() OVER (ORDER BY symbol))::int AS n FROM instruments) i
    CROSS JOIN unnest(ARRAY['conservative', 'moderate', 'aggressive']) WITH ORDINALITY AS p(profile, at)
    CROSS JOIN (SELECT id FROM model_versions) m
    CROSS JOIN (SELECT ${lastDay}::timestamptz - make_interval(days => ${back}::int) AS day) d
    ORDER BY i.n, p.at LIMIT ${rows}`;
}

/** Drops a table's indexes except those of constraints, runs the work, and creates them again. */
export async function withoutIndexes(
  sql: Sql,
  table: string,
  progress: Progress,
  work: () => Promise<void>,
): Promise<void> {
  const indexes = await sql<{ name: string; definition: string }[]>`
    SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ${table}::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`;
  for (const { name } of indexes) await sql`DROP INDEX ${sql(name)}`;
  await work();
  for (const { name, definition } of indexes) {
    progress.update(`Creating index ${name}…`);
    await sql.unsafe(definition);
  }
}

async function insertUser(sql: Sql): Promise<void> {
  const [user] = await sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash) VALUES (${BENCH_USER.email}, ${await hashPassword(BENCH_USER.password)})
    RETURNING id`;
  await sql`INSERT INTO user_settings (user_id, preferred_profile) VALUES (${user.id}, 'moderate')`;
  await sql`
    INSERT INTO risk_consents (user_id, version, text_sha256, accepted_at)
    VALUES (${user.id}, ${CONSENT_VERSION}, ${CONSENT_SHA256}, now())`;
}
