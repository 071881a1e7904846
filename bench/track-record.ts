import { readTrackRecord } from '../functions/api/recommendations/read-track-record.ts';
import { TrackRecordQuery } from '../functions/api/recommendations/track-record.ts';
import { migrate } from '../functions/migration/migrate.ts';
import type { Sql } from '../functions/shared/database.ts';
import { withLogin } from '../local/installation/installation.ts';
import { openScratchInstallation } from '../local/installation/scratch-installation.ts';
import { median, rounded } from './quantile.ts';

const ANSWERS = 15;

/** Weekdays of ten years. */
const DAYS = 2610;

/** One vCPU is 1769 MiB of a function, and the API's functions have 512. */
const PROCESSORS = 512 / 1769;

/**
 * Reads the track record of ten years of daily calls for 500 instruments and three profiles, with all intervals.
 *
 * @returns medians in milliseconds: `lambdaMs`, the API's processor time at the share of a processor that its function
 *   has; `processorMs`, the same with a whole one; `answerMs`, the answer with the database on this machine
 */
export async function benchTrackRecord(): Promise<Record<string, number>> {
  const installation = await openScratchInstallation('bench-track-record-', 'bench');
  try {
    await withLogin(installation, 'migrator', async (sql) => {
      await migrate(sql);
      await seedDays(sql);
    });
    return await withLogin(installation, 'api', measure);
  } finally {
    await installation.close();
  }
}

async function measure(sql: Sql): Promise<Record<string, number>> {
  const times: number[] = [];
  const processor: number[] = [];
  let bytes = 0;
  for (let i = 0; i < ANSWERS; i++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const record = await readTrackRecord(sql, TrackRecordQuery.parse({}), { now: new Date(), notice: null });
    bytes = JSON.stringify(record).length;
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1000);
  }
  const [answer, own] = [median(times), median(processor)];
  return {
    lambdaMs: Math.round(own / PROCESSORS),
    answerMs: rounded(answer),
    processorMs: rounded(own),
    bytes,
  };
}

/** Stores invented day counts as the owner, which alone may. */
async function seedDays(sql: Sql): Promise<void> {
  await sql`
    INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path)
    VALUES ('v1.0.0', now(), '2015-12-31', 'hash', '{}', 'models/v1.0.0')`;
  await sql`
    CREATE TEMPORARY TABLE days AS
    SELECT day AS as_of FROM generate_series('2016-01-01', '2026-12-31', interval '1 day') AS day
    WHERE extract(isodow FROM day) < 6 ORDER BY day LIMIT ${DAYS}`;
  await sql`
    INSERT INTO track_record_market_returns (as_of, horizon_days, instruments, return_pct, open_return_pct, benchmark,
      benchmark_return_pct, benchmark_open_return_pct)
    SELECT as_of, 20, 500, random() - 0.4, random() - 0.4, '^GSPC', random() - 0.4, random() - 0.4 FROM days`;
  await sql`
    INSERT INTO track_record_days
    SELECT 'live', as_of, 20, m.id, profile, label, calls, calls / 2, calls / 3, (random() - 0.4) * calls, 0.3, 500, 240, 260,
      calls, (random() - 0.4) * calls, 0.3, calls, (random() - 0.4) * calls, calls, (random() - 0.4) * calls, calls,
      array_fill(1, ARRAY[20]), array_fill(2, ARRAY[20])
    FROM days, model_versions m,
      unnest(ARRAY['conservative', 'moderate', 'aggressive']) AS profile,
      (VALUES ('SELL', 100), ('HOLD', 300), ('BUY', 100)) AS label (label, calls)`;
  await sql`
    INSERT INTO track_record_rank_ics SELECT 'live', as_of, 20, m.id, 500, random() - 0.45 FROM days, model_versions m`;
  await sql`
    INSERT INTO track_record_bins
    SELECT 'live', as_of, 20, m.id, label, bin, 80, 80 * (bin + 0.5) / 15, 30
    FROM days, model_versions m, unnest(ARRAY['SELL', 'HOLD', 'BUY', 'likeliest']) AS label, generate_series(3, 8) AS bin`;
  await sql`ANALYZE`;
}
