import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '../../../../../functions/api/account/endpoints.ts';
import { nextDeployedRun } from '../../../../../functions/api/account/watchlist/first-call.ts';
import { groupHandler } from '../../../../../functions/api/core/group-handler.ts';
import { selectUpdateState } from '../../../../../functions/api/core/update-state.ts';
import { endpoints as recommendations } from '../../../../../functions/api/recommendations/endpoints.ts';
import { servicesOnce } from '../../../../../functions/api/services.ts';
import { ENV } from '../../../../../functions/shared/constants.ts';
import {
  ApiClient,
  apiKeyOf,
  expectProblem,
  type RequestOptions,
  signedInUser,
  type TestUser,
} from '../../api-client.ts';
import { seedInstrument } from '../../market/support.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../../recommendations/support.ts';
import { useApi } from '../../use-api.ts';

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString(), [ENV.instrumentAdders]: 'off' }));
const services = servicesOnce();
const client = new ApiClient(groupHandler('account', endpoints, services), endpoints);
const lists = new ApiClient(groupHandler('recommendations', recommendations, services), recommendations);
let user: TestUser;

beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (const [symbol, confidence] of Object.entries({ AAPL: 0.5, MSFT: 0.7, KO: 0.6 }))
    await seedRecommendation(db.sql, { symbol, confidence });
  await seedRecommendation(db.sql, { symbol: 'OLD', asOf: '2026-02-20' });
  await seedInstrument(db.sql, 'NEW');
  await seedInstrument(db.sql, 'BRK-B');
  await seedInstrument(db.sql, 'GONE', { isActive: false });
});
beforeEach(async () => {
  user = await signedInUser(db, { consented: true, preferredProfile: 'moderate' });
});

const ask = <T = Record<string, unknown>>(method: string, path: string, options: RequestOptions = {}) =>
  client.ask<T>(method, path, { accessToken: user.accessToken, ...options });
const follow = (symbol: string, body?: object) => ask('PUT', `/v1/me/watchlist/${symbol}`, body && { body });
const entries = async (options: RequestOptions = {}) =>
  (await ask<{ items: Record<string, unknown>[] }>('GET', '/v1/me/watchlist', options)).body.items;
const followed = async () => (await entries()).map(({ symbol }) => symbol);

describe('PUT and DELETE /v1/me/watchlist/{symbol}', () => {
  test('follow and unfollow a stock, any number of times', async () => {
    expect(await follow('aapl')).toMatchObject({ status: 200, body: { symbol: 'AAPL', note: null } });
    const first = await entries();
    expect(await follow('AAPL')).toMatchObject({ status: 200 });
    expect(await entries()).toEqual(first);
    for (const _ of [1, 2]) {
      expect((await ask('DELETE', '/v1/me/watchlist/AAPL')).status).toBe(204);
      expect(await entries()).toEqual([]);
    }
    expect((await ask('DELETE', '/v1/me/watchlist/NONE')).status).toBe(204);
  });

  test('read brk.b as BRK-B', async () => {
    expect(await follow('brk.b')).toMatchObject({ body: { symbol: 'BRK-B' } });
    expect((await ask('DELETE', '/v1/me/watchlist/BRK.B')).status).toBe(204);
    expect(await followed()).toEqual([]);
  });

  test('keep a note until another one or null', async () => {
    const noteOf = async (body?: object) => (await follow('AAPL', body)).body.note;
    expect(await noteOf({ note: 'below 200' })).toBe('below 200');
    expect(await noteOf()).toBe('below 200');
    expect(await noteOf({ note: 'naïve 🚀' })).toBe('naïve 🚀');
    expect(await noteOf({ note: null })).toBeNull();
  });

  test.each([['two\nlines'], [''], ['x'.repeat(201)], ['a\u0000b'], ['a\u2028b'], [7]])(
    'refuse the note %j',
    async (note) => {
      const { errors } = expectProblem(await follow('AAPL', { note }), 400, 'invalid-request');
      expect(errors).toMatchObject([{ pointer: '#/note' }]);
      expect(await followed()).toEqual([]);
    },
  );

  test.each(['%27%3B--', 'A%20B', '%00', 'AAAAAAAAAAAAAAAA', '..', '%F0%9F%9A%80', '-X'])(
    'refuse the symbol %s',
    async (symbol) => {
      expectProblem(await follow(symbol), 400, 'invalid-request');
      expectProblem(await ask('DELETE', `/v1/me/watchlist/${symbol}`), 400, 'invalid-request');
    },
  );

  test('change only the watchlist of the caller', async () => {
    const stranger = await signedInUser(db);
    await follow('AAPL', { note: 'mine' });
    const path = '/v1/me/watchlist/AAPL';
    await ask('PUT', path, { accessToken: stranger.accessToken, body: { note: 'theirs' } });
    await ask('DELETE', path, { accessToken: stranger.accessToken });
    expect(await entries()).toMatchObject([{ symbol: 'AAPL', note: 'mine' }]);
    expect(await entries({ accessToken: stranger.accessToken })).toEqual([]);
  });

  test('follow one stock once for concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => follow('KO')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await followed()).toEqual(['KO']);
  });

  test('refuse a stock that no run covers if the installation adds none, and store nothing', async () => {
    for (const symbol of ['GONE', 'NONE']) {
      const { detail } = expectProblem(await follow(symbol), 403, 'not-allowed');
      expect(detail).toContain(`${symbol} has no calls yet. This installation adds no stocks`);
    }
    expect(await followed()).toEqual([]);
  });

  test('stop at 1,000 stocks, also for concurrent requests', async () => {
    await db.sql`
      INSERT INTO instruments (symbol) SELECT 'X' || n FROM generate_series(1, 999) n ON CONFLICT DO NOTHING`;
    await db.sql`
      INSERT INTO watchlist_entries (user_id, instrument_id)
      SELECT ${user.userId}, id FROM instruments WHERE symbol ~ '^X[0-9]+$'`;
    const answers = await Promise.all(['AAPL', 'MSFT', 'KO', 'NEW'].map((symbol) => follow(symbol)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const pasted = await ask('POST', '/v1/me/watchlist/import', { body: { text: 'AAPL MSFT KO NEW' } });
    const outcomes = (pasted.body.items as { outcome: string }[]).map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['already_followed', 'refused', 'refused', 'refused']);
    expect(await entries()).toHaveLength(1000);
  });
});

describe('GET /v1/me/watchlist', () => {
  test('has the call of the preferred profile, by symbol', async () => {
    for (const symbol of ['MSFT', 'AAPL']) await follow(symbol);
    const call = { profile: 'moderate', label: 'BUY', confidence: 0.5, asOf: '2026-02-27' };
    expect(await entries()).toMatchObject([
      { symbol: 'AAPL', state: 'current', call, firstCallDue: null, history: null, reason: null },
      { symbol: 'MSFT', state: 'current', call: { confidence: 0.7 } },
    ]);
  });

  test('hides the calls from a user who has not accepted the risk notice', async () => {
    const { accessToken } = await signedInUser(db, { preferredProfile: 'moderate' });
    await ask('PUT', '/v1/me/watchlist/AAPL', { accessToken });
    expect(await entries({ accessToken })).toMatchObject([{ state: 'current', call: null }]);
  });

  test('has no call that is too old to act on', async () => {
    await follow('OLD');
    expect(await entries()).toMatchObject([{ state: 'withheld', call: null }]);
  });

  test('says when the first call is due, by the schedule of the service or of a deployment', async () => {
    await follow('NEW');
    selectUpdateState(() => ({ failingSince: null, reason: null, next: new Date('2026-03-02T22:00:00Z') }));
    expect(await entries()).toMatchObject([{ state: 'pending', firstCallDue: '2026-03-02T22:00:00.000Z' }]);
    selectUpdateState(() => ({ failingSince: null, reason: null, next: null }));
    expect(await entries()).toMatchObject([{ state: 'pending', firstCallDue: null }]);
    selectUpdateState(() => null);
    const [entry] = await entries();
    expect(entry).toMatchObject({ firstCallDue: nextDeployedRun(new Date())?.toISOString() });
  });

  test.each([
    ['2026-03-02T08:00:00Z', '2026-03-02T23:30:00.000Z', 'in winter'],
    ['2026-03-02T23:30:00Z', '2026-03-03T23:30:00.000Z', 'after the run of the day'],
    ['2026-03-06T23:31:00Z', '2026-03-09T22:30:00.000Z', 'over the weekend in which clocks change'],
    ['2026-07-04T12:00:00Z', '2026-07-06T22:30:00.000Z', 'in summer'],
  ])('knows that a deployment, seen at %s, runs next at %s: %s', (now, next) => {
    expect(nextDeployedRun(new Date(now))?.toISOString()).toBe(next);
  });

  test('counts the bars of a short history, and stops at the number that a call needs', async () => {
    const id = await seedInstrument(db.sql, 'YOUNG');
    const addBars = (from: string, days: number) => db.sql`
      INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
      SELECT ${id}, d, 1, 1, 1, 1, 1, 'daily'
      FROM generate_series(${from}::timestamptz, ${from}::timestamptz + ${days - 1} * interval '1 day', interval '1 day') d`;
    await db.sql`SELECT ensure_partitions('daily', '2024-01-01'::date, '2026-01-01'::date)`;
    await follow('YOUNG');
    await addBars('2024-01-01', 196);
    expect(await entries()).toMatchObject([{ state: 'short_history', history: { bars: 196, needed: 253 } }]);
    await addBars('2025-01-01', 57);
    expect(await entries()).toMatchObject([{ state: 'pending', history: null }]);
  });

  test('says why a stock gets no calls', async () => {
    const ids = { WRONG: '', STALE: '', REF: '', OFF: '' };
    for (const symbol of Object.keys(ids) as (keyof typeof ids)[]) {
      ids[symbol] = await seedInstrument(db.sql, symbol);
      await follow(symbol);
    }
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'REF'`;
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'OFF'`;
    await db.sql`UPDATE pipeline_runs SET mode = 'daily' WHERE id = 'run-1'`;
    await db.sql`
      INSERT INTO pipeline_failures (run_id, instrument_id, symbol, step, reason_code, message)
      VALUES ('run-1', ${ids.WRONG}, 'WRONG', 'fetch', 'not_found', 'secret words of the vendor'),
        ('run-1', ${ids.STALE}, 'STALE', 'infer', 'stale', 'the last bar is old')`;
    const items = await entries();
    expect(items).toMatchObject([
      { symbol: 'OFF', state: 'unsupported', reason: 'Runs no longer cover this stock.' },
      { symbol: 'REF', state: 'unsupported', reason: expect.stringContaining('compared') },
      { symbol: 'STALE', state: 'unsupported', reason: expect.stringContaining('no recent prices') },
      { symbol: 'WRONG', state: 'unsupported', reason: expect.stringContaining('no daily prices') },
    ]);
    expect(JSON.stringify(items)).not.toContain('secret words');
  });

  test('serves an API key, which cannot follow', async () => {
    await follow('AAPL');
    const { key } = await apiKeyOf(db, user);
    expect(await entries({ accessToken: key })).toMatchObject([{ symbol: 'AAPL' }]);
  });
});

describe('POST /v1/me/watchlist/import', () => {
  const paste = async (text: string) =>
    ask<{ items: object[] }>('POST', '/v1/me/watchlist/import', { body: { text } });

  test('follows what runs cover, and says why it refuses the rest', async () => {
    await follow('KO', { note: 'mine' });
    const { body, status } = await paste(
      'Symbol,Note\nmsft,"cloud, mostly"\nKO,other\n$AAPL,\nGONE,\nno symbol,\nAAPL,',
    );
    expect(status).toBe(200);
    expect(body.items).toEqual([
      { symbol: 'MSFT', outcome: 'followed', reason: null },
      { symbol: 'KO', outcome: 'already_followed', reason: null },
      { symbol: 'AAPL', outcome: 'followed', reason: null },
      { symbol: 'GONE', outcome: 'refused', reason: 'This installation adds no stocks for its users.' },
      { symbol: 'no symbol', outcome: 'refused', reason: 'It is not a symbol such as AAPL or BRK-B.' },
    ]);
    const notes = (await entries()).map(({ symbol, note }) => [symbol, note]);
    expect(notes).toEqual([
      ['AAPL', null],
      ['KO', 'mine'],
      ['MSFT', 'cloud, mostly'],
    ]);
  });

  test('follows nothing of 10,000 symbols', async () => {
    const symbols = ['AAPL', ...Array.from({ length: 9999 }, (_, i) => `S${i}`)];
    const { detail } = expectProblem(await paste(symbols.join(',')), 400, 'invalid-request');
    expect(detail).toBe(
      'The text has 10000 symbols, and one import takes 500: split it into several. Nothing was stored.',
    );
    expectProblem(await paste(symbols.map((symbol) => `${symbol}LONGER`).join('\n')), 413, 'body-too-large');
    expect(await followed()).toEqual([]);
  });
});

describe('GET /v1/recommendations with following=true', () => {
  const list = async (query: string, accessToken = user.accessToken) =>
    lists.ask<{ items: { symbol: string }[]; nextCursor: string | null }>(
      'GET',
      `/v1/recommendations?${query}`,
      { accessToken },
    );
  const symbolsOf = async (query: string) => (await list(query)).body.items.map(({ symbol }) => symbol);

  test('lists the followed stocks alone, in any order, with other filters', async () => {
    expect(await symbolsOf('following=true')).toEqual([]);
    for (const symbol of ['AAPL', 'KO', 'OLD']) await follow(symbol);
    expect(await symbolsOf('following=true')).toEqual(['KO', 'AAPL']);
    expect(await symbolsOf('following=true&sort=symbol')).toEqual(['AAPL', 'KO']);
    expect(await symbolsOf('following=true&minConfidence=0.55')).toEqual(['KO']);
    expect(await symbolsOf('following=false')).toEqual(['MSFT', 'KO', 'AAPL']);
  });

  test('pages by a cursor that no other user and no other list accepts', async () => {
    const stranger = await signedInUser(db, { consented: true, preferredProfile: 'moderate' });
    for (const symbol of ['AAPL', 'KO']) await follow(symbol);
    const { nextCursor } = (await list('following=true&limit=1')).body;
    expect((await list(`following=true&limit=1&cursor=${nextCursor}`)).body.items).toMatchObject([
      { symbol: 'AAPL' },
    ]);
    expectProblem(
      await list(`following=true&limit=1&cursor=${nextCursor}`, stranger.accessToken),
      400,
      'invalid-cursor',
    );
    expectProblem(await list(`limit=1&cursor=${nextCursor}`), 400, 'invalid-cursor');
  });

  test('refuses another value', async () => {
    expectProblem(await list('following=yes'), 400, 'invalid-request');
  });
});

test('the export of the account has the watchlist and what the user added', async () => {
  await follow('AAPL', { note: 'mine' });
  await db.sql`
    INSERT INTO added_instruments (instrument_id, added_by) SELECT id, ${user.userId} FROM instruments WHERE symbol = 'KO'`;
  const { body } = await ask('GET', '/v1/me/export');
  expect(body).toMatchObject({
    watchlist: [{ symbol: 'AAPL', note: 'mine' }],
    addedInstruments: [{ symbol: 'KO' }],
  });
});

test('the erasure of an account deletes its watchlist, and keeps what it added without its name', async () => {
  await follow('AAPL');
  await db.sql`
    INSERT INTO added_instruments (instrument_id, added_by) SELECT id, ${user.userId} FROM instruments WHERE symbol = 'MSFT'`;
  await db.sql`UPDATE users SET is_deleted = true WHERE id = ${user.userId}`;
  await db.sql`UPDATE users SET deleted_at = now() - interval '31 days' WHERE id = ${user.userId}`;
  const rows = () => db.sql`SELECT FROM watchlist_entries WHERE user_id = ${user.userId}`;
  expect(await rows()).toHaveLength(1);
  await db.client('pipeline')`SELECT expire_personal_data()`;
  expect(await rows()).toHaveLength(0);
  const [added] = await db.sql`
    SELECT added_by FROM added_instruments a JOIN instruments i ON i.id = a.instrument_id WHERE i.symbol = 'MSFT'`;
  expect(added).toEqual({ added_by: null });
});

test('the role of the pipeline reads no watchlist', async () => {
  await expect(db.client('pipeline')`SELECT FROM watchlist_entries`).rejects.toThrow('permission denied');
});
