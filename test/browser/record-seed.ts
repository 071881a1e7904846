import { randomNumbers } from '../../functions/evaluate/interval.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { addDays } from '../../functions/shared/days.ts';
import {
  type ScoredCall,
  storeCalls,
  storeMarket,
  storeOutcomes,
} from '../functions/api/recommendations/track-record-world.ts';

/** Ten stocks for the moderate profile: S0 and S1 are BUY, S2 and S3 SELL, and the others HOLD. */
const STOCKS = 10;
const HORIZON = 5;
const WEEKDAYS = 60;
const FIRST_DAY = '2026-03-02';
const MARKET = { pct: -1, benchmarkPct: -0.5 };

/** The days of the live calls, of which the last has no outcomes. */
export const RECORD_DAYS = Array.from({ length: WEEKDAYS }, (_, at) =>
  addDays(FIRST_DAY, Math.floor(at / 5) * 7 + (at % 5)),
);

/**
 * Stores a record of live calls: BUY calls gain about two points more than the average stock, SELL calls differ by
 * chance alone. S0 of the first day loses less than the average stock. One day's calls are backdated, too.
 */
export async function seedRecord(sql: Sql): Promise<void> {
  const [{ version }] = await sql<[{ version: string }]>`SELECT version FROM model_versions WHERE is_active`;
  await sql`INSERT INTO pipeline_runs (id, status, input, started_at, finished_at)
    VALUES ('run-1', 'succeeded', '{}', '2026-03-01T22:00:00Z', '2026-03-01T22:05:00Z')`;
  const random = randomNumbers(1);
  const makeCall = (asOf: string, day: number, instrument: number, published: number): ScoredCall => {
    const label = instrument < 2 ? 'BUY' : instrument < 4 ? 'SELL' : 'HOLD';
    const noise = (random() - 0.5) * 4;
    const pct = day === 0 && instrument === 0 ? -0.25 : MARKET.pct + (label === 'BUY' ? 2 : 0) + noise;
    const isKnown = day < WEEKDAYS - 1;
    const chance = 0.25 + (instrument % 3) * 0.05;
    return {
      instrument,
      version,
      profile: 'moderate',
      label,
      horizon: HORIZON,
      asOf,
      generatedAt: `${addDays(asOf, published)}T22:04:00Z`,
      snapshot: { mom_12_1: instrument / 10, close_price: 100 } as ScoredCall['snapshot'],
      explanation: { score: noise, probabilities: { BUY: chance, HOLD: 1 - 2 * chance, SELL: chance } },
      pct: isKnown ? pct : null,
      openPct: isKnown ? pct - 0.1 : null,
      firstHit: isKnown ? (['stop', 'target', 'neither'][(day + instrument) % 3] as string) : null,
      firstHitAfter: isKnown && (day + instrument) % 3 < 2 ? 1 + (day % HORIZON) : null,
      realisedLabel: isKnown ? (['BUY', 'HOLD', 'SELL'][Math.floor(random() * 3)] as string) : null,
    };
  };
  const stocks = Array.from({ length: STOCKS }, (_, instrument) => instrument);
  const calls = [
    ...RECORD_DAYS.flatMap((asOf, day) => stocks.map((stock) => makeCall(asOf, day, stock, 0))),
    ...stocks.map((stock) => makeCall('2026-03-03', 1, stock, 30)),
  ];
  await storeCalls(sql, calls);
  await storeMarket(
    sql,
    RECORD_DAYS.slice(0, -1).map((asOf) => ({
      asOf,
      horizon: HORIZON,
      pct: MARKET.pct,
      openPct: MARKET.pct,
      benchmark: 'SPY',
      benchmarkPct: MARKET.benchmarkPct,
      benchmarkOpenPct: MARKET.benchmarkPct,
    })),
  );
  await storeOutcomes(sql, calls);
}

/** Stores a live BUY of S0 from yesterday, which the list shows. */
export async function seedCurrentCall(sql: Sql): Promise<void> {
  const asOf = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, as_of, run_id, is_active)
    SELECT i.id, m.id, 'moderate', 'BUY', 0.5, 1, ${HORIZON}, 90, 110, 'Momentum is strong.', '{"close_price": 100}', '{}',
      ${asOf}::text::timestamptz, 'run-1', true
    FROM instruments i, model_versions m WHERE i.symbol = 'S0' AND m.is_active`;
}
