import { describe, expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import type { MarketServer } from './server.ts';
import { startSynthetic } from './support.ts';
import { NASDAQ } from './trading-hours.ts';

const HEADERS = { authorization: 'Token T', 'apca-api-key-id': 'K', 'apca-api-secret-key': 'S' };
const SYMBOLS = 'US001,US002,US003';
const ALPACA = `/v2/stocks/bars?symbols=${SYMBOLS}&start=2026-01-05&end=2026-03-31&limit=10000`;
const TIINGO = '/tiingo/daily/us001/prices?startDate=2026-01-05&endDate=2026-03-31';

const startAmerican = () => startSynthetic({ exchanges: [NASDAQ], actions: false });
const get = async ({ origin }: MarketServer, path: string) => {
  const response = await fetch(origin + path, { headers: HEADERS });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
};
/** An answer with a fault, after one without. */
async function spoilt(path: string, fault: Fault) {
  const server = await startAmerican();
  const good = await get(server, path);
  server.faults.add({ fault });
  return { server, good: good.body, bad: await get(server, path), record: server.requests.at(-1)?.fault };
}
type AlpacaBars = Record<string, { t: string; c: number }[]>;
const barsOf = (body: { bars: AlpacaBars }) => Object.values(body.bars).flat();

describe("Alpaca's refusals", () => {
  test('name the limit of requests, the key, the plan and a symbol', async () => {
    const limited = await spoilt(ALPACA, { kind: 'rate_limit', retryAfter: 3 });
    expect(limited.bad).toMatchObject({ status: 429, body: { message: 'too many requests.' } });
    expect(limited.bad.headers.get('x-ratelimit-remaining')).toBe('0');
    expect((await spoilt(ALPACA, { kind: 'key_refused' })).bad.status).toBe(403);
    const plan = await spoilt(ALPACA, { kind: 'plan_refused' });
    expect(plan.bad.body.message).toContain('subscription does not permit');
    const { bad, record } = await spoilt(ALPACA, { kind: 'symbol_refused' });
    expect(bad.status).toBe(400);
    expect(bad.body.message).toContain(`invalid symbol: ${record?.symbols[0]}`);
    expect(record?.symbols).toHaveLength(1);
  });
});

describe("Alpaca's pages", () => {
  test('lack a symbol, or have one that was not requested', async () => {
    const missing = await spoilt(ALPACA, { kind: 'symbol_missing' });
    expect(Object.keys(missing.bad.body.bars)).toEqual(
      SYMBOLS.split(',').filter((symbol) => symbol !== missing.record?.symbols[0]),
    );
    const { bad, record } = await spoilt(ALPACA, { kind: 'foreign_symbol' });
    expect(Object.keys(bad.body.bars)).toContain('ZZZZ');
    expect(record?.symbols).toEqual(SYMBOLS.split(','));
  });

  test('end in the middle, or come twice', async () => {
    const cut = await spoilt(ALPACA, { kind: 'page_cut' });
    expect(barsOf(cut.bad.body)).toEqual(barsOf(cut.good).slice(0, barsOf(cut.good).length >> 1));
    expect(cut.bad.body.next_page_token).toBeNull();
    const { bad, good, server } = await spoilt(ALPACA, { kind: 'page_repeated' });
    const again = await get(server, `${ALPACA}&page_token=${bad.body.next_page_token}`);
    expect(again.body.bars).toEqual(good.bars);
  });

  test('are restated for a split while they are read', async () => {
    const { good, bad } = await spoilt(ALPACA, { kind: 'page_restated', ratio: 4 });
    const [before, after] = [barsOf(good), barsOf(bad.body)];
    const factors = new Set(before.map(({ c }, i) => Number((c / (after[i]?.c ?? 0)).toFixed(6))));
    expect(factors).toEqual(new Set([1, 4]));
    expect(Object.values(bad.body.bars as AlpacaBars).map((bars) => bars.length)).toEqual(
      Object.values(good.bars as AlpacaBars).map((bars) => bars.length),
    );
  });

  test('have another form', async () => {
    expect((await spoilt(ALPACA, { kind: 'empty', form: 'null' })).bad.body.bars).toBeNull();
    expect((await spoilt(ALPACA, { kind: 'empty', form: 'list' })).bad.body.bars).toEqual([]);
    const { good, bad } = await spoilt(ALPACA, { kind: 'wrong_shape' });
    expect(bad.body.bars).not.toEqual(good.bars);
    const field = await spoilt(ALPACA, { kind: 'missing_field' });
    const hit = field.record?.symbols[0] ?? '';
    expect(field.bad.body.bars[hit][0]).not.toHaveProperty('c');
    expect((await spoilt(ALPACA, { kind: 'extra_fields' })).bad.body).toHaveProperty('currency');
  });
});

describe("Tiingo's answers", () => {
  test('refuse the token and a used-up allowance', async () => {
    const { bad } = await spoilt(TIINGO, { kind: 'key_refused' });
    expect(bad).toMatchObject({ status: 401, body: { detail: 'Invalid token.' } });
    for (const status of [200, 429] as const) {
      const used = await spoilt(TIINGO, { kind: 'daily_limit', status });
      expect(used.bad.status).toBe(status);
      expect(used.bad.body.detail).toContain('request allocation');
    }
  });

  test('have another form', async () => {
    expect((await spoilt(TIINGO, { kind: 'wrong_shape' })).bad.body).toHaveProperty('detail');
    expect((await spoilt(TIINGO, { kind: 'empty', form: 'list' })).bad.body).toEqual([]);
    const undated = await spoilt(TIINGO, { kind: 'empty', form: 'no_timestamps' });
    expect(undated.bad.body[0]).not.toHaveProperty('date');
    const field = await spoilt(TIINGO, { kind: 'missing_field', field: 'adjclose' });
    expect(field.bad.body[0]).not.toHaveProperty('adjClose');
  });

  test('announce splits and dividends for the wrong day, or with the wrong amount', async () => {
    type Row = { date: string; close: number; adjClose: number; divCash: number; splitFactor: number };
    const split = await spoilt(TIINGO, { kind: 'split_shifted', day: '2026-02-10', ratio: 4, sessions: 3 });
    const rows: Row[] = split.bad.body;
    expect(rows.find(({ splitFactor }) => splitFactor === 4)?.date.slice(0, 10)).toBe('2026-02-13');
    const changed = rows.filter(
      ({ adjClose }, i) => Math.abs(adjClose / split.good[i].adjClose - 0.25) < 1e-9,
    );
    expect(changed.map(({ date }) => date.slice(0, 10))).toEqual(['2026-02-10', '2026-02-11', '2026-02-12']);

    const [day, share] = ['2026-02-10', 0.02];
    const paid = async (fault: Fault) => {
      const { good, bad } = await spoilt(TIINGO, fault);
      const body: Row[] = bad.body;
      const at = body.findIndex(({ date }) => date.startsWith(day));
      expect((body[at - 1]?.adjClose ?? 0) / good[at - 1].adjClose).toBeCloseTo(1 - share, 9);
      expect(body[at]?.adjClose).toBe(good[at].adjClose);
      const told = body.findIndex(({ divCash }) => divCash > 0);
      return [told - at, (body[told]?.divCash ?? 0) / (body[told - 1]?.close ?? 0)];
    };
    expect(await paid({ kind: 'dividend_shifted', day, share, sessions: 4 })).toEqual([
      4,
      expect.closeTo(share, 9),
    ]);
    const misstated = await paid({ kind: 'dividend_misstated', day, share, times: 0.01 });
    expect(misstated).toEqual([0, expect.closeTo(share / 100, 9)]);
  });

  test('have the newest days after a split, and days in another unit', async () => {
    const late = await spoilt(TIINGO, { kind: 'split_late', ratio: 2, sessions: 2 });
    const factors = (good: { adjClose: number }[], bad: { adjClose: number }[]) =>
      bad.map(({ adjClose }, i) => Number((adjClose / (good[i]?.adjClose ?? 0)).toFixed(6)));
    expect(factors(late.good, late.bad.body).slice(-3)).toEqual([1, 0.5, 0.5]);
    const mixed = await spoilt(TIINGO, { kind: 'mixed_units', day: '2026-02-10', rows: 2, factor: 100 });
    expect(factors(mixed.good, mixed.bad.body).filter((factor) => factor === 100)).toHaveLength(2);
  });
});
