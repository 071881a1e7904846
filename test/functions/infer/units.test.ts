import { beforeAll, describe, expect, test } from 'vitest';
import { computeBatch } from '../../../functions/features/features.ts';
import { inferRun } from '../../../functions/infer/infer.ts';
import { type Release, readRelease } from '../../../functions/infer/manifest.ts';
import { readPredictions } from '../../../functions/infer/predictions.ts';
import { publishRun } from '../../../functions/infer/publish.ts';
import { fetchBatch } from '../../../functions/ingest/fetch.ts';
import { registerInstruments } from '../../../functions/ingest/instruments.ts';
import { loadBatch } from '../../../functions/ingest/load/load.ts';
import { planRun } from '../../../functions/ingest/plan/plan.ts';
import { NotFoundError } from '../../../functions/ingest/providers/errors.ts';
import type { Bar, Provider } from '../../../functions/ingest/providers/provider.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { syntheticMarket } from '../../market/synthetic.ts';
import { NASDAQ } from '../../market/trading-hours.ts';
import { useTestDatabase } from '../../support/database.ts';
import { clear } from '../ingest/support.ts';
import { MemoryObjects, seedModel } from './support.ts';

const DAY = '2026-03-31';
const SCALED = 'US007';

const market = syntheticMarket({
  // Enough to compare each with the others.
  instruments: 52,
  days: 270,
  exchanges: [NASDAQ],
  endDay: DAY,
  actions: false,
});

/** What the source says about the scaled instrument, and how many times its prices are. */
interface Unit {
  times: number;
  currency?: string | undefined;
  /** US dollars for one unit of that currency; absent where the source has no rate. */
  rate?: number;
  /** The currency of the other instruments. */
  others?: string | undefined;
}

const scaled = ({ ts, o, h, l, c, v }: Bar, times: number): Bar => {
  return { ts, o: o * times, h: h * times, l: l * times, c: c * times, v };
};

function providerOf({ times, currency, rate, others }: Unit): Provider {
  const truth = (symbol: string, from: string, to: string) => market.truth(symbol, 'daily', from, to);
  return {
    name: 'yahoo',
    fetchBars: async ({ symbol, from, to }) => {
      if (symbol === `${currency}USD=X` && rate !== undefined) {
        const bars = truth(SCALED, from, to).map(({ ts }) => ({
          ts,
          o: rate,
          h: rate,
          l: rate,
          c: rate,
          v: 0,
        }));
        return { bars, actions: [], currency: 'USD' };
      }
      if (!market.find(symbol)) throw new NotFoundError(`${symbol}: not found`);
      const named = symbol === SCALED ? currency : others;
      const bars = truth(symbol, from, to).map((bar) => (symbol === SCALED ? scaled(bar, times) : bar));
      return { bars, actions: [], ...(named && { currency: named }) };
    },
  };
}

const db = useTestDatabase();
let sql: Sql;
let release: Release;
beforeAll(async () => {
  sql = db.client('pipeline');
  release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
});

/** The calls of a run over the whole market, and what the model saw of each instrument. */
async function callsOf(unit: Unit) {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs CASCADE`;
  await clear(db.sql);
  await seedModel(db.sql, '.', release.manifest.version);
  const raw = new MemoryObjects();
  const provider = providerOf(unit);
  const now = new Date(market.now());
  await registerInstruments(
    sql,
    market.symbols().map((symbol) => ({ symbol, exchange: 'NasdaqGS' })),
  );
  const plan = await planRun({ runId: 'run', input: {} }, sql, { provider: 'yahoo', now });
  for (const batch of plan.batches) {
    await fetchBatch(batch, provider, raw);
    await loadBatch(batch, sql, raw);
    await computeBatch(batch, sql);
  }
  const stores = { raw, models: openObjects(BUNDLED_RELEASE.href) };
  const inferred = await inferRun({ runId: 'run', asOf: plan.asOf }, sql, stores);
  expect(inferred).toMatchObject({ instruments: market.symbols().length, failed: 0 });
  await publishRun(inferred, await readPredictions(raw, inferred.scores), sql);
  const rows = await db.sql<{ symbol: string; calls: string[]; rank: number | null }[]>`
    SELECT i.symbol, array_agg(r.profile || ' ' || r.label || ' ' || round(r.confidence::numeric, 3) ORDER BY r.profile) AS calls,
      min((r.features_snapshot ->> 'illiquidity_20_rank')::float8) AS rank
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id GROUP BY i.symbol ORDER BY i.symbol`;
  return {
    calls: rows.map(({ symbol, calls }) => [symbol, ...calls]),
    ranks: rows.map(({ symbol, rank }) => [symbol, rank]),
    rankOf: (symbol: string) =>
      defined(
        rows.find((row) => row.symbol === symbol),
        symbol,
      ).rank,
  };
}

describe('prices times 150 change no call and no rank', () => {
  test('in a currency whose unit is 150 times smaller', async () => {
    const dollars = await callsOf({ times: 1, currency: 'USD', others: 'USD' });
    const yen = await callsOf({ times: 150, currency: 'JPY', rate: 1 / 150, others: 'USD' });
    expect(yen.calls).toEqual(dollars.calls);
    expect(yen.ranks).toEqual(dollars.ranks);
    expect(new Set(dollars.ranks.map(([, rank]) => rank)).size).toBe(market.symbols().length);
  });

  test.each([
    ['of an unknown currency among known ones', { others: 'USD' }],
    ['of an unknown currency, as all others', {}],
    ['of a currency without a rate', { currency: 'JPY', others: 'USD' }],
  ])('%s', async (_, unit) => {
    const once = await callsOf({ times: 1, ...unit });
    const often = await callsOf({ times: 150, ...unit });
    expect(often.calls).toEqual(once.calls);
    expect(often.ranks).toEqual(once.ranks);
    expect(once.rankOf(SCALED)).toBeNull();
  });
});

test('instruments of one currency are compared without its rate', async () => {
  const dollars = await callsOf({ times: 1, currency: 'USD', others: 'USD' });
  const euros = await callsOf({ times: 1, currency: 'EUR', others: 'EUR' });
  expect(euros.ranks).toEqual(dollars.ranks);
  expect(euros.calls).toEqual(dollars.calls);
});
