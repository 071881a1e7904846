import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, vi } from 'vitest';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import { openStooqProvider } from '../../../../../functions/ingest/providers/stooq/stooq-provider.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';

export const KEY = 's3cr3t-stooq-key';
export const DAYS: BarRequest = { symbol: 'AAPL', interval: 'daily', from: '2024-03-01', to: '2024-03-05' };
export const FRIDAY = '2024-03-01,179.55,180.53,177.38,179.66,73563082';
export const MONDAY = '2024-03-04,176.15,176.9,173.79,175.1,81510101';

/** A server in place of Stooq, on the day after the last requested one. */
export const stooq = useLoopbackServer();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-stooq-'));
  await writeKey(`${KEY}\n`);
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The key's file, a new one for each test. */
export const keySecret = () => pathToFileURL(join(folder, 'key')).href;
export const writeKey = (text: string) => writeFile(join(folder, 'key'), text);

export const openStooq = ({ timeoutMs = 5000, origin = stooq.origin } = {}) =>
  openStooqProvider({ keySecret: keySecret(), origin, timeoutMs });

/** Makes Stooq answer every request with a body. */
export function answer(body: string, status = 200, headers: Record<string, string> = {}) {
  stooq.answer = (_request, response) => response.writeHead(status, headers).end(body);
}

export async function fetchAll(
  request: Partial<BarRequest> = {},
  options: Parameters<typeof openStooq>[0] = {},
) {
  return (await openStooq(options)).fetchBars({ ...DAYS, ...request });
}
