import { beforeAll, describe, expect, test } from 'vitest';
import { SIMULATED } from '../../../bench/simulated-market.ts';
import { checkSnapshot } from '../../../functions/features/snapshot-check.ts';
import { readCall, universeDayOf } from '../../../functions/infer/replay.ts';
import type { Bar, CorporateAction, Provider } from '../../../functions/ingest/providers/provider.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { toDay } from '../../../functions/shared/days.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { DAY, runDay, useSimulatedRun } from './replay-support.ts';

const [NEXT_DAY, THIRD_DAY] = ['2026-03-04', '2026-03-05'] as const;
const [CORRECTED, SPLIT, OTHER] = ['S00001', 'S00002', 'S00003'];

const run = useSimulatedRun(52);
const { db } = run;
let pipeline: Sql;
beforeAll(() => {
  pipeline = db.client('pipeline');
});

async function callOf(symbol: string, day: string = DAY) {
  const [row] = await db.sql<{ id: string }[]>`
    SELECT r.id FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
    WHERE i.symbol = ${symbol} AND r.as_of = ${day} AND profile = 'moderate'`;
  return defined(await readCall(pipeline, defined(row, `call for ${symbol}`).id), 'call');
}

async function check(
  symbol: string,
  day: string = DAY,
  change: { features_snapshot?: object; as_of?: Date } = {},
) {
  const call = await callOf(symbol, day);
  const features_snapshot = { ...call.features_snapshot, ...change.features_snapshot };
  return checkSnapshot(pipeline, { ...call, ...change, features_snapshot, universeDay: universeDayOf(call) });
}

/** The simulated market with another past of some stocks. */
function provider(
  change: (bar: Bar, symbol: string) => Bar,
  actions: (symbol: string) => CorporateAction[] = () => [],
): Provider {
  return {
    ...SIMULATED,
    fetchBars: async (request) => {
      const { bars } = await SIMULATED.fetchBars(request);
      return { bars: bars.map((bar) => change(bar, request.symbol)), actions: actions(request.symbol) };
    },
  };
}

/** A bar of the week before is corrected. */
const correct = (bar: Bar, symbol: string): Bar =>
  symbol === CORRECTED && toDay(bar.ts) === '2026-02-26'
    ? { ...bar, c: (bar.h + bar.l) / 2, v: bar.v + 5000 }
    : bar;

/** Each share becomes two on the third day, so that the vendor halves all earlier prices. */
const split = (bar: Bar, symbol: string): Bar => {
  const { ts, o, h, l, c, v } = correct(bar, symbol);
  return [SPLIT, CORRECTED].includes(symbol) ? { ts, o: o / 2, h: h / 2, l: l / 2, c: c / 2, v: v * 2 } : bar;
};
const splitActions = (symbol: string): CorporateAction[] =>
  [SPLIT, CORRECTED].includes(symbol) ? [{ exDay: THIRD_DAY, kind: 'split', value: 2 }] : [];

const storedFeature = async (symbol: string) => {
  const [row] = await db.sql<{ ret_20d: number; atr_14: number }[]>`
    SELECT ret_20d, atr_14 FROM features f JOIN instruments i ON i.id = f.instrument_id
    WHERE symbol = ${symbol} AND ts = ${DAY}`;
  return defined(row, `features of ${symbol}`);
};

describe('the snapshot of a call', () => {
  test('follows from the bars, as long as nothing has changed', async () => {
    for (const symbol of [CORRECTED, SPLIT, OTHER, 'S00051']) {
      expect(await check(symbol)).toEqual({
        follows: true,
        bars: { count: 262, assumed: 0, factor: 1 },
        tolerance: 1e-6,
        departures: [],
        unknown: [],
        others: { status: 'equal', departures: [] },
      });
    }
  });

  test.each(['ret_20d', 'atr_14', 'rsi_14', 'volume_zscore', 'up_share_231', 'close_price'])(
    'does not follow if a person changed %s, however little',
    async (name) => {
      const { features_snapshot } = await callOf(OTHER);
      const value = defined(features_snapshot[name], name);
      const other = name === 'close_price' ? value * (1 + 1e-8) : value * 1.00001;
      const { follows, departures } = await check(OTHER, DAY, { features_snapshot: { [name]: other } });
      expect(follows).toBe(false);
      expect(departures).toMatchObject([{ field: name }]);
    },
  );

  test('does not follow if a person changed a rank', async () => {
    expect(await check(OTHER, DAY, { features_snapshot: { ret_20d_rank: 0.987 } })).toMatchObject({
      follows: false,
      departures: [],
      others: { status: 'different', departures: [{ field: 'ret_20d_rank', published: 0.987 }] },
    });
  });

  test('does not follow for another day', async () => {
    const day = new Date('2026-03-02T00:00:00Z');
    expect((await check(OTHER, DAY, { as_of: day })).departures.length).toBeGreaterThan(20);
    // A Sunday, without a bar.
    const sunday = await check(OTHER, DAY, { as_of: new Date('2026-03-01T00:00:00Z') });
    expect(sunday).toMatchObject({ follows: false, others: { status: 'not_checked' } });
  });

  test('names the inputs that this version does not have', async () => {
    expect(await check(OTHER, DAY, { features_snapshot: { sentiment: 1 } })).toMatchObject({
      follows: true,
      unknown: ['sentiment'],
    });
  });

  test('follows after a correction, by the bar as it was', async () => {
    const before = await storedFeature(CORRECTED);
    await runDay(NEXT_DAY, provider(correct));
    // The features of the day have changed with the bar.
    expect(await storedFeature(CORRECTED)).not.toEqual(before);
    expect(await check(CORRECTED)).toMatchObject({
      follows: true,
      bars: { assumed: 0, factor: 1 },
      departures: [],
      others: { status: 'changed_since' },
    });
    // The call of the next day has read the correction, of which nothing but today's bar is stored.
    expect(await check(CORRECTED, NEXT_DAY)).toMatchObject({
      follows: true,
      bars: { assumed: 1, factor: 1 },
      tolerance: 1e-6,
      departures: [],
    });
  });

  test('follows after a split, by the bars as they were', async () => {
    const before = await storedFeature(SPLIT);
    await runDay(THIRD_DAY, provider(split, splitActions));
    expect((await storedFeature(SPLIT)).atr_14 / before.atr_14).toBeCloseTo(0.5, 5);
    for (const day of [DAY, NEXT_DAY])
      expect(await check(SPLIT, day)).toMatchObject({
        follows: true,
        bars: { assumed: 0, factor: 0.5 },
        tolerance: 1e-6,
        departures: [],
      });
  });

  test("follows after a split from today's bar, where that of the call is not stored", async () => {
    expect(await check(CORRECTED, NEXT_DAY)).toMatchObject({
      follows: true,
      bars: { assumed: 1, factor: 0.5 },
      tolerance: 1e-4,
      departures: [],
    });
    expect(await check(CORRECTED, DAY)).toMatchObject({ follows: true, bars: { assumed: 0 } });
  });

  test('follows from no bar that was stored after the call', async () => {
    await db.sql`
      UPDATE price_bars SET created_at = now() + interval '1 hour'
      WHERE ts = '2026-02-20' AND instrument_id = (SELECT id FROM instruments WHERE symbol = ${OTHER})`;
    expect(await check(OTHER)).toMatchObject({ follows: false, bars: { count: 261 } });
  });
});
