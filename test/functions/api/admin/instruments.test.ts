import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createInstrument, NewInstrument } from '../../../../functions/api/admin/create-instrument.ts';
import { deactivateInstrument } from '../../../../functions/api/admin/deactivate-instrument.ts';
import { reactivateInstrument } from '../../../../functions/api/admin/reactivate-instrument.ts';
import { InstrumentChange, updateInstrument } from '../../../../functions/api/admin/update-instrument.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(() => db.sql`TRUNCATE instruments CASCADE`);

const create = (body: Record<string, unknown>) => createInstrument(api, NewInstrument.parse(body));

describe('adding', () => {
  test('needs a symbol alone', async () => {
    expect(await create({ symbol: 'BRK-B' })).toEqual({
      id: expect.any(String),
      symbol: 'BRK-B',
      exchange: 'UNKNOWN',
      name: null,
      sector: null,
      marketCapBucket: null,
      peBucket: null,
      isActive: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
  });

  test('keeps everything that is said', async () => {
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

  test('refuses a symbol that is there already, in words for either case', async () => {
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
    [{ symbol: 'aapl' }],
    [{ symbol: 'AAPL', isActive: false }],
    [{ symbol: 'AAPL', name: '' }],
    [{ symbol: 'AAPL', name: 'a\u0000b' }],
    [{ symbol: 'AAPL', peBucket: 'cheap' }],
    [{ symbol: 'AAPL', exchange: null }],
  ])('refuses %j', (body) => {
    expect(NewInstrument.safeParse(body).success).toBe(false);
  });
});

describe('changing', () => {
  test('leaves the rest as it was', async () => {
    const before = await create({ symbol: 'FB', name: 'Facebook', sector: 'Technology' });
    const after = await updateInstrument(api, before.id, { symbol: 'META', sector: null });
    expect(after).toEqual({ ...before, symbol: 'META', sector: null, updatedAt: expect.any(String) });
    expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
  });

  test("refuses another's symbol, an id that nobody has, and nothing at all", async () => {
    await create({ symbol: 'AAPL' });
    const { id } = await create({ symbol: 'MSFT' });
    await expect(updateInstrument(api, id, { symbol: 'AAPL' })).rejects.toMatchObject({ status: 409 });
    await expect(updateInstrument(api, NOBODY, { name: 'X' })).rejects.toMatchObject({ status: 404 });
    expect(InstrumentChange.safeParse({}).success).toBe(false);
    expect(InstrumentChange.safeParse({ isActive: true }).success).toBe(false);
  });
});

describe('deactivating', () => {
  test('and reactivating, again or not', async () => {
    const { id } = await create({ symbol: 'AAPL' });
    expect(await deactivateInstrument(api, id)).toMatchObject({ isActive: false });
    expect(await deactivateInstrument(api, id)).toMatchObject({ isActive: false });
    expect(await reactivateInstrument(api, id)).toMatchObject({ isActive: true });
    expect(await reactivateInstrument(api, id)).toMatchObject({ isActive: true });
  });

  test('makes room for another with its symbol, which then is in its way', async () => {
    const { id } = await create({ symbol: 'AAPL', exchange: 'NASDAQ' });
    await deactivateInstrument(api, id);
    await create({ symbol: 'AAPL', exchange: 'XETRA' });
    await expect(reactivateInstrument(api, id)).rejects.toMatchObject({ status: 409 });
  });

  test('refuses an id that nobody has', async () => {
    await expect(deactivateInstrument(api, NOBODY)).rejects.toMatchObject({ status: 404 });
    await expect(reactivateInstrument(api, NOBODY)).rejects.toMatchObject({ status: 404 });
  });
});
