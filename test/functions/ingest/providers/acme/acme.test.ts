import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchBatch } from '../../../../../functions/ingest/fetch.ts';
import { loadBatch } from '../../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../../functions/ingest/plan/plan.ts';
import { readNames } from '../../../../../functions/ingest/providers/choice.ts';
import { intervalsOf, type Registry } from '../../../../../functions/ingest/providers/descriptor.ts';
import { openProvider } from '../../../../../functions/ingest/providers/open.ts';
import { PROVIDERS } from '../../../../../functions/ingest/providers/registry.ts';
import { addDays, toDay } from '../../../../../functions/shared/days.ts';
import { BadInputError, ConfigurationError } from '../../../../../functions/shared/errors.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import { readProviders } from '../../../../../lib/provider-settings.ts';
import { smokeVendors } from '../../../../../local/commands/smoke-checks.ts';
import { providersTable } from '../../../../../local/commands/synth-providers.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { useStore } from '../../store-support.ts';
import { failures, storedBars } from '../../support.ts';
import { ACME } from './descriptor.ts';

/** A vendor that only this folder knows: one folder, and one line in the registry. */
const registry: Registry = [...PROVIDERS, ACME];

const KEY = 's3cr3t-acme-key';
const SYMBOLS = ['AAPL', 'BRK-B', 'GONE', 'IBM', 'VOD.L'];
const store = useStore({ instruments: SYMBOLS, partitions: ['2018-01-01', '2027-12-31'] });
const acme = useLoopbackServer();

let folder: string;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-acme-'));
  await writeFile(join(folder, 'key'), KEY);
  environment = {
    PROVIDER: 'acme',
    ACME_KEY_SECRET: pathToFileURL(join(folder, 'key')).href,
    ACME_ORIGIN: acme.origin,
  };
  vi.stubEnv('CLOCK', '2026-03-06T23:30:00Z');
  acme.answer = (request, response) => {
    if (request.headers.authorization !== `Bearer ${KEY}`) return response.writeHead(401).end();
    const { searchParams } = defined(acme.asked.at(-1), 'the request');
    const to = defined(searchParams.get('to'), 'to');
    const days = [-8, -7, -4, -3, -2, -1, 0].map((days) => addDays(to, days));
    const codes = defined(searchParams.get('codes'), 'codes').split(',');
    const rowsOf = (code: string) =>
      code === 'GONE' ? null : days.map((day, i) => [day, 100 + i, 102 + i, 99 + i, 101 + i, 5000]);
    return response.end(JSON.stringify(Object.fromEntries(codes.map((code) => [code, rowsOf(code)]))));
  };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const context = () => {
  const names = readNames(environment, registry);
  return { provider: 'acme', intervals: intervalsOf(names), now: new Date('2026-03-06T23:30:00Z') };
};

test('plans, fetches and loads the bars of a made-up vendor, several symbols a request', async () => {
  const { batches } = await planRun({ runId: 'acme-1', input: {} }, store.sql, context());
  const batch = defined(batches[0], 'the batch');
  const provider = await openProvider(environment, registry);
  expect(await fetchBatch(batch, provider, store.objects)).toMatchObject({ fetched: 3, failed: 2 });
  expect(acme.asked.map(({ searchParams }) => searchParams.get('codes')?.split(',').length).sort()).toEqual([
    1, 3,
  ]);
  expect(acme.asked.map(({ searchParams }) => searchParams.get('codes')).join()).toContain('BRK.B');
  expect(await loadBatch(batch, store.sql, store.objects)).toMatchObject({ bars: 21, failed: 2 });
  expect(await storedBars(store.db.sql)).toContain('BRK-B 2026-03-06 106 108 105 107 5000');
  expect(await failures(store.db.sql, 'acme-1')).toEqual(['GONE fetch not_found', 'VOD.L fetch not_covered']);
  const sources = await store.db.sql`SELECT DISTINCT source FROM price_bars`;
  expect([...sources]).toEqual([{ source: 'acme' }]);
});

test('refuses to plan intraday bars that the vendor does not have', async () => {
  const plan = planRun({ runId: 'acme-2', input: { mode: 'intraday' } }, store.sql, context());
  await expect(plan).rejects.toThrow(
    new BadInputError(
      'pipeline input: mode: intraday needs 15-minute bars, which acme does not have: use another provider',
    ),
  );
});

test('sends no more requests than the vendor allows in a day', async () => {
  // An additional variable opens another client, which has its full allowance.
  const provider = await openProvider({ ...environment, YAHOO_ORIGIN: 'http://127.0.0.1:9' }, registry);
  const request = { interval: 'daily', from: '2026-03-02', to: '2026-03-06' } as const;
  for (const symbol of ['AAPL', 'IBM', 'MSFT', 'GOOG']) await provider.fetchBars({ symbol, ...request });
  await expect(provider.fetchBars({ symbol: 'FB', ...request })).rejects.toMatchObject({
    reason: 'quota_exceeded',
    message: expect.stringMatching(
      /^FB: no request sent: this process may send acme 4 requests a day, the next from \d{4}-\d\d-\d\dT00:00Z on$/,
    ),
  });
  expect(acme.asked).toHaveLength(4);
});

test('fails over to the vendor, and from it', async () => {
  const both = { ...environment, PROVIDER: 'yahoo,acme', YAHOO_ORIGIN: 'http://127.0.0.1:8' };
  const provider = await openProvider(both, registry);
  const request = { symbol: 'IBM', interval: 'daily', from: '2026-03-02', to: '2026-03-06' } as const;
  expect(await provider.fetchBars(request)).toMatchObject({
    provider: 'acme',
    attempts: [{ provider: 'yahoo', reason: 'unavailable' }],
  });
}, 30_000);

test('requires the key of the vendor', async () => {
  await expect(openProvider({ PROVIDER: 'acme' }, registry)).rejects.toThrow(
    new ConfigurationError('ACME_KEY_SECRET is not set: the acme provider needs the key for Acme'),
  );
});

test('smoke-tests the vendor whose key is set, and skips the others', async () => {
  vi.stubEnv('CLOCK', undefined);
  const { checks, skipped } = await smokeVendors('IBM', environment, [ACME]);
  const today = toDay(new Date());
  expect(checks).toEqual([
    {
      provider: 'acme',
      request: 'IBM daily',
      ok: true,
      answer: expect.stringContaining(`the last at ${today}`),
    },
  ]);
  expect(skipped).toEqual([]);
  expect(await smokeVendors('IBM', {}, [ACME])).toEqual({
    checks: [],
    skipped: [{ title: 'Acme', missing: ['ACME_KEY_SECRET'] }],
  });
});

test('takes the vendor and the name of its secret from the CDK context', () => {
  const read = (given: Record<string, unknown>) =>
    readProviders(new App({ context: given }).node, false, registry);
  expect(read({ provider: 'acme,yahoo', acmeKeySecret: 'boursomatic/acme' })).toEqual({
    provider: 'acme,yahoo',
    providerVariables: { ACME_KEY_SECRET: 'boursomatic/acme' },
  });
  expect(() => read({ provider: 'acme' })).toThrow(
    'setting "acmeKeySecret" is missing: set it to the name of the secret that holds the key for Acme',
  );
});

test('adds the vendor to the table of providers', () => {
  expect(providersTable(registry)).toContain(
    '| `acme` | Acme | daily | no | none | the key for Acme (`ACME_KEY_SECRET`) |\n',
  );
});
