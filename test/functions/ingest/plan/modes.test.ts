import { describe, expect, test } from 'vitest';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { useStore } from '../store-support.ts';
import { bar, RUN, seedBars, seedInstruments } from '../support.ts';

const store = useStore({ instruments: ['AAPL', 'IBM'], partitions: ['2018-01-01', '2027-12-31'] });
const { db } = store;

const plan = (input: unknown, options: { runId?: string; now?: string } = {}) =>
  planRun({ runId: options.runId ?? RUN, input }, store.sql, {
    provider: 'csv',
    now: new Date(options.now ?? '2026-03-06T22:30:00Z'),
  });
const storeBars = (...days: string[]) =>
  seedBars(
    db.sql,
    store.id('AAPL'),
    days.map((day) => bar(day, 100)),
  );

describe('a run that is planned again', () => {
  test('keeps its plan even after midnight and after bars were stored', async () => {
    await storeBars('2018-03-06', '2026-02-20');
    const first = await plan({});
    await storeBars('2026-03-06');
    await seedInstruments(db.sql, ['NEW']);
    expect(await plan({}, { now: '2026-03-07T00:10:00Z' })).toEqual(first);
    expect(await plan({}, { runId: 'another' })).not.toEqual({ ...first, runId: 'another' });
  });

  test('is planned anew with another input', async () => {
    await plan({});
    expect(await plan({ symbols: ['IBM'] })).toMatchObject({ instruments: 1 });
    const runs = await db.sql`SELECT instruments, input FROM pipeline_runs`;
    expect([...runs]).toEqual([{ instruments: 1, input: { mode: 'daily', symbols: ['IBM'] } }]);
  });

  test.each(['{}', '{"mode":"daily"}'])(
    'is planned from the start if it has no batches (%s)',
    async (input) => {
      await db.sql`
      INSERT INTO pipeline_runs (id, input, status, error)
      VALUES (${RUN}, ${input}::text::jsonb, 'failed', 'no instruments')`;
      expect(await plan({})).toMatchObject({ instruments: 2, asOf: '2026-03-06' });
      const [run] = await db.sql`SELECT status, mode, error, input FROM pipeline_runs`;
      expect(run).toEqual({ status: 'running', mode: 'daily', error: null, input: { mode: 'daily' } });
    },
  );
});

test('records the batches that a replay needs', async () => {
  await storeBars('2018-03-06', '2026-03-05');
  await plan({});
  const [run] = await db.sql`SELECT batches FROM pipeline_runs`;
  expect(run?.batches).toEqual([
    { from: '2018-03-06', symbols: ['IBM'] },
    { from: '2026-02-26', symbols: ['AAPL'] },
  ]);
});

test('makes partitions for the whole history, which a restatement may need', async () => {
  await db.sql`DROP TABLE price_bars_2018, features_2018`;
  await storeBars('2019-03-06', '2026-03-05');
  await plan({ symbols: ['AAPL'], from: '2026-03-01' });
  expect(await db.sql`SELECT 1 FROM pg_class WHERE relname = 'price_bars_2018_daily'`).toHaveLength(1);
});

describe('an intraday run', () => {
  test('fetches no reference instruments', async () => {
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'AAPL'`;
    expect((await plan({ mode: 'intraday' })).batches).toMatchObject([{ symbols: ['IBM'] }]);
    const { batches } = await plan({}, { runId: 'daily' });
    expect(batches).toMatchObject([{ symbols: ['IBM'] }, { symbols: ['AAPL'], isReference: true }]);
  });

  test('fetches the whole retention window even if its bars are stored', async () => {
    await plan({ mode: 'intraday' });
    await db.sql`
      INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
      VALUES (${store.id('AAPL')}, '2026-03-06T15:00:00Z', 1, 1, 1, 1, 1, '15m')`;
    const later = await plan({ mode: 'intraday' }, { runId: 'later' });
    expect(later.batches).toMatchObject([{ interval: '15m', from: '2026-02-04', symbols: ['AAPL', 'IBM'] }]);
  });

  test('fetches from the retained days when it is as of an earlier day', async () => {
    expect(await plan({ mode: 'intraday', to: '2026-02-20' })).toMatchObject({
      asOf: '2026-02-20',
      batches: [{ from: '2026-02-04', asOf: '2026-02-20' }],
    });
    expect(await plan({ mode: 'intraday', from: '2026-03-02' })).toMatchObject({
      batches: [{ from: '2026-03-02' }],
    });
  });

  test.each([
    ['from', { from: '2026-02-03' }],
    ['to', { to: '2026-02-03' }],
  ])('is refused if its %s is before the retention window', async (key, days) => {
    const day = '2026-02-03';
    await expect(plan({ mode: 'intraday', ...days })).rejects.toThrow(
      new BadInputError(
        `pipeline input: ${key}: 15-minute bars are kept for 30 days, and ${day} is before 2026-02-04`,
      ),
    );
  });

  test('makes partitions for a week ahead', async () => {
    await plan({ mode: 'intraday' });
    const rows = await db.sql`
      SELECT min(relname) AS first, max(relname) AS last, count(*)::int AS n FROM pg_class
      WHERE relname ~ '^price_bars_2026_15m_[0-9]{4}$'`;
    expect([...rows]).toEqual([
      { first: 'price_bars_2026_15m_0204', last: 'price_bars_2026_15m_0313', n: 38 },
    ]);
  });
});
