import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MONEY_RANKS, RANKED_INPUTS } from '../../../functions/features/model-inputs.ts';
import { inferRun } from '../../../functions/infer/infer.ts';
import { type Release, readRelease } from '../../../functions/infer/manifest.ts';
import { readPredictions } from '../../../functions/infer/predictions.ts';
import { publishRun } from '../../../functions/infer/publish.ts';
import { rankInUniverse, Week } from '../../../functions/infer/universe.ts';
import { planRun } from '../../../functions/ingest/plan/plan.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedFeatures, seedPeers } from './infer-support.ts';
import { daysUpTo, MemoryObjects, seedBars, seedInstruments, seedModel, seedRun } from './support.ts';

const [FRIDAY, MONDAY, TUESDAY] = ['2026-02-27', '2026-03-02', '2026-03-03'] as const;
const ENOUGH = 253;

const db = useTestDatabase();
let pipeline: Sql;
let release: Release;
let raw: MemoryObjects;
beforeAll(async () => {
  pipeline = db.client('pipeline');
  release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
});
beforeEach(async () => {
  await db.sql`TRUNCATE features, price_bars, exchange_rates, model_versions, recommendations, pipeline_runs, instruments CASCADE`;
  raw = new MemoryObjects();
  await seedModel(db.sql, '.', release.manifest.version);
});

/** Values of a stock that differ from those of the peers. */
const OWN = {
  ret_1d: 0.071,
  ret_5d: 0.093,
  ret_20d: 0.062,
  vol_60d: 0.081,
  mom_12_1: 0.133,
  illiquidity_20: 0.0773,
};

/** Stores a followed stock with bars up to a day, and features of that day. */
async function follow(symbol: string, last: string, features: Record<string, number | null> = OWN) {
  const [id = ''] = await seedInstruments(db.sql, [symbol]);
  const days = daysUpTo(last, ENOUGH);
  await seedBars(
    db.sql,
    id,
    days.map((day) => ({ day, close: 50 })),
  );
  await seedFeatures(db.sql, id, last, features);
  return id;
}

let runs = 0;
/** Runs Infer as of a day, and gives the predictions by symbol. */
async function infer(asOf: string) {
  const runId = `run-${++runs}`;
  await seedRun(db.sql, runId, { instruments: 2 });
  const result = await inferRun({ runId, asOf }, pipeline, {
    raw,
    models: openObjects(BUNDLED_RELEASE.href),
  });
  const predictions = await readPredictions(raw, result.scores);
  const { instruments } = predictions;
  const failures = await db.sql<{ symbol: string; reason_code: string; message: string }[]>`
    SELECT symbol, reason_code, message FROM pipeline_failures WHERE run_id = ${runId} ORDER BY symbol`;
  return {
    of: (symbol: string) =>
      defined(
        instruments.find((instrument) => instrument.symbol === symbol),
        symbol,
      ),
    symbols: instruments.map(({ symbol }) => symbol),
    failures: [...failures],
    publish: () => publishRun(result, predictions, pipeline),
  };
}

/** The stored universes, with a checksum of all that they hold. */
async function stored() {
  const rows = await db.sql<{ day: string; stocks: number; sum: string }[]>`
    SELECT to_char(u.ts, 'YYYY-MM-DD') AS day, u.stocks, md5(u::text || string_agg(v::text, '' ORDER BY v.input, v.currency)) AS sum
    FROM universes u LEFT JOIN universe_values v ON v.ts = u.ts GROUP BY u.ts ORDER BY u.ts`;
  return [...rows];
}
const sizes = async () => (await stored()).map(({ day, stocks }) => [day, stocks]);

/** Removes the features of all reference stocks. */
const dropPeers = () =>
  db.sql`DELETE FROM features f USING instruments i WHERE i.id = f.instrument_id AND i.purpose = 'reference'`;

describe('a stock alone on its day', () => {
  test('gets the prediction that it had among all stocks, from the stored universe of that day', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 80 });
    await follow('AAPL', MONDAY);
    const among = (await infer(MONDAY)).of('AAPL');
    await dropPeers();
    const alone = (await infer(MONDAY)).of('AAPL');
    expect(alone).toEqual(among);
    expect(alone.universe).toMatchObject({ day: MONDAY, stocks: 81 });
    expect(
      new Set(Object.entries(alone.inputs).flatMap(([name, rank]) => (RANKED_INPUTS.has(name) ? [rank] : [])))
        .size,
    ).toBeGreaterThan(5);
  });

  test('is compared with the newest full day in the evening of an earlier exchange', async () => {
    await seedPeers(db.sql, [FRIDAY], { count: 80 });
    await follow('SAP.DE', MONDAY);
    await follow('MC.PA', MONDAY, { ...OWN, ret_5d: -0.2 });
    // No run has stored Friday's universe yet.
    const evening = await infer(MONDAY);
    expect(evening.of('SAP.DE')).toMatchObject({
      asOf: '2026-03-02T00:00:00.000Z',
      universe: { day: FRIDAY, stocks: 80 },
    });
    expect(evening.of('SAP.DE').score).not.toBe(evening.of('MC.PA').score);
    expect(await sizes()).toEqual([[FRIDAY, 80]]);
    // The night's run has the bars of the reference.
    await seedPeers(db.sql, [MONDAY], { count: 80 });
    const night = await infer(MONDAY);
    expect(night.of('SAP.DE').universe).toMatchObject({ day: MONDAY, stocks: 82 });
    expect(await sizes()).toEqual([
      [FRIDAY, 80],
      [MONDAY, 82],
    ]);
  });

  test('gets no second call on a holiday of its exchange, on which it would be compared with a newer day', async () => {
    await seedPeers(db.sql, [FRIDAY], { count: 80 });
    await follow('SAP.DE', MONDAY);
    expect(await (await infer(MONDAY)).publish()).toMatchObject({ activated: 3 });
    await seedPeers(db.sql, [MONDAY], { count: 80 });
    const holiday = await infer(TUESDAY);
    expect(holiday.of('SAP.DE')).toMatchObject({
      asOf: '2026-03-02T00:00:00.000Z',
      universe: { day: MONDAY, stocks: 81 },
    });
    expect(await holiday.publish()).toMatchObject({ activated: 0, archived: 0 });
    expect(
      await db.sql`SELECT DISTINCT explanation #>> '{universe,day}' AS day FROM recommendations`,
    ).toEqual([{ day: FRIDAY }]);
  });

  test('is not compared with fifty others where the full universe has more than twice as many', async () => {
    await seedPeers(db.sql, [FRIDAY], { count: 150 });
    await seedPeers(db.sql, [MONDAY], { count: 60, prefix: 'EUROPE' });
    await follow('SAP.DE', MONDAY);
    expect((await infer(MONDAY)).of('SAP.DE').universe).toMatchObject({ day: FRIDAY, stocks: 150 });
    await seedPeers(db.sql, [MONDAY], { count: 14, prefix: 'LATE' });
    expect((await infer(MONDAY)).of('SAP.DE').universe).toMatchObject({ day: MONDAY, stocks: 75 });
  });
});

describe('no universe', () => {
  const TOO_SMALL = {
    symbol: 'AAPL',
    reason_code: 'universe_too_small',
    message:
      'only 1 stock has all inputs on 2026-03-02, and 50 are needed to compare it with: with a vendor, add a reference (--reference basket); with a file, put at least 50 stocks in it',
  };

  test('withholds the calls of fewer than fifty stocks, and does not stop the run', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 48 });
    await follow('AAPL', MONDAY);
    const few = await infer(MONDAY);
    expect(few.failures).toMatchObject([{ symbol: 'AAPL', reason_code: 'universe_too_small' }]);
    expect(few.symbols).toEqual([]);
    expect(await sizes()).toEqual([]);
    await seedPeers(db.sql, [MONDAY], { count: 1, prefix: 'ONE' });
    const enough = await infer(MONDAY);
    expect(enough.failures).toEqual([]);
    expect(enough.of('AAPL').universe).toMatchObject({ day: MONDAY, stocks: 50 });
  });

  test('of a later day is ever used', async () => {
    await seedPeers(db.sql, [TUESDAY], { count: 80 });
    await follow('LATER', TUESDAY);
    await infer(TUESDAY);
    expect(await sizes()).toEqual([[TUESDAY, 81]]);
    await follow('AAPL', MONDAY);
    expect(await infer(MONDAY)).toMatchObject({
      symbols: [],
      failures: [TOO_SMALL, { symbol: 'LATER' }],
    });
    // Nor where the as-of is later, but the stock's last bar is not.
    expect((await infer(TUESDAY)).failures).toMatchObject([
      { symbol: 'AAPL', reason_code: 'universe_too_small' },
    ]);
  });

  test('older than a week is used', async () => {
    await seedPeers(db.sql, ['2026-02-23'], { count: 80 });
    await follow('AAPL', MONDAY);
    expect((await infer(MONDAY)).of('AAPL').universe).toMatchObject({ day: '2026-02-23', stocks: 80 });
    await seedFeatures(db.sql, await follow('MSFT', TUESDAY), MONDAY, OWN);
    expect((await infer(TUESDAY)).symbols).toEqual([]);
  });

  test('without the values of an input is used', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 80 });
    await follow('AAPL', MONDAY);
    const before = (await infer(MONDAY)).of('AAPL');
    const [input = ''] = release.manifest.features.filter((name) => !MONEY_RANKS.has(name));
    const damage = () => db.sql`DELETE FROM universe_values WHERE input = ${input}`;
    await dropPeers();
    await damage();
    expect((await infer(MONDAY)).failures).toEqual([TOO_SMALL]);
    // Where the features of its day are stored, it is scored again.
    await seedPeers(db.sql, [FRIDAY], { count: 80 });
    const among = (await infer(MONDAY)).of('AAPL');
    await damage();
    expect((await infer(MONDAY)).of('AAPL')).toEqual(among);
    expect(before.universe.day).toBe(MONDAY);
  });

  test('of another model is used', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 80 });
    await follow('AAPL', MONDAY);
    await infer(MONDAY);
    await dropPeers();
    await db.sql`UPDATE model_versions SET is_active = false`;
    await seedModel(db.sql, '.', 'v9.9.9');
    expect((await infer(MONDAY)).failures).toEqual([TOO_SMALL]);
  });
});

describe('a stored universe', () => {
  test('is scored again for another model, from the features of its day', async () => {
    await seedPeers(db.sql, [FRIDAY], { count: 80 });
    await follow('AAPL', MONDAY);
    const before = (await infer(MONDAY)).of('AAPL');
    await db.sql`UPDATE model_versions SET is_active = false`;
    await seedModel(db.sql, '.', 'v9.9.9');
    expect((await infer(MONDAY)).of('AAPL')).toEqual(before);
    expect(await sizes()).toEqual([[FRIDAY, 80]]);
  });

  test('is the same after any number of runs', async () => {
    await seedPeers(db.sql, [FRIDAY, MONDAY], { count: 80 });
    await follow('AAPL', MONDAY);
    await infer(MONDAY);
    const once = await stored();
    expect(once).toMatchObject([{ day: MONDAY, stocks: 81 }]);
    await infer(MONDAY);
    await infer(MONDAY);
    expect(await stored()).toEqual(once);
  });

  test('is replaced by a fuller one of its day, and not by a smaller one', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 60 });
    await follow('AAPL', MONDAY);
    await infer(MONDAY);
    await seedPeers(db.sql, [MONDAY], { count: 30, prefix: 'MORE' });
    const fuller = (await infer(MONDAY)).of('AAPL');
    const full = await stored();
    expect(full).toMatchObject([{ day: MONDAY, stocks: 91 }]);
    await db.sql`DELETE FROM features f USING instruments i WHERE i.id = f.instrument_id AND i.symbol LIKE 'MORE%'`;
    const smaller = (await infer(MONDAY)).of('AAPL');
    expect(smaller.universe).toMatchObject({ day: MONDAY, stocks: 61 });
    expect(smaller.score).not.toBe(fuller.score);
    expect(await stored()).toEqual(full);
  });

  test('is deleted after thirty days by the plan of a run, unless it comes with the sample', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 60 });
    await follow('AAPL', MONDAY);
    await infer(MONDAY);
    const planned = async (day: string) => {
      const context = { provider: 'sample', now: new Date(`${day}T22:00:00Z`) };
      await planRun({ runId: `plan-${day}`, input: {} }, pipeline, context);
      return sizes();
    };
    expect(await planned('2026-04-01')).toEqual([[MONDAY, 61]]);
    await db.sql`UPDATE universes SET is_bundled = true`;
    expect(await planned('2026-04-02')).toEqual([[MONDAY, 61]]);
    await db.sql`UPDATE universes SET is_bundled = false`;
    expect(await planned('2026-04-03')).toEqual([]);
    expect((await db.sql`SELECT FROM universe_values`).count).toBe(0);
  });
});

describe('ranks in a stored universe', () => {
  /** The ranks of a stock on a day among the universe of Monday. */
  async function ranksOf(id: string, day: string) {
    const ranks = await db.sql.begin((tx) =>
      rankInUniverse(tx, { ids: [id], time: Date.parse(day), universe: Date.parse(MONDAY) }),
    );
    return defined(ranks.get(id), 'ranks');
  }

  test('equal those of the view for each of its own stocks, to the bit', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 70 });
    const id = await follow('AAPL', MONDAY);
    // Equal values and a missing one.
    const [same = '', holes = ''] = await seedInstruments(db.sql, ['SAME', 'HOLES']);
    await seedFeatures(db.sql, same, MONDAY, OWN);
    await seedFeatures(db.sql, holes, MONDAY, { ...OWN, rsi_14: null });
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol IN ('SAME', 'HOLES')`;
    await db.sql`UPDATE instruments SET currency = 'USD'`;
    await infer(MONDAY);
    const rows = await db.sql<Record<string, never>[]>`SELECT * FROM model_inputs WHERE ts = ${MONDAY}`;
    expect(rows).toHaveLength(73);
    for (const row of rows) {
      const ranks = await ranksOf(row.instrument_id as unknown as string, MONDAY);
      for (const input of RANKED_INPUTS.keys()) expect([input, ranks[input]]).toEqual([input, row[input]]);
    }
    expect((await ranksOf(id, MONDAY)).illiquidity_20_rank).toBeGreaterThan(0);
  });

  test('of another stock are those that it would have if it was added to them', async () => {
    await seedPeers(db.sql, [MONDAY], { count: 60 });
    await follow('AAPL', MONDAY);
    await infer(MONDAY);
    const cases: [number, number][] = [
      [-9, 0.5 / 62],
      [9, 61.5 / 62],
    ];
    for (const [ret_5d, rank] of cases) {
      const id = await follow(`OUT${ret_5d}`, TUESDAY, { ...OWN, ret_5d });
      expect(Math.fround((await ranksOf(id, TUESDAY)).ret_5d_rank ?? 0)).toBe(Math.fround(rank));
    }
    // In between, its rank is that of the view with it, except for its own shift of the others.
    const middle = await follow('MIDDLE', TUESDAY, { ...OWN, ret_5d: 0.0999 });
    const alone = (await ranksOf(middle, TUESDAY)).ret_5d_rank;
    await seedFeatures(db.sql, middle, MONDAY, { ...OWN, ret_5d: 0.0999 });
    const [added] = await db.sql<{ rank: number }[]>`
      SELECT ret_5d_rank AS rank FROM model_inputs WHERE ts = ${MONDAY} AND instrument_id = ${middle}`;
    expect(alone).toBe(added?.rank);
  });

  test('compare money in dollars, and in the only currency of the day', async () => {
    const [input = ''] = MONEY_RANKS;
    const rate = (currency: string, usd: number) =>
      db.sql`INSERT INTO exchange_rates (currency, ts, usd, source, fetched_at) VALUES (${currency}, ${FRIDAY}, ${usd}, 'yahoo', now())`;
    await seedPeers(db.sql, [MONDAY], { count: 60 });
    await db.sql`UPDATE instruments SET currency = 'EUR'`;
    const currencyOf = async (symbol: string, currency: string | null) => {
      const id = await follow(symbol, TUESDAY, { ...OWN, illiquidity_20: 0.1 });
      await db.sql`UPDATE instruments SET currency = ${currency} WHERE id = ${id}`;
      return id;
    };
    const [euro, dollar, unknown] = [
      await currencyOf('EURO', 'EUR'),
      await currencyOf('USDO', 'USD'),
      await currencyOf('NONE', null),
    ];
    const trigger = await follow('AAPL', MONDAY);
    await db.sql`UPDATE instruments SET currency = 'EUR' WHERE id = ${trigger}`;
    await infer(MONDAY);
    const place = async (id: string) => (await ranksOf(id, TUESDAY))[input] ?? null;
    expect(await place(euro)).toBeGreaterThan(0.3);
    // Without a rate, nothing compares euros with dollars.
    expect(await place(dollar)).toBeNull();
    await rate('EUR', 1.01);
    await infer(MONDAY);
    const inEuros = defined(await place(euro), 'rank in euros');
    const inDollars = defined(await place(dollar), 'rank in dollars');
    expect(inEuros).toBeGreaterThan(0.3);
    // One dollar is less than one euro, so an amount per dollar is less illiquid than the same per euro.
    expect(inDollars).not.toBe(inEuros);
    expect(await place(unknown)).toBeNull();
  });
});

describe('Week', () => {
  const DAY = 86_400_000;
  const day = (n: number, complete: number, stored = 0) => ({ time: n * DAY, complete, stored });

  test.each([
    ['the own day', [day(1, 500), day(2, 500)], { time: 2 * DAY, isStored: false }],
    ['an earlier stored day', [day(1, 1, 500), day(2, 249)], { time: DAY, isStored: true }],
    [
      'the own day from half of the largest',
      [day(1, 1, 500), day(2, 250)],
      { time: 2 * DAY, isStored: false },
    ],
    ['the newest earlier day', [day(0, 500), day(1, 300), day(2, 9)], { time: DAY, isStored: false }],
    ['the stored universe of the own day', [day(1, 500), day(2, 1, 400)], { time: 2 * DAY, isStored: true }],
    ['no later day', [day(2, 9), day(3, 500, 500)], undefined],
    ['nothing of fewer than fifty', [day(1, 49, 49), day(2, 49)], undefined],
    ['nothing without days', [], undefined],
  ])('chooses %s', (_, days, universe) => {
    expect(new Week(days).universeOf(2 * DAY)).toEqual(universe);
  });
});
