import { beforeAll, expect, test, vi } from 'vitest';
import type { AnyEndpoint } from '../../../functions/api/core/endpoint.ts';
import { ALL_ENDPOINTS } from '../../../functions/api/openapi/all-endpoints.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { seedChannel, seedTestMessage } from '../alerts/alerts-support.ts';
import { anotherSession, signedInUser, type TestUser } from './api-client.ts';
import { seedDailyBars } from './market/support.ts';
import { NOW, sealCalls, seedModelAndRun, seedRecommendation } from './recommendations/support.ts';
import { useApi } from './use-api.ts';
import { useService } from './use-service.ts';

/** The statements that the database has received while counting was on. */
const statements = vi.hoisted(() => [] as string[]);
vi.mock('postgres', async (original) => {
  const { default: postgres } = await original<{ default: (options: object) => unknown }>();
  const counting = (options: object) =>
    postgres({ ...options, debug: (_connection: number, text: string) => statements.push(text) });
  return { default: Object.assign(counting, postgres) };
});

/** The number of stored rows, and the page size. One statement per row would be visible at this size. */
const ROWS = 12;
const LISTS = ALL_ENDPOINTS.filter(
  ({ method, query }) => method === 'GET' && query !== undefined && 'limit' in query.shape,
);

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString() }));
const service = useService();
let caller: TestUser;
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (let i = 0; i < ROWS; i++) {
    await sealCalls(db.sql, [await seedRecommendation(db.sql, { symbol: `S${i}`, profile: 'conservative' })]);
    await db.sql`INSERT INTO pipeline_runs (id, input) VALUES (${`more-${i}`}, '{}')`;
    await db.sql`
      INSERT INTO pipeline_failures (run_id, symbol, step, reason_code, message)
      VALUES ('run-1', ${`S${i}`}, 'load', 'gap', 'm')`;
  }
  const [one] = await db.sql<[{ id: string }]>`SELECT id FROM instruments WHERE symbol = 'S0'`;
  await seedDailyBars(db.sql, one.id, Object.fromEntries(days().map((day) => [day, 100])));
  for (const day of days()) {
    await seedRecommendation(db.sql, {
      symbol: 'S0',
      profile: 'conservative',
      isActive: false,
      asOf: day,
      generatedAt: `${day}T22:00:00Z`,
      archivedAt: `${day}T23:00:00Z`,
    });
    await db.sql`INSERT INTO features (instrument_id, ts) VALUES (${one.id}, ${day})`;
    await db.sql`
      INSERT INTO quarantined_bars (instrument_id, ts, interval, o, h, l, c, v, source, fetched_at, run_id, reason, message)
      VALUES (${one.id}, ${day}, 'daily', 10, 12, 9.5, 11, 1000, 'yahoo', ${day}, 'run-1', 'jump', 'm')`;
  }
  caller = await signedInUser(db, { consented: true, isAdmin: true });
  for (let i = 0; i < ROWS; i++) {
    await anotherSession(db, caller.userId);
    await db.sql`
      INSERT INTO security_events (occurred_at, type, user_id) VALUES (${NOW}, 'login', ${caller.userId})`;
  }
  for (let i = 0; i < ROWS; i++) await signedInUser(db);
  await db.sql`
    INSERT INTO call_changes (instrument_id, profile, kind, to_label, recommendation_id, as_of)
    SELECT instrument_id, profile, 'new', label, id, as_of FROM recommendations WHERE is_active`;
  const channel = await seedChannel(db, caller.userId);
  for (let i = 0; i < ROWS; i++) await seedTestMessage(db, caller.userId, channel.id, { state: 'dead' });
});

function days(): string[] {
  return Array.from({ length: ROWS }, (_, i) => `2026-02-${String(i + 10)}`);
}

/** The statements for an answer, and its number of rows. */
async function asked({ path }: AnyEndpoint, limit: number): Promise<{ rows: number; texts: string[] }> {
  const target = path.replace('{symbol}', 'S0').replace('{id}', 'run-1');
  const before = statements.length;
  const answer = await fetch(`${service.url}${target}?limit=${limit}`, {
    headers: { authorization: `Bearer ${caller.accessToken}` },
  });
  expect(answer.status).toBe(200);
  const { items } = (await answer.json()) as { items: unknown[] };
  return { rows: items.length, texts: statements.slice(before) };
}

test('finds the lists of the API', () => {
  expect(LISTS.map(({ operationId }) => operationId)).toContain('listRecommendations');
  expect(LISTS.length).toBeGreaterThan(6);
});

test.each(LISTS.map((list) => [list.operationId, list] as const))(
  '%s runs as many statements for a page as for one row, and at most five',
  async (_, list) => {
    // The first request of a container also counts the freshness.
    await asked(list, 1);
    const one = await asked(list, 1);
    const page = await asked(list, ROWS);
    expect(one.texts.length).toBeGreaterThan(0);
    expect(page.texts).toHaveLength(one.texts.length);
    expect(page.texts.length).toBeLessThanOrEqual(5);
    expect(page.rows).toBeGreaterThan(one.rows);
    // Other lists neither read nor write events.
    const ofEvents = page.texts.filter((text) => text.includes('security_events'));
    expect(ofEvents.length > 0).toBe(list.path.endsWith('/security-events'));
  },
);
