import { COLUMN_FEATURE_NAMES } from '../functions/features/definitions.ts';
import type { Sql } from '../functions/shared/database.ts';
import type { Progress } from '../local/terminal/progress.ts';
import { withoutIndexes } from './api-seed.ts';

/** Sessions after the as-of of a call. */
export const HORIZON = 20;

/** The database that a run of Score finds. */
export interface Scored {
  instruments: number;
  /** The sessions, `YYYY-MM-DD`, ascending: all instruments have a bar on each, and a call for each profile. */
  sessions: readonly string[];
  /** How many of the last sessions bring outcomes that are not stored yet. */
  unscored: number;
}

/** The last weekdays up to a day, `YYYY-MM-DD`, ascending. */
export function weekdaysUpTo(last: string, count: number): string[] {
  const days: string[] = [];
  for (let time = Date.parse(last); days.length < count; time -= 86_400_000) {
    const day = new Date(time);
    if (day.getUTCDay() % 6 !== 0) days.unshift(day.toISOString().slice(0, 10));
  }
  return days;
}

/**
 * Fills a migrated database with bars, calls and outcomes, as daily runs of years leave them: all calls are scored, except
 * those whose horizon ends in the last sessions or later. Features exist for the days whose calls become due.
 *
 * @param sql - client with the migrator's login
 */
export async function seedScored(sql: Sql, scored: Scored, progress: Progress): Promise<void> {
  const { instruments, sessions } = scored;
  const [first = '', last = ''] = [sessions[0], sessions.at(-1)];
  progress.update('Inserting bars…');
  await sql`SELECT ensure_partitions('daily', ${first}, ${last})`;
  await sql`
    INSERT INTO instruments (symbol, exchange, currency)
    SELECT 'S' || lpad(n::text, 5, '0'), 'NASDAQ', 'USD' FROM generate_series(1, ${instruments}::int) AS n`;
  await sql`
    INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.0.0', '2015-06-30', '2014-12-31', 'hash', '{}', 'v1.0.0', true)`;
  await sql`INSERT INTO pipeline_runs (id, status, input) VALUES ('run', 'succeeded', '{}')`;
  await sql`CREATE TABLE bench_sessions AS
    SELECT day::timestamptz AS day, at::int FROM jsonb_array_elements_text(${sql.json(sessions)}) WITH ORDINALITY AS d(day, at)`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, interval, o, h, l, c, v, created_at)
    SELECT i.id, s.day, 'daily', p.c * 1.001, p.c * 1.02, p.c * 0.98, p.c, 1000, s.day + interval '22 hours'
    FROM bench_sessions s
    CROSS JOIN (SELECT id, row_number() OVER (ORDER BY symbol) AS n FROM instruments) i
    CROSS JOIN LATERAL (SELECT 100 + 20 * sin(s.at * (1 + i.n % 7) / 50.0 + i.n) AS c) p`;
  await insertFeatures(sql, scored);
  await insertCalls(sql, scored, progress);
  progress.update('Vacuuming…');
  await sql`DROP TABLE bench_sessions`;
  await sql`VACUUM (ANALYZE)`;
}

/** Inserts features of all instruments for the days whose calls become due. */
async function insertFeatures(sql: Sql, { sessions, unscored }: Scored): Promise<void> {
  const due = sessions.slice(-HORIZON - unscored, -HORIZON);
  const columns = sql(['instrument_id', 'ts', ...COLUMN_FEATURE_NAMES]);
  const values = COLUMN_FEATURE_NAMES.map((_, at) => `0.2 + 0.1 * sin(i.n * ${at + 1})`).join(', ');
  await sql`
    INSERT INTO features (${columns})
    SELECT i.id, day::timestamptz, ${sql.unsafe(values)}
    FROM (SELECT id, row_number() OVER (ORDER BY symbol) AS n FROM instruments) i
    CROSS JOIN jsonb_array_elements_text(${sql.json(due)}) AS d(day)`;
}

/** Inserts the calls and their outcomes without the triggers, which would take half an hour for 3.8 million calls. */
async function insertCalls(sql: Sql, { sessions, unscored }: Scored, progress: Progress): Promise<void> {
  await sql`ALTER TABLE recommendations DISABLE TRIGGER USER`;
  await sql`ALTER TABLE recommendation_outcomes DISABLE TRIGGER USER`;
  await withoutIndexes(sql, 'recommendations', progress, async () => {
    progress.update('Inserting calls…');
    await sql`
      INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
        horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, kind, close,
        atr, currency, is_active, as_of, run_id, archived_at)
      SELECT b.instrument_id, m.id, p.profile, (ARRAY['BUY', 'HOLD', 'SELL'])[1 + (s.at + p.at) % 3], 0.4, 1, ${HORIZON},
        b.c * 0.9, b.c * 1.1, 'Because.', '{}', '{}', s.day + interval '23 hours', 'live', b.c, 2, 'USD',
        s.at = ${sessions.length}, s.day, 'run',
        CASE WHEN s.at < ${sessions.length} THEN s.day + interval '47 hours' END
      FROM bench_sessions s
      JOIN price_bars b ON b.ts = s.day AND b.interval = 'daily'
      CROSS JOIN unnest(ARRAY['conservative', 'moderate', 'aggressive']) WITH ORDINALITY AS p(profile, at)
      CROSS JOIN (SELECT id FROM model_versions) m
      ORDER BY s.at`;
  });
  progress.update('Inserting outcomes…');
  await sql`ANALYZE recommendations`;
  await sql`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct,
      entry_open, open_return_pct, first_hit)
    SELECT r.id, x.ts, r.close, x.c, (x.c / r.close - 1) * 100, x.c, 0, NULL
    FROM recommendations r
    JOIN bench_sessions s ON s.day = r.as_of AND s.at <= ${sessions.length - HORIZON - unscored}
    JOIN bench_sessions e ON e.at = s.at + ${HORIZON}
    JOIN price_bars x ON x.instrument_id = r.instrument_id AND x.ts = e.day AND x.interval = 'daily'`;
  await sql`
    INSERT INTO unscored_recommendations
    SELECT r.id, r.instrument_id, r.as_of, r.horizon_days FROM recommendations r
    JOIN bench_sessions s ON s.day = r.as_of AND s.at > ${sessions.length - HORIZON - unscored}`;
  await sql`ALTER TABLE recommendations ENABLE TRIGGER USER`;
  await sql`ALTER TABLE recommendation_outcomes ENABLE TRIGGER USER`;
}
