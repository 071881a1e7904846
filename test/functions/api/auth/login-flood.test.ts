import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { signedInUser, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { useService } from '../use-service.ts';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

/** Seconds of the flood, and connections that send it. */
const FLOOD = { seconds: 8, connections: 200 };

const READING_MS = 4_000;

const db = useApi();
const service = useService();

/** Sends logins from many connections, each as fast as it is answered. Returns the number of answers by status. */
function flood(): Promise<Record<string, { count: number }>> {
  const login = { email: 'nobody@example.com', password: 'a wrong password', session: 'body' };
  const options = ['--json', '-c', String(FLOOD.connections), '-d', String(FLOOD.seconds), '-m', 'POST'];
  const content = ['-H', 'content-type: application/json', '-b', JSON.stringify(login)];
  const args = [AUTOCANNON, ...options, ...content, `${service.url}/v1/auth/login`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve(JSON.parse(output).statusCodeStats));
  });
}

/** The median milliseconds of a reader's request. */
async function medianRead({ accessToken }: TestUser): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + READING_MS;
  while (performance.now() < end) {
    const began = performance.now();
    const response = await fetch(`${service.url}/v1/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    await response.text();
    expect(response.status).toBe(200);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

test('200 connections that log in do not starve a reader', { timeout: 120_000 }, async () => {
  const user = await signedInUser(db);
  await medianRead(user);
  const idle = await medianRead(user);
  const flooding = flood();
  await vi.waitUntil(async () => (await db.sql`SELECT FROM login_attempts`).count > 0, { timeout: 30_000 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const flooded = await medianRead(user);
  const statuses = await flooding;
  expect(Object.keys(statuses).sort()).toEqual(expect.arrayContaining(['401', '503']));
  // Below 2 ms, the clock and the scheduler decide.
  expect(flooded / Math.max(idle, 2)).toBeLessThan(10);
});
