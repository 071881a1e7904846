import { beforeAll, describe, expect, test } from 'vitest';
import {
  listQuarantinedBars,
  QuarantineQuery,
} from '../../../../functions/api/admin/list-quarantined-bars.ts';
import { writeCursor } from '../../../../functions/api/lists/cursor.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { seedInstruments } from '../../infer/support.ts';
import { everyPage } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(async () => {
  api = db.client('api');
  const [aapl, ibm] = await seedInstruments(db.sql, ['AAPL', 'IBM']);
  await db.sql`UPDATE instruments SET currency = 'GBP'`;
  await db.sql`INSERT INTO pipeline_runs (id, input) VALUES ('run-1', '{}')`;
  for (const [instrument, day, resolved] of [
    [aapl, '2026-02-26', null],
    [aapl, '2026-02-27', '2026-03-02T22:00:00Z'],
    [ibm, '2026-02-27', null],
  ] as const) {
    await db.sql`
      INSERT INTO quarantined_bars (instrument_id, ts, interval, o, h, l, c, v, source, fetched_at, run_id, reason, message, resolved_at)
      VALUES (${instrument ?? ''}, ${day}, 'daily', 10, 12, 9.5, 11, 1000, 'yahoo', ${day}, 'run-1', 'price_jump',
        'The close is far from the one before.', ${resolved})`;
  }
});

const list = (query: Record<string, string> = {}) => listQuarantinedBars(api, QuarantineQuery.parse(query));
const days = async (query: Record<string, string> = {}) =>
  (await list(query)).items.map(({ symbol, ts }) => `${symbol} ${ts.slice(0, 10)}`);

describe('listQuarantinedBars', () => {
  test('returns each bar with its source and its reason', async () => {
    expect((await list({ symbol: 'IBM' })).items).toEqual([
      {
        id: expect.any(String),
        symbol: 'IBM',
        ts: '2026-02-27T00:00:00.000Z',
        interval: 'daily',
        open: 10,
        high: 12,
        low: 9.5,
        currency: 'GBP',
        close: 11,
        volume: 1000,
        source: 'yahoo',
        runId: 'run-1',
        reason: 'price_jump',
        message: 'The close is far from the one before.',
        createdAt: expect.any(String),
        resolvedAt: null,
      },
    ]);
  });

  test('filters by state, newest first', async () => {
    expect(await days()).toEqual(['IBM 2026-02-27', 'AAPL 2026-02-26']);
    expect(await days({ state: 'resolved' })).toEqual(['AAPL 2026-02-27']);
    expect(await days({ state: 'all' })).toEqual(['IBM 2026-02-27', 'AAPL 2026-02-27', 'AAPL 2026-02-26']);
    expect(await days({ symbol: 'AAPL' })).toEqual(['AAPL 2026-02-26']);
    expect(await days({ symbol: 'NONE' })).toEqual([]);
  });

  test('returns one page at a time', async () => {
    const { items, sizes } = await everyPage((cursor) =>
      list({ state: 'all', limit: '2', ...(cursor && { cursor }) }),
    );
    expect(sizes).toEqual([2, 1]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(3);
    const cursor = writeCursor({ list: 'quarantined-bars' }, ['x']);
    await expect(list({ cursor })).rejects.toMatchObject({ code: 'invalid-cursor' });
  });
});
