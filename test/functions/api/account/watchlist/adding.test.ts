import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpoints } from '../../../../../functions/api/account/endpoints.ts';
import { LOOKUPS_PER_HOUR } from '../../../../../functions/api/account/watchlist/lookup-rate.ts';
import { selectSymbolLookup } from '../../../../../functions/api/account/watchlist/selected-symbol-lookup.ts';
import { groupHandler } from '../../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../../functions/api/services.ts';
import { lookUpSymbols } from '../../../../../functions/ingest/look-up.ts';
import { openProvider } from '../../../../../functions/ingest/providers/open.ts';
import { ENV } from '../../../../../functions/shared/constants.ts';
import { type MarketServer, startMarket } from '../../../../market/server.ts';
import { syntheticMarket } from '../../../../market/synthetic.ts';
import { LONDON, NASDAQ } from '../../../../market/trading-hours.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../../api-client.ts';
import { seedInstrument } from '../../market/support.ts';
import { useApi } from '../../use-api.ts';

const db = useApi();
const client = new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
let vendor: MarketServer;
let user: TestUser;

beforeAll(async () => {
  const market = syntheticMarket({ instruments: 40, days: 60, seed: 7, exchanges: [NASDAQ, LONDON] });
  vendor = await startMarket({ market });
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  vi.stubEnv(ENV.provider, 'yahoo');
  vi.stubEnv('YAHOO_ORIGIN', vendor.origin);
  selectSymbolLookup({
    lookUp: async (symbols) => lookUpSymbols(await openProvider(process.env), symbols, 3000),
  });
});
afterAll(async () => {
  selectSymbolLookup(undefined);
  await vendor.close();
});
beforeEach(async () => {
  user = await signedInUser(db);
});
afterEach(() => setRule('anyone', 100));

function setRule(adders: string, limit: number): void {
  vi.stubEnv(ENV.instrumentAdders, adders);
  vi.stubEnv(ENV.addedInstrumentsLimit, String(limit));
}

const follow = (symbol: string, who = user) =>
  client.ask('PUT', `/v1/me/watchlist/${symbol}`, { accessToken: who.accessToken });
const paste = async (text: string) =>
  (
    await client.ask<{ items: { symbol: string; outcome: string; reason: string | null }[] }>(
      'POST',
      '/v1/me/watchlist/import',
      { accessToken: user.accessToken, body: { text } },
    )
  ).body.items;
const stored = (symbol: string) => db.sql`
  SELECT exchange, name, sector, purpose, is_active, a.added_by FROM instruments i
  LEFT JOIN added_instruments a ON a.instrument_id = i.id WHERE symbol = ${symbol} ORDER BY i.id`;
const countAdded = async () => (await db.sql`SELECT FROM added_instruments`).length;

describe('following a symbol that no run covers', () => {
  test('adds it as the vendor describes it, and says that its first call is pending', async () => {
    const { body, status } = await follow('us001');
    expect(status).toBe(200);
    expect(body).toMatchObject({ symbol: 'US001', state: 'pending', name: expect.any(String), call: null });
    expect(await stored('US001')).toEqual([
      {
        exchange: expect.stringContaining('Nasdaq'),
        name: body.name,
        sector: expect.any(String),
        purpose: 'recommended',
        is_active: true,
        added_by: user.userId,
      },
    ]);
  });

  test('adds it once for concurrent users, who all follow it', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => signedInUser(db)));
    const answers = await Promise.all(users.map((who) => follow('US003', who)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await stored('US003')).toHaveLength(1);
  });

  test('is refused for a symbol that the vendor does not know, with what to check', async () => {
    const { detail } = expectProblem(await follow('NONE'), 404, 'unknown-instrument');
    expect(detail).toContain('the suffix of its exchange, as in VOD.L');
    expect(await stored('NONE')).toEqual([]);
  });

  test('is refused with 503 while the vendor is down, and stores nothing', async () => {
    const recover = vendor.faults.add({ fault: { kind: 'missing_field' }, times: Number.POSITIVE_INFINITY });
    const answer = await follow('US005-B');
    recover();
    const { detail } = expectProblem(answer, 503, 'vendor-unreachable');
    expect(detail).toBe('The source of prices did not answer. Nothing was changed. Try again in a minute.');
    expect(answer.headers['retry-after']).toBe('60');
    expect(await stored('US005-B')).toEqual([]);
    expect((await follow('US005-B')).status).toBe(200);
  });

  test('reactivates an inactive instrument of the exchange, with its history', async () => {
    await seedInstrument(db.sql, 'US007', { isActive: false, exchange: 'UNKNOWN', name: 'Old name' });
    expect((await follow('US007')).status).toBe(200);
    expect(await stored('US007')).toMatchObject([
      { name: 'Old name', is_active: true, added_by: user.userId },
    ]);
  });

  test('adds another instrument if an inactive one of the symbol is from another exchange', async () => {
    await seedInstrument(db.sql, 'US009', { isActive: false, exchange: 'XETRA' });
    expect((await follow('US009')).status).toBe(200);
    expect(await stored('US009')).toMatchObject([{ is_active: false }, { is_active: true }]);
  });

  test('gives calls to an instrument that others are compared with, and to the benchmark', async () => {
    await seedInstrument(db.sql, 'US011');
    await seedInstrument(db.sql, 'US013');
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'US011'`;
    await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'US013'`;
    expect((await follow('US011')).body).toMatchObject({ state: 'pending' });
    expect((await follow('US013')).body).toMatchObject({ state: 'pending' });
    expect(await stored('US011')).toMatchObject([{ purpose: 'both' }]);
    expect(await stored('US013')).toMatchObject([{ purpose: 'recommended' }]);
  });

  test.each([
    ['admins', 'Only administrators may add stocks here.'],
    ['off', 'This installation adds no stocks for its users.'],
    ['sample', 'This installation shows the bundled sample'],
    ['file', 'This installation reads its prices from a file'],
  ])('is refused without a lookup if the setting is %s', async (adders, reason) => {
    setRule(adders, 100);
    const before = vendor.requests.length;
    const { detail } = expectProblem(await follow('US021'), 403, 'not-allowed');
    expect(detail).toContain(reason);
    expect(await paste('US021')).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining(reason) },
    ]);
    expect(vendor.requests).toHaveLength(before);
    expect(await stored('US021')).toEqual([]);
  });

  test('is for administrators if the setting is admins', async () => {
    setRule('admins', 100);
    const admin = await signedInUser(db, { isAdmin: true });
    expect((await follow('US023', admin)).status).toBe(200);
    expect((await follow('US023')).status).toBe(200);
  });

  test('stops at the limit of the installation, also for concurrent users, and continues below it', async () => {
    setRule('anyone', (await countAdded()) + 2);
    const symbols = ['LN002.L', 'LN004.L', 'LN006.L', 'LN008.L', 'LN010.L', 'LN012.L'];
    const users = await Promise.all(symbols.map(() => signedInUser(db)));
    const answers = await Promise.all(symbols.map((symbol, i) => follow(symbol, users[i])));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.detail).toContain('which is its limit. Ask an administrator');
    const rows = await db.sql`SELECT id FROM instruments WHERE symbol ~ '^LN'`;
    expect(rows).toHaveLength(2);
    await db.sql`UPDATE instruments SET is_active = false WHERE id = ${rows[0]?.id}`;
    expect((await follow('LN014.L')).status).toBe(200);
    expectProblem(await follow('LN016.L'), 409, 'conflict');
  });

  test('stops after some lookups an hour', async () => {
    const lists = Array.from({ length: LOOKUPS_PER_HOUR / 10 }, (_, list) =>
      Array.from({ length: 10 }, (_, i) => `ZZ${list}${i}`).join(' '),
    );
    for (const list of lists) expect((await paste(list))[0]?.outcome).toBe('unknown');
    const refused = await follow('ZZ');
    expectProblem(refused, 429, 'too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3600);
    expect((await follow('ZZ', await signedInUser(db))).status).toBe(404);
  });
});

describe('an import of symbols that no run covers', () => {
  test('adds ten at a time, and continues when it is repeated', async () => {
    const symbols = [25, 27, 29, 31, 33, 35, 37, 39].map((n) => `US0${n}`);
    const market = [...symbols, 'LN018.L', 'NONE', 'LN020.L'].map((symbol) =>
      vendor.market.symbols().includes(`${symbol}-B`) ? `${symbol}-B` : symbol,
    );
    const first = await paste(market.join(','));
    expect(first.map(({ outcome }) => outcome)).toEqual([...Array(9).fill('added'), 'unknown', 'not_tried']);
    expect(first.at(-1)?.reason).toBe('At most 10 new symbols are looked up at a time. Import it again.');
    const second = await paste(market.join(','));
    expect(second.map(({ outcome }) => outcome)).toEqual([
      ...Array(9).fill('already_followed'),
      'unknown',
      'added',
    ]);
  });

  test('follows what runs cover while the vendor is down', async () => {
    await seedInstrument(db.sql, 'HERE');
    const recover = vendor.faults.add({ fault: { kind: 'missing_field' }, times: Number.POSITIVE_INFINITY });
    const outcomes = await paste('LN022.L HERE');
    recover();
    expect(outcomes).toEqual([
      {
        symbol: 'LN022.L',
        outcome: 'not_tried',
        reason: 'The source of prices did not answer. Import it again.',
      },
      { symbol: 'HERE', outcome: 'followed', reason: null },
    ]);
  });
});
