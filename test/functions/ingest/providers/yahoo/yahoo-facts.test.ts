import { describe, expect, test, vi } from 'vitest';
import { NotFoundError } from '../../../../../functions/ingest/providers/errors.ts';
import { type ChartRow, dividend } from './charts.ts';
import { answer, days, FRIDAY, fetchAll, fetchBars, MONDAY, seconds, TUESDAY } from './yahoo-support.ts';

const WEEK = [FRIDAY, MONDAY, TUESDAY];
const without = (rows: readonly ChartRow[]) => rows.map(([...row]): ChartRow => [...row.with(5, 0)] as never);

describe('fields that no bar depends on', () => {
  test.each([
    ['a currency', { currency: null }],
    ['a first trading day', { firstTradeDate: null }],
    ['the time of the last trade', { regularMarketTime: undefined }],
    ['a kind of instrument', { instrumentType: undefined }],
    ['a price', { regularMarketPrice: null, chartPreviousClose: null, priceHint: null }],
    ['valid ranges', { validRanges: null, dataGranularity: null, range: null }],
    ['the hours before and after', { currentTradingPeriod: { regular: hours() } }],
    ['a known form of the periods', { tradingPeriods: 'none' }],
    ['a UTC offset', { gmtoffset: null, timezone: null }],
  ])('may be missing: reads bars without %s', async (_, meta) => {
    answer(WEEK, meta);
    expect(await fetchBars()).toHaveLength(3);
  });

  function hours() {
    return { start: seconds('2024-03-05T14:30Z'), end: seconds('2024-03-05T21:00Z') };
  }
});

describe('facts of a chart', () => {
  test('are the currency, the exchange, its time zone, and the volume', async () => {
    answer(WEEK);
    expect(await fetchAll()).toMatchObject({
      currency: 'USD',
      exchange: 'NasdaqGS',
      timeZone: 'America/New_York',
      tradesEveryDay: false,
      hasVolume: true,
    });
  });

  test('leave out a currency that is not stated', async () => {
    answer(WEEK, { currency: null });
    expect(await fetchAll()).not.toHaveProperty('currency');
  });

  test.each(['CURRENCY', 'MUTUALFUND', 'INDEX'])('say that a %s has no volume', async (instrumentType) => {
    answer(without(WEEK), { instrumentType });
    expect((await fetchAll()).hasVolume).toBe(false);
    answer(WEEK, { instrumentType });
    expect((await fetchAll()).hasVolume).toBe(true);
  });

  test('do not excuse a share that has no volume', async () => {
    answer(without(WEEK));
    expect((await fetchAll()).hasVolume).toBe(true);
  });

  test('say that a cryptocurrency trades every day', async () => {
    answer(WEEK, { instrumentType: 'CRYPTOCURRENCY' });
    expect((await fetchAll()).tradesEveryDay).toBe(true);
  });

  test('convert pence to pounds, also of dividends', async () => {
    answer([FRIDAY, MONDAY, TUESDAY], { currency: 'GBp' }, { events: dividend(MONDAY[0], 4) });
    const { bars, actions, currency } = await fetchAll();
    expect(currency).toBe('GBP');
    expect(bars[0]).toMatchObject({ o: 1.795, c: 1.797, v: 73_488_000 });
    expect(actions).toEqual([{ exDay: '2024-03-04', kind: 'dividend', value: 0.04 }]);
  });

  test('give the factor of adjustment where it changes', async () => {
    answer([
      [FRIDAY[0], 100, 101, 99, 100, 5, 98],
      [MONDAY[0], 100, 101, 99, 100, 5, 98],
      [TUESDAY[0], 98, 99, 97, 98, 5, 98],
    ]);
    expect((await fetchAll()).adjustments).toEqual([
      [Date.UTC(2024, 2, 1), 0.98],
      [Date.UTC(2024, 2, 5), 1],
    ]);
  });
});

test.each([
  ['a delisted exchange', { exchangeName: 'YHD' }],
  ['an alternative symbol', { instrumentType: 'ALTSYMBOL' }],
  ['no currency and no first day', { currency: null, firstTradeDate: null }],
])('reports the stub of a renamed symbol, with %s, as not found', async (_, meta) => {
  answer([], meta);
  await expect(fetchAll()).rejects.toThrow(NotFoundError);
});

describe('rows that are stamped on the evening before', () => {
  const row = (instant: string, c: number): ChartRow => [seconds(instant), c, c, c, c, 5, c];
  const session = (day: string) => ({
    regular: { start: seconds(`${day}T13:00Z`), end: seconds(`${day}T20:00Z`) },
  });
  const saoPaulo = {
    exchangeTimezoneName: 'America/Sao_Paulo',
    currentTradingPeriod: session('2024-03-06'),
  };

  test.each(['01:00Z', '02:00Z'])('belong to their own day (%s)', async (time) => {
    vi.stubEnv('CLOCK', '2024-03-07T12:00:00Z');
    // 22:00 or 23:00 of the evening before in Sao Paulo, among rows that are stamped with the open.
    const rows = [row('2024-03-01T13:00Z', 1), row(`2024-03-04T${time}`, 2), row('2024-03-05T13:00Z', 3)];
    answer(rows, saoPaulo);
    expect(await days()).toEqual(
      ['2024-03-01', '2024-03-04', '2024-03-05'].map((day) => `${day}T00:00:00.000Z`),
    );
  });

  test('are kept next to a row of the day before', async () => {
    vi.stubEnv('CLOCK', '2024-03-07T12:00:00Z');
    answer([row('2024-03-04T13:00Z', 1), row('2024-03-05T02:00Z', 2), row('2024-03-06T13:00Z', 3)], saoPaulo);
    expect((await fetchBars({ to: '2024-03-06' })).map(({ c }) => c)).toEqual([1, 2, 3]);
  });

  test('are open while the session of their own day is', async () => {
    const rows = [row('2024-03-05T13:00Z', 1), row('2024-03-06T02:00Z', 2)];
    vi.stubEnv('CLOCK', '2024-03-06T19:00:00Z');
    answer(
      rows,
      { ...saoPaulo, regularMarketTime: seconds('2024-03-06T19:00Z') },
      { date: '2024-03-06T19:00Z' },
    );
    expect(await fetchBars({ to: '2024-03-06' })).toHaveLength(1);
    vi.stubEnv('CLOCK', '2024-03-06T21:00:00Z');
    answer(
      rows,
      { ...saoPaulo, regularMarketTime: seconds('2024-03-06T20:00Z') },
      { date: '2024-03-06T21:00Z' },
    );
    expect(await fetchBars({ to: '2024-03-06' })).toHaveLength(2);
  });

  test('are of that evening where the row is the last quote of an asset that trades all day', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T22:30:00Z');
    const meta = {
      exchangeTimezoneName: 'UTC',
      instrumentType: 'CRYPTOCURRENCY',
      currentTradingPeriod: {
        regular: { start: seconds('2024-03-05T00:00Z'), end: seconds('2024-03-05T23:59Z') },
      },
    };
    answer([row('2024-03-04T00:00Z', 1), row('2024-03-05T22:00Z', 2)], meta, { date: '2024-03-05T22:30Z' });
    expect(await fetchBars({ to: '2024-03-06' })).toHaveLength(1);
  });
});

test('keeps two rows of one day, for the quality gate to decide on', async () => {
  const [start] = MONDAY;
  answer([FRIDAY, MONDAY, [start + 3600, 1, 2, 1, 2, 5, 2], TUESDAY]);
  expect((await fetchBars()).map(({ ts, c }) => [new Date(ts).getUTCDate(), c])).toEqual([
    [1, 179.7],
    [4, 175.1],
    [4, 2],
    [5, 170.1],
  ]);
});
