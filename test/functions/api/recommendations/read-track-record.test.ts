import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { trackRecordCsv } from '../../../../functions/api/recommendations/export-track-record.ts';
import { readTrackRecord } from '../../../../functions/api/recommendations/read-track-record.ts';
import { TrackRecord, TrackRecordQuery } from '../../../../functions/api/recommendations/track-record.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../../../support/database.ts';
import { clientView } from '../market/support.ts';
import { emptyStore, NOW, seedModelAndRun, seedRecommendation } from './support.ts';
import {
  DAYS,
  expectedRecord,
  randomCalls,
  randomMarket,
  storeCalls,
  storeMarket,
  storeOutcomes,
} from './track-record-world.ts';

const db = useTestDatabase();
let api: Sql;
let pipeline: Sql;
beforeAll(() => {
  api = db.client('api');
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE track_record_market_returns`;
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
  await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
});

const read = async (query: Record<string, string> = {}) =>
  clientView(
    TrackRecord,
    await readTrackRecord(api, TrackRecordQuery.parse(query), { now: NOW, notice: 'Sample data.' }),
  );

/** The values of a record without their intervals, as `expectedRecord` computes them. */
const values = ({ calls, groups, calibration, rankIc }: TrackRecord) =>
  JSON.parse(
    JSON.stringify({ calls, groups, calibration, rankIc }, (key, value) => {
      if (key === 'verdict' || key === 'hitRateLessBase') return undefined;
      if (typeof value !== 'object' || value === null || !('low' in value)) return value;
      const { low, high, ...rest } = value;
      return Object.keys(rest).length > 1 ? rest : rest.value;
    }),
  );

/** Numbers compared to nine digits. */
function near(expected: unknown): unknown {
  if (typeof expected === 'number')
    return Number.isInteger(expected)
      ? expected
      : Number.isNaN(expected)
        ? null
        : expect.closeTo(expected, 9);
  if (Array.isArray(expected)) return expected.map(near);
  if (typeof expected !== 'object' || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, near(value)]));
}

const market = randomMarket(7);
const calls = randomCalls(11);
const isLive = ({ asOf, generatedAt }: { asOf: string; generatedAt: string }) =>
  Date.parse(generatedAt.slice(0, 10)) - Date.parse(asOf) <= 4 * 86_400_000;
const live = calls.filter(isLive);

/** The order of instruments of equal momentum. */
async function instrumentOrder(): Promise<(instrument: number) => string> {
  const rows = await db.sql<{ symbol: string; id: string }[]>`SELECT symbol, id FROM instruments`;
  const ids = new Map(rows.map(({ symbol, id }) => [symbol, id]));
  return (instrument) => ids.get(`S${instrument}`) as string;
}

async function store(): Promise<(instrument: number) => string> {
  await storeCalls(db.sql, calls);
  await storeMarket(pipeline, market);
  await storeOutcomes(pipeline, calls);
  return instrumentOrder();
}

describe('the figures', () => {
  test('equal those computed from each call', async () => {
    const place = await store();
    const record = await read();
    expect(values(record)).toEqual(near(expectedRecord(live, market, {}, place)));
    expect(record).toMatchObject({
      kind: 'live',
      from: DAYS[0],
      to: DAYS.at(-1),
      days: DAYS.length,
      firstResultDay: null,
      horizonDays: 5,
      benchmark: 'SPY',
      costBasisPoints: 10,
      step: 'day',
      notice: 'Sample data.',
    });
    expect(record.models.map(({ modelVersion, modelDataTo }) => [modelVersion, modelDataTo])).toEqual([
      ['v1.2.3', '2015-12-31'],
      ['v1.1.0', '2014-12-31'],
    ]);
    expect(record.models.reduce((sum, model) => sum + model.calls, 0)).toBe(record.calls);
  });

  test.each([
    { profile: 'moderate' },
    { model: 'v1.1.0' },
    { from: DAYS[2] as string, to: DAYS[5] as string },
    { profile: 'aggressive', model: 'v1.2.3', from: DAYS[1] as string },
  ])('follow the filters %o', async (query) => {
    const place = await store();
    expect(values(await read(query))).toEqual(near(expectedRecord(live, market, query, place)));
  });

  test('are the same whether the market, the outcomes or a part of the outcomes come first', async () => {
    await store();
    const expected = values(await read());
    await emptyStore(db.sql);
    await db.sql`TRUNCATE track_record_market_returns`;
    await seedModelAndRun(db.sql);
    await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
    await storeCalls(db.sql, calls);
    await storeOutcomes(pipeline, calls.slice(0, 300));
    expect(values(await read())).toEqual(
      near(expectedRecord(calls.slice(0, 300).filter(isLive), [], {}, await instrumentOrder())),
    );
    await storeMarket(pipeline, market);
    await storeOutcomes(pipeline, calls.slice(300));
    expect(values(await read())).toEqual(near(JSON.parse(JSON.stringify(expected))));
  });

  test('of other kinds are never mixed with live ones', async () => {
    const place = await store();
    const backdated = calls.filter((call) => !isLive(call));
    expect(backdated.length).toBeGreaterThan(50);
    expect(values(await read({ kind: 'backdated' }))).toEqual(
      near(expectedRecord(backdated, market, {}, place)),
    );
    expect(await read({ kind: 'sample' })).toMatchObject({ kind: 'sample', calls: 0, groups: [] });
  });

  test('have points whose sums are those of the BUY calls', async () => {
    await store();
    const { series, groups } = await read();
    for (const { profile, points } of series) {
      const { close } = groups.find(
        (group) => group.profile === profile && group.label === 'BUY',
      ) as TrackRecord['groups'][0];
      const whole = points.reduce((sum, point) => sum + point.calls, 0);
      const mean = points.reduce((sum, point) => sum + point.calls * point.lessAveragePct, 0) / whole;
      expect(whole).toBe(close.calls);
      expect(mean).toBeCloseTo(close.beforeCosts.lessAveragePct.value as number, 9);
      expect(points.at(-1)?.cumulativeLessAveragePct.value).toBeCloseTo(mean, 9);
      expect(points.map(({ day }) => day)).toEqual(DAYS);
      expect(points[3]?.lessBenchmarkPct).toBeNull();
    }
  });

  test('need two blocks of days for an interval and a verdict', async () => {
    await store();
    // Seven days are two blocks of three days, and not two of five.
    for (const { verdict, low } of (await read()).groups.map(({ close }) => ({
      verdict: close.verdict,
      low: close.beforeCosts.lessAveragePct.low,
    }))) {
      expect(low).toBeNull();
      expect([null, 'tooEarly']).toContain(verdict);
    }
    for (const { label, close, hitRate } of (await read({ model: 'v1.2.3' })).groups) {
      const { value, low, high } = close.beforeCosts.lessAveragePct;
      expect([low, value, high]).toEqual(
        [low, value, high].toSorted((a, b) => (a as number) - (b as number)),
      );
      expect(low).not.toBeNull();
      expect(hitRate.low === null).toBe(label === 'HOLD');
    }
  });
});

describe('a record without results', () => {
  test('is empty', async () => {
    expect(await read()).toMatchObject({
      from: null,
      to: null,
      calls: 0,
      groups: [],
      calibration: null,
      models: [],
      series: [],
      firstResultDay: null,
      rankIc: { days: 0, value: null },
    });
  });

  test('says when the first result comes', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-02-25', isActive: false });
    await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-02-26' });
    await seedRecommendation(db.sql, {
      symbol: 'AAPL',
      asOf: '2026-02-24',
      isActive: false,
      generatedAt: '2026-03-02T00:00:00Z',
    });
    expect(await read()).toMatchObject({ firstResultDay: '2026-03-25' });
  });
});

test('counts the calls that have no result although their horizon has passed', async () => {
  const gone = { symbol: 'GONE', isActive: false };
  await seedRecommendation(db.sql, { ...gone, asOf: '2026-01-05' });
  await seedRecommendation(db.sql, { ...gone, asOf: '2026-01-06', profile: 'aggressive' });
  await seedRecommendation(db.sql, { ...gone, asOf: '2026-01-07', generatedAt: '2026-02-01T22:00:00Z' });
  await seedRecommendation(db.sql, { ...gone, asOf: '2026-01-20' });
  const overdue = async (query: Record<string, string>) => (await read(query)).overdue;
  expect(await overdue({})).toBe(2);
  expect(await overdue({ profile: 'moderate' })).toBe(1);
  expect(await overdue({ from: '2026-01-06' })).toBe(1);
  expect(await overdue({ kind: 'backdated' })).toBe(1);
  expect(await overdue({ model: 'v1.1.0' })).toBe(0);
});

test('counts days beyond 2038, whose seconds need more than 32 bits', async () => {
  const id = await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2040-03-01' });
  await db.sql`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct, realised_label)
    VALUES (${id}, '2040-03-29', 100, 101, 1, 'BUY')`;
  expect(await read()).toMatchObject({ calls: 1, from: '2040-03-01', to: '2040-03-01' });
});

test('refuses a range that ends before it begins, and an unknown model', async () => {
  await expect(read({ from: '2026-02-01', to: '2026-01-01' })).rejects.toMatchObject({
    code: 'invalid-request',
  });
  await expect(read({ model: 'v9.9.9' })).rejects.toMatchObject({ code: 'unknown-model' });
});

test.each([{ from: 'yesterday' }, { kind: 'all' }, { profile: 'bold' }, { model: '1' }, { label: 'BUY' }])(
  'does not accept the query %o',
  (query) => {
    expect(TrackRecordQuery.safeParse(query).success).toBe(false);
  },
);

test('exports the groups as CSV', async () => {
  await store();
  const record = await read({ model: 'v1.2.3' });
  const [header = '', ...lines] = trackRecordCsv(record).trimEnd().split('\r\n');
  const columns = header.split(',');
  expect(columns.slice(0, 8)).toEqual([
    'kind',
    'profile',
    'label',
    'calls',
    'days',
    'hitRate',
    'hitRate.low',
    'hitRate.high',
  ]);
  expect(lines).toHaveLength(record.groups.length);
  for (const [i, line] of lines.entries()) {
    const row = Object.fromEntries(line.split(',').map((value, column) => [columns[column], value]));
    const group = record.groups[i] as TrackRecord['groups'][0];
    expect(Object.keys(row)).toHaveLength(columns.length);
    expect(row).toMatchObject({
      kind: 'live',
      label: group.label,
      'hitRate.low': String(group.hitRate.low ?? ''),
      'open.afterCosts.lessAveragePct.high': String(group.open.afterCosts.lessAveragePct.high ?? ''),
      'close.verdict': group.close.verdict ?? '',
    });
  }
  expect(trackRecordCsv(await read({ kind: 'sample' }))).toBe(`${header}\r\n`);
});

test('lets no role count by hand', async () => {
  for (const sql of [api, pipeline, db.client('training')])
    for (const call of [
      "count_track_record_days('{}', '{}')",
      'count_track_record()',
      'count_market_returns()',
    ])
      expect(await outcomeOf(sql, `SELECT ${call}`)).toBe(DENIED);
});

test('reads day counts, and of calls only what counts the overdue ones', async () => {
  await store();
  const tables = db.sql`recommendations, recommendation_outcomes, price_bars, features`;
  await db.sql`REVOKE SELECT ON ${tables} FROM boursomatic_api`;
  await db.sql`GRANT SELECT (id, kind, profile, model_version_id) ON recommendations TO boursomatic_api`;
  try {
    expect((await read()).calls).toBeGreaterThan(0);
    // While there are none, it looks for the oldest call.
    await expect(read({ kind: 'sample' })).rejects.toMatchObject({ code: DENIED });
  } finally {
    await db.sql`REVOKE SELECT ON recommendations FROM boursomatic_api`;
    await db.sql`GRANT SELECT ON ${tables} TO boursomatic_api`;
  }
});
