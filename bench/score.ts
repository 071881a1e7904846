import { readFile } from 'node:fs/promises';
import { scoreOutcomes } from '../functions/infer/score-outcomes.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES } from '../functions/shared/constants.ts';
import { connect, type Sql } from '../functions/shared/database.ts';
import { type Installation, withLogin } from '../local/installation/installation.ts';
import { BUNDLED_RELEASE } from '../local/installation/release-folder.ts';
import { openScratchInstallation } from '../local/installation/scratch-installation.ts';
import { Progress } from '../local/terminal/progress.ts';
import { median, rounded } from './quantile.ts';
import { HORIZON, type Scored, seedScored, weekdaysUpTo } from './score-seed.ts';

const INSTRUMENTS = 500;
const LAST_DAY = '2025-12-31';

/** Daily runs that are measured; the first one also reads the tables into memory, and is left out. */
const DAILY_RUNS = 4;
const RUNS = DAILY_RUNS + 2;

/** Sessions of ten years, and those of a month with scored calls. */
const TEN_YEARS = 10 * 252;
const MONTH = 21 + HORIZON + RUNS;

/** How many histories dividends restate on one day: those of 500 companies that pay each quarter. */
const RESTATED = 10;

interface Measured {
  seconds: number;
  dividendSeconds: number;
  correctedSeconds: number;
  sequentialScans: number;
}

/** Measures a daily Score after ten years of calls and after a month. */
export async function benchScore(): Promise<Record<string, number>> {
  const progress = new Progress();
  const [years, month] = [await measure(TEN_YEARS, progress), await measure(MONTH, progress)];
  return {
    added: rounded(years.seconds - month.seconds),
    addedByDividends: rounded(years.dividendSeconds - month.dividendSeconds),
    ...years,
    monthSeconds: month.seconds,
    calls: TEN_YEARS * INSTRUMENTS * 3,
  };
}

async function measure(sessions: number, progress: Progress): Promise<Measured> {
  const installation = await openScratchInstallation('boursomatic-score-', 'score');
  try {
    const scored: Scored = {
      instruments: INSTRUMENTS,
      sessions: weekdaysUpTo(LAST_DAY, sessions),
      unscored: RUNS,
    };
    return await withLogin(installation, 'migrator', async (owner) => {
      await migrate(owner);
      await seedScored(owner, scored, progress);
      progress.update('Scoring…');
      return scoreDays(installation, owner, scored.sessions.slice(-RUNS));
    });
  } finally {
    await installation.close();
  }
}

async function scoreDays(installation: Installation, owner: Sql, days: readonly string[]): Promise<Measured> {
  const manifest = await readFile(new URL('manifest.json', BUNDLED_RELEASE));
  const models = { get: async () => manifest };
  const pipeline = connect(installation.login(DATABASE_ROLES.pipeline), { max: 1 });
  const score = async (asOf: string) => {
    const began = performance.now();
    const { scored } = await scoreOutcomes({ runId: 'run', asOf }, pipeline, models);
    if (scored < INSTRUMENTS * 3) throw new Error(`only ${scored} outcomes as of ${asOf}`);
    return (performance.now() - began) / 1000;
  };
  const before = await sequentialScans(owner);
  const daily: number[] = [];
  for (const day of days.slice(0, DAILY_RUNS)) daily.push(await score(day));
  const [dividendDay = '', correctionDay = ''] = days.slice(DAILY_RUNS);
  await restate(owner, 0.99);
  const dividendSeconds = await score(dividendDay);
  // Each second bar, so that returns change.
  await restate(owner, 1.01, 2);
  await owner`INSERT INTO outcome_backlog SELECT DISTINCT instrument_id, '-infinity'::timestamptz FROM bar_revisions`;
  const correctedSeconds = await score(correctionDay);
  await pipeline.end();
  return {
    seconds: rounded(median(daily.slice(1))),
    dividendSeconds: rounded(dividendSeconds),
    correctedSeconds: rounded(correctedSeconds),
    // Of Score alone: the restatements read other tables.
    sequentialScans: (await sequentialScans(owner)) - before,
  };
}

/** Multiplies the prices of every so many bars of some histories, and keeps what they were, as Load does. */
async function restate(owner: Sql, factor: number, every = 1): Promise<void> {
  await owner`
    WITH replaced AS (
      UPDATE price_bars b SET o = o * ${factor}, h = h * ${factor}, l = l * ${factor}, c = c * ${factor}
      WHERE interval = 'daily' AND instrument_id IN (SELECT id FROM instruments ORDER BY symbol LIMIT ${RESTATED})
        AND extract(epoch FROM ts)::bigint / 86400 % ${every} = 0
      RETURNING b.instrument_id, b.ts, b.interval, old.o, old.h, old.l, old.c, old.v, old.created_at
    )
    INSERT INTO bar_revisions (instrument_id, ts, interval, o, h, l, c, v, first_seen_at)
    SELECT * FROM replaced ON CONFLICT DO NOTHING`;
  await owner`ANALYZE bar_revisions`;
}

/** Sequential scans of the calls and outcomes since the server started. */
async function sequentialScans(owner: Sql): Promise<number> {
  await owner`SELECT pg_stat_force_next_flush()`;
  const [row] = await owner<[{ scans: number }]>`
    SELECT sum(seq_scan)::int AS scans FROM pg_stat_user_tables
    WHERE relname IN ('recommendations', 'recommendation_outcomes')`;
  return row.scans;
}
