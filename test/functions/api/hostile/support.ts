import { connect } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { selectRunStarter } from '../../../../functions/api/admin/selected-run-starter.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import type { Service } from '../../../../local/serving/serve.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { signedInUser } from '../api-client.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../recommendations/support.ts';
import { useApi } from '../use-api.ts';
import { useService } from '../use-service.ts';

let db: TestDatabase;
let service: Pick<Service, 'url'>;
let token: string;
let before: Record<string, string>;

/** Serves the API during a file's tests, and checks afterwards that no request changed the database. */
export function serveToTheHostile(): void {
  db = useApi(() => ({ [ENV.clock]: NOW.toISOString() }));
  service = useService();
  beforeAll(async () => {
    await seedModelAndRun(db.sql);
    await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'moderate' });
    // An administrator may use every endpoint, so no request is refused for missing rights.
    token = (await signedInUser(db, { isAdmin: true, consented: true })).accessToken;
    selectRunStarter({ start: () => Promise.reject(new Error('nothing hostile may start a run')) });
    before = await contents();
  });
  afterAll(async () => {
    expect(await contents()).toEqual(before);
    selectRunStarter(undefined);
  });
}

/** The access token that {@link ask} sends. */
export const accessToken = (): string => token;

/** A checksum of every table except the login attempts and the security events, which hostile requests change. */
async function contents(): Promise<Record<string, string>> {
  const tables = await db.sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND relname NOT IN ('login_attempts', 'security_events')`;
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db.sql<{ sum: string }[]>`
      SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS sum FROM ${db.sql(name)} t`;
    sums[name] = defined(row, 'checksum').sum;
  }
  return sums;
}

export interface Received {
  status: number;
  type: string;
  text: string;
}

/** Sends a request as the administrator. */
export async function ask(method: string, path: string, init: RequestInit = {}): Promise<Received> {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const answer = await fetch(`${service.url}${path}`, { ...init, method, headers });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    text: await answer.text(),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
/** Sends a body as the administrator. */
export const send = (
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) => ask(method, path, { body, headers });

/** Words that would reveal internals of the program. */
export const INSIDE =
  /node_modules|file:\/\/|\.ts[:)]|at \w+ \(|postgres|SELECT |syntax error|ZodError|SyntaxError/;

/** Expects a problem that reveals no internals. */
export function expectRefused({ status, type, text }: Received, statuses: readonly number[] = [400]): void {
  expect(statuses, text).toContain(status);
  expect(type).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) });
  expect(text).not.toMatch(INSIDE);
  expect(text.length).toBeLessThan(10_000);
}

/** Sends a request as raw text, and returns the answer. */
export function raw(lines: readonly string[], body = ''): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
    socket.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      resolve({ status: Number(text.split(' ')[1]), text });
    });
    // The socket stays open, because a server need not answer a closed one.
    socket.write([...lines, 'host: 127.0.0.1', 'connection: close', '', body].join('\r\n'));
  });
}
