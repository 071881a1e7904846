import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createInstrument,
  deactivateInstrument,
  InstrumentChange,
  NewInstrument,
  reactivateInstrument,
  updateInstrument,
} from '../../../../functions/api/admin/change-instruments.ts';
import {
  AdminInstrumentsQuery,
  listAdminInstruments,
} from '../../../../functions/api/admin/list-instruments.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../../support/database.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(() => db.sql`TRUNCATE instruments CASCADE`);

const create = (body: Record<string, unknown>) => createInstrument(api, NewInstrument.parse(body));

describe('createInstrument', () => {
  test('requires only a symbol', async () => {
    expect(await create({ symbol: 'BRK-B' })).toEqual({
      id: expect.any(String),
      symbol: 'BRK-B',
      exchange: 'UNKNOWN',
      name: null,
      sector: null,
      currency: null,
      marks: [],
      marketCapBucket: null,
      peBucket: null,
      purpose: 'recommended',
      isBenchmark: false,
      isActive: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
  });

  test.each([
    ['brk.b', 'BRK-B'],
    ['m&m.ns', 'M&M.NS'],
    ['btc-usd', 'BTC-USD'],
    ['eurusd=x', 'EURUSD=X'],
  ])('stores %s as %s', async (written, symbol) => {
    expect((await create({ symbol: written })).symbol).toBe(symbol);
    await expect(create({ symbol })).rejects.toThrow(/has this symbol|with this symbol/);
  });

  test('stores all fields', async () => {
    const said = {
      symbol: 'AAPL',
      exchange: 'NASDAQ',
      name: 'Apple Inc.',
      sector: 'Technology',
      marketCapBucket: 'large',
      peBucket: 'high',
    };
    expect(await create(said)).toMatchObject(said);
  });

  test('refuses an existing symbol with a message for each case', async () => {
    const { id } = await create({ symbol: 'AAPL', exchange: 'NASDAQ' });
    await expect(create({ symbol: 'AAPL', exchange: 'XETRA' })).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      message: expect.stringContaining('active'),
    });
    await deactivateInstrument(api, id);
    await expect(create({ symbol: 'AAPL', exchange: 'NASDAQ' })).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('on this exchange'),
    });
  });

  test.each([
    [{}],
    [{ symbol: 'A A' }],
    [{ symbol: 'AAPL', isActive: false }],
    [{ symbol: 'AAPL', name: '' }],
    [{ symbol: 'AAPL', name: 'a\u0000b' }],
    [{ symbol: 'AAPL', peBucket: 'cheap' }],
    [{ symbol: 'AAPL', exchange: null }],
  ])('refuses the body %j', (body) => {
    expect(NewInstrument.safeParse(body).success).toBe(false);
  });
});

describe('updateInstrument', () => {
  test('leaves other fields unchanged', async () => {
    const before = await create({ symbol: 'FB', name: 'Facebook', sector: 'Technology' });
    const after = await updateInstrument(api, before.id, { symbol: 'META', sector: null });
    expect(after).toEqual({ ...before, symbol: 'META', sector: null, updatedAt: expect.any(String) });
    expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
  });

  test('refuses a taken symbol, an unknown id and an empty change', async () => {
    await create({ symbol: 'AAPL' });
    const { id } = await create({ symbol: 'MSFT' });
    await expect(updateInstrument(api, id, { symbol: 'AAPL' })).rejects.toMatchObject({ status: 409 });
    await expect(updateInstrument(api, NOBODY, { name: 'X' })).rejects.toMatchObject({ status: 404 });
    expect(InstrumentChange.safeParse({}).success).toBe(false);
    expect(InstrumentChange.safeParse({ isActive: true }).success).toBe(false);
  });
});

describe('deactivateInstrument and reactivateInstrument', () => {
  test('deactivate and reactivate an instrument, even repeatedly', async () => {
    const { id } = await create({ symbol: 'AAPL' });
    expect(await deactivateInstrument(api, id)).toMatchObject({ isActive: false });
    expect(await deactivateInstrument(api, id)).toMatchObject({ isActive: false });
    expect(await reactivateInstrument(api, id)).toMatchObject({ isActive: true });
    expect(await reactivateInstrument(api, id)).toMatchObject({ isActive: true });
  });

  test('reactivate a former benchmark as an instrument with recommendations', async () => {
    const { id } = await create({ symbol: 'SPY' });
    await db.sql`UPDATE instruments SET is_active = false, purpose = 'benchmark' WHERE id = ${id}`;
    expect(await reactivateInstrument(api, id)).toMatchObject({ isActive: true, purpose: 'recommended' });
  });

  test('free the symbol for another instrument, which then blocks reactivation', async () => {
    const { id } = await create({ symbol: 'AAPL', exchange: 'NASDAQ' });
    await deactivateInstrument(api, id);
    await create({ symbol: 'AAPL', exchange: 'XETRA' });
    await expect(reactivateInstrument(api, id)).rejects.toMatchObject({ status: 409 });
  });

  test('refuse an unknown id', async () => {
    await expect(deactivateInstrument(api, NOBODY)).rejects.toMatchObject({ status: 404 });
    await expect(reactivateInstrument(api, NOBODY)).rejects.toMatchObject({ status: 404 });
  });
});

describe('listAdminInstruments', () => {
  const list = (query: Record<string, string> = {}) =>
    listAdminInstruments(api, AdminInstrumentsQuery.parse(query));
  const symbols = async (query: Record<string, string>) =>
    (await list(query)).items.map(({ symbol }) => symbol);

  beforeEach(async () => {
    const added = [];
    for (const [symbol, name] of [
      ['MSFT', 'Microsoft'],
      ['AAPL', 'Apple'],
      ['IBM', null],
    ] as const)
      added.push(await create({ symbol, name }));
    await deactivateInstrument(api, defined(added[2]?.id, 'id of the item'));
  });

  test('returns the ids of active and inactive instruments', async () => {
    const { items } = await list();
    expect(items.map(({ symbol, isActive }) => [symbol, isActive])).toEqual([
      ['AAPL', true],
      ['IBM', false],
      ['MSFT', true],
    ]);
    expect(await deactivateInstrument(api, defined(items[0]?.id, 'id of the item'))).toMatchObject({
      symbol: 'AAPL',
      isActive: false,
    });
  });

  test('filters by text and by activity', async () => {
    expect(await symbols({ search: 'SOFT' })).toEqual(['MSFT']);
    expect(await symbols({ search: '%' })).toEqual([]);
    expect(await symbols({ active: 'true' })).toEqual(['AAPL', 'MSFT']);
    expect(await symbols({ active: 'false' })).toEqual(['IBM']);
  });

  test('continues after a cursor and refuses the cursor of another list', async () => {
    const first = await list({ limit: '2' });
    expect(await symbols({ limit: '2', cursor: defined(first.nextCursor, 'next cursor') })).toEqual(['MSFT']);
    await expect(
      list({ active: 'true', cursor: defined(first.nextCursor, 'next cursor') }),
    ).rejects.toMatchObject({
      status: 400,
    });
  });
});
