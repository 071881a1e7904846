import { afterAll, beforeEach, expect, test } from 'vitest';
import { seedBars, seedInstruments, seedPartitions, seedRun } from '../functions/ingest/support.ts';
import { type MarketServer, startMarket } from '../market/server.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Checked, checkFailures, checkRun, checkWhole } from './checks.ts';

const RUN = 'run-1';
const FROM = '2025-01-01';
const market = syntheticMarket({ instruments: 2, days: 60, seed: 5 });
const [SYMBOL = '', OTHER = ''] = market.symbols();

let database: TestDatabase;
let server: MarketServer;
let campaign: Checked;

beforeEach(async () => {
  database ??= await testDatabase();
  server ??= await startMarket({ market });
  server.requests.length = 0;
  campaign = { server, sql: database.sql, symbols: market.symbols(), from: FROM };
  const { sql } = database;
  await sql`TRUNCATE price_bars, instruments, pipeline_failures, pipeline_runs CASCADE`;
  await seedRun(sql, RUN);
  const today = new Date(market.now()).toISOString().slice(0, 10);
  await seedPartitions(sql, FROM, today);
  for (const [symbol, id] of await seedInstruments(sql, market.symbols())) {
    await seedBars(sql, id, market.truth(symbol, 'daily', FROM, today));
  }
});

afterAll(async () => {
  await server.close();
  await database.close();
});

const fail = (reason: string) =>
  database.sql`INSERT INTO pipeline_failures ${database.sql({ run_id: RUN, symbol: SYMBOL, step: 'load', reason_code: reason, message: 'so' })}`;
const barsOf = (symbol: string) =>
  database.sql`(SELECT b.id FROM price_bars b JOIN instruments i ON i.id = b.instrument_id WHERE i.symbol = ${symbol} ORDER BY b.ts)`;

test("accepts the market's own bars", async () => {
  await checkRun(campaign, RUN);
  await checkWhole(campaign, RUN);
  expect(await checkFailures(campaign, RUN)).toEqual([]);
});

test('refuses a missing bar after a run without faults', async () => {
  await database.sql`DELETE FROM price_bars WHERE id IN (SELECT id FROM ${barsOf(OTHER)} LIMIT 1 OFFSET 7)`;
  await checkRun(campaign, RUN);
  await expect(checkWhole(campaign, RUN)).rejects.toThrow(`${OTHER} has`);
});

test("refuses a close that differs from the market's", async () => {
  await database.sql`UPDATE price_bars SET c = (l + h) / 2 WHERE id IN (SELECT id FROM ${barsOf(OTHER)} LIMIT 1)`;
  await expect(checkRun(campaign, RUN)).rejects.toThrow('and the market has');
});

test('refuses a bar of a day without a session', async () => {
  await database.sql`UPDATE price_bars SET ts = '2025-01-04' WHERE id IN (SELECT id FROM ${barsOf(OTHER)} LIMIT 1)`;
  await expect(checkRun(campaign, RUN)).rejects.toThrow('that the market does not have');
});

test('refuses a series with another adjustment factor, unless its instrument failed', async () => {
  await database.sql`UPDATE price_bars SET o = o * 2, h = h * 2, l = l * 2, c = c * 2 WHERE id IN ${barsOf(SYMBOL)}`;
  await expect(checkRun(campaign, RUN)).rejects.toThrow('is off by a factor of 2');
  await fail('restated');
  await checkRun(campaign, RUN);
  await expect(checkWhole(campaign, RUN)).rejects.toThrow('failed without a fault');
});

test('refuses a single bar on another level, even if its instrument failed', async () => {
  await fail('jump');
  await database.sql`
    UPDATE price_bars SET o = o / 2, h = h / 2, l = l / 2, c = c / 2
    WHERE id IN (SELECT id FROM ${barsOf(SYMBOL)} LIMIT 1 OFFSET 9)`;
  await expect(checkRun(campaign, RUN)).rejects.toThrow('has a step at');
});

test('refuses half a series with another adjustment factor, even if its instrument failed', async () => {
  await fail('restated');
  await database.sql`
    UPDATE price_bars SET o = o * 1.02, h = h * 1.02, l = l * 1.02, c = c * 1.02
    WHERE id IN (SELECT id FROM ${barsOf(SYMBOL)} LIMIT 20)`;
  await expect(checkRun(campaign, RUN)).rejects.toThrow('has two adjustment factors');
});

test('refuses a failure that no fault explains', async () => {
  await fail('timeout');
  await expect(checkFailures(campaign, RUN)).rejects.toThrow('without a fault that explains it; requests');
});
