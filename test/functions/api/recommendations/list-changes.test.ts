import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../../../functions/api/recommendations/endpoints.ts';
import {
  ChangePage,
  ChangesQuery,
  listChanges,
} from '../../../../functions/api/recommendations/list-changes.ts';
import { handler } from '../../../../functions/api/recommendations.lambda.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import { CALLED, publishDay } from '../../infer/changes-support.ts';
import { seedRun } from '../../infer/support.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { clientView, planOfText, seedInstrument } from '../market/support.ts';
import { lambdaContext } from '../support.ts';
import { useApi } from '../use-api.ts';
import { seedModelAndRun } from './support.ts';

const db = useApi();
const client = new ApiClient((request) => handler(request, lambdaContext()), endpoints);
let user: TestUser;
/** When the second run published. */
let second: string;

/** Three runs: the first calls of two stocks, a change of one, and a change of the other. */
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  await seedRun(db.sql, 'run-2');
  await db.sql`UPDATE data_origin SET is_sample = true`;
  const [row] = await db.sql<[{ id: string }]>`SELECT id FROM model_versions WHERE is_active`;
  const aapl = await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  const msft = await seedInstrument(db.sql, 'MSFT');
  const publish = (asOf: string, calls: Parameters<typeof publishDay>[2]) =>
    publishDay(db.client('pipeline'), { runId: 'run-2', asOf, model: row.id }, calls);
  await publish('2026-03-02', { [aapl]: CALLED.BUY, [msft]: CALLED.HOLD });
  await publish('2026-03-03', { [aapl]: CALLED.HOLD, [msft]: CALLED.HOLD });
  await publish('2026-03-04', { [aapl]: CALLED.HOLD, [msft]: CALLED.SELL });
  user = await signedInUser(db, { consented: true });
  await db.sql`INSERT INTO watchlist_entries (user_id, instrument_id) VALUES (${user.userId}, ${msft})`;
  second = (await list({ kind: 'label' })).items[1]?.occurredAt ?? '';
});

const list = async (query: Record<string, string> = {}) =>
  clientView(
    ChangePage,
    await listChanges(
      db.client('api'),
      { ...ChangesQuery.parse(query), profile: (query.profile ?? 'conservative') as Profile },
      { userId: user.userId, notice: null },
    ),
  );
const linesOf = async (query: Record<string, string> = {}) =>
  (await list(query)).items.map(({ symbol, kind, from, to, asOf }) =>
    [symbol, kind, from, to, asOf].join(' '),
  );

const ALL = [
  'MSFT label HOLD SELL 2026-03-04',
  'AAPL label BUY HOLD 2026-03-03',
  'AAPL new  BUY 2026-03-02',
  'MSFT new  HOLD 2026-03-02',
];

describe('listChanges', () => {
  test('lists newest first, and the stocks of a run by symbol', async () => {
    expect(await linesOf()).toEqual(ALL);
  });

  test('says what changed and why, with the ids of the call', async () => {
    const { items } = await list({ kind: 'label' });
    const [call] = await db.sql<[{ id: string }]>`
      SELECT r.id FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
      WHERE i.symbol = 'AAPL' AND r.profile = 'conservative' AND r.as_of = '2026-03-03'`;
    expect(items[1]).toMatchObject({
      symbol: 'AAPL',
      currency: 'USD',
      profile: 'conservative',
      from: 'BUY',
      to: 'HOLD',
      why: 'Its chance of clearly beating the average stock stayed at 50%, and it moved from the best 1% to the best 50% of stocks.',
      recommendationId: call.id,
    });
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['a kind', { kind: 'new' }, ALL.slice(2)],
    ['a kind without changes', { kind: 'stop' }, []],
    [
      'followed stocks',
      { following: 'true' },
      ['MSFT label HOLD SELL 2026-03-04', 'MSFT new  HOLD 2026-03-02'],
    ],
    ['a day', { since: '2000-01-01' }, ALL],
    ['a day to come', { since: '2199-01-01' }, []],
  ])('filters by %s', async (_, query, lines) => {
    expect(await linesOf(query)).toEqual(lines);
  });

  test('lists what follows an instant, without that instant itself', async () => {
    expect(await linesOf({ since: second })).toEqual(ALL.slice(0, 1));
    const before = new Date(Date.parse(second) - 1).toISOString();
    expect(await linesOf({ since: before })).toEqual(ALL.slice(0, 2));
  });

  test.each([{}, { following: 'true' }, { kind: 'new' }])('pages through %o', async (query) => {
    const lines: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await list({ ...query, limit: '1', ...(cursor ? { cursor } : {}) });
      lines.push(...page.items.map(({ symbol, kind, asOf }) => `${symbol} ${kind} ${asOf}`));
      cursor = page.nextCursor;
    } while (cursor);
    const all = (await list(query)).items.map(({ symbol, kind, asOf }) => `${symbol} ${kind} ${asOf}`);
    expect(lines).toEqual(all);
  });

  test('reads the index of its order, bounded by the instant', async () => {
    const text = `SELECT * FROM call_changes c WHERE c.profile = $1::text AND c.occurred_at > $2::timestamptz
      ORDER BY c.occurred_at DESC, c.id DESC LIMIT 51`;
    await db.sql`SET enable_seqscan = off`;
    const plan = await planOfText(db.sql, { text, values: ['moderate', new Date(second)] });
    await db.sql`RESET enable_seqscan`;
    expect(JSON.stringify(plan)).toContain('call_changes_list');
    expect(JSON.stringify(plan)).not.toContain('Sort');
  });
});

describe('GET /v1/changes', () => {
  const ask = (target: string) => client.ask<ChangePage>('GET', target, { accessToken: user.accessToken });

  test("lists the caller's profile and followed stocks by default and on request", async () => {
    const { body, status } = await ask('/v1/changes');
    expect([status, body.profile, body.items.length]).toEqual([200, 'conservative', 4]);
    const followed = await ask('/v1/changes?following=true&profile=aggressive');
    expect(followed.body.profile).toBe('aggressive');
    expect(new Set(followed.body.items.map(({ symbol }) => symbol))).toEqual(new Set(['MSFT']));
  });

  test('answers 304 while nothing changes', async () => {
    const { headers } = await ask('/v1/changes');
    const known = await client.ask('GET', '/v1/changes', {
      accessToken: user.accessToken,
      headers: { 'if-none-match': headers.etag ?? '' },
    });
    expect(known.status).toBe(304);
  });

  test.each(['yesterday', '2026-02-30', '2026-13-01T00:00:00Z', '2026-03-02T08:00:00+01:00', '1000-01-01'])(
    'refuses since=%s, and says what is expected',
    async (since) => {
      const { errors } = expectProblem(
        await ask(`/v1/changes?since=${encodeURIComponent(since)}`),
        400,
        'invalid-request',
      );
      expect(errors?.[0]).toMatchObject({
        parameter: 'since',
        detail: 'must be a day such as 2026-03-02 or an instant such as 2026-03-02T08:00:00.000Z',
      });
    },
  );

  test("refuses a cursor of another user's followed stocks", async () => {
    const { nextCursor } = await list({ following: 'true', limit: '1' });
    const other = await signedInUser(db, { consented: true });
    const answer = await client.ask('GET', `/v1/changes?limit=1&following=true&cursor=${nextCursor}`, {
      accessToken: other.accessToken,
    });
    expectProblem(answer, 400, 'invalid-cursor');
  });

  test('refuses a cursor of another list', async () => {
    const { body } = await ask('/v1/changes?limit=1');
    expectProblem(await ask(`/v1/changes?limit=1&kind=new&cursor=${body.nextCursor}`), 400, 'invalid-cursor');
  });

  test('requires the consent', async () => {
    const other = await signedInUser(db, { consented: false });
    expectProblem(
      await client.ask('GET', '/v1/changes', { accessToken: other.accessToken }),
      403,
      'consent-required',
    );
  });
});
