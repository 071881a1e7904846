import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { requestedLookups } from '../../../functions/api/account/watchlist/selected-symbol-lookup.ts';
import { answerLookup } from '../../../functions/ingest/answer-lookup.ts';
import { lookUpSymbols } from '../../../functions/ingest/look-up.ts';
import { handler } from '../../../functions/ingest/look-up-symbols.lambda.ts';
import { openProvider } from '../../../functions/ingest/providers/open.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import {
  LOOKED_UP_WITHIN_MS,
  lookupReplyKey,
  lookupRequestKey,
} from '../../../functions/shared/symbol-lookup.ts';
import { startSynthetic } from '../../market/support.ts';
import { NASDAQ } from '../../market/trading-hours.ts';
import { fixture } from './providers/fixtures.ts';

/** A market with four stocks, and the provider that the environment names. */
async function openMarket(provider = 'yahoo') {
  const market = await startSynthetic({ exchanges: [NASDAQ] });
  const { origin } = market;
  const key = `file://${fixture('ok/stooq.key')}`;
  const environment = {
    PROVIDER: provider,
    YAHOO_ORIGIN: origin,
    STOOQ_ORIGIN: origin,
    STOOQ_KEY_SECRET: key,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubEnv('CLOCK', new Date(market.market.now()).toISOString());
  return { market, provider: await openProvider(process.env) };
}
afterEach(() => vi.unstubAllEnvs());

const UNAVAILABLE = { status: 'unavailable' };

describe('a lookup', () => {
  test('finds a traded symbol with its exchange, name and sector, and not an unknown one', async () => {
    const { market, provider } = await openMarket();
    expect(await lookUpSymbols(provider, ['NONE', 'US001'])).toEqual([
      { status: 'unknown' },
      {
        status: 'found',
        exchange: expect.stringContaining('Nasdaq'),
        name: expect.any(String),
        sector: expect.any(String),
      },
    ]);
    expect(market.requests.length).toBeGreaterThan(2);
  });

  test('finds a symbol whose description the vendor refuses, in time', async () => {
    const { market, provider } = await openMarket();
    market.faults.add({
      endpoint: 'quote_summary',
      fault: { kind: 'unauthorized' },
      times: Number.POSITIVE_INFINITY,
    });
    expect(await lookUpSymbols(provider, ['US002'], 800)).toEqual([
      { status: 'found', exchange: 'NasdaqGS' },
    ]);
  });

  test('finds a symbol of a vendor without descriptions', async () => {
    const { provider } = await openMarket('stooq');
    expect(await lookUpSymbols(provider, ['US002', 'NONE'])).toEqual([
      { status: 'found' },
      { status: 'unknown' },
    ]);
  });

  test('does not find a symbol without recent bars', async () => {
    const { market, provider } = await openMarket();
    vi.stubEnv('CLOCK', new Date(market.market.now() + 400 * 86_400_000).toISOString());
    expect((await lookUpSymbols(provider, ['US001']))[0]?.status).not.toBe('found');
  });

  test('is unavailable if the vendor refuses the request, and not unknown', async () => {
    const { market, provider } = await openMarket();
    market.faults.add({ fault: { kind: 'server_error', status: 503 }, times: Number.POSITIVE_INFINITY });
    expect(await lookUpSymbols(provider, ['US001', 'US002'], 600)).toEqual([UNAVAILABLE, UNAVAILABLE]);
  });

  test('is unavailable if the answer has another form', async () => {
    const { market, provider } = await openMarket();
    market.faults.add({ endpoint: 'chart', fault: { kind: 'missing_field' } });
    expect(await lookUpSymbols(provider, ['US001'])).toEqual([UNAVAILABLE]);
  });

  test('is unavailable if the vendor does not answer in time', async () => {
    const { market, provider } = await openMarket();
    market.faults.add({ fault: { kind: 'hang' } });
    const began = performance.now();
    expect(await lookUpSymbols(provider, ['US001'], 150)).toEqual([UNAVAILABLE]);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('a lookup through a bucket', () => {
  let objects: ObjectStore;
  let url: string;
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'boursomatic-lookups-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    url = pathToFileURL(folder).href;
    objects = openObjects(url);
  });

  const QUICK = { timeoutMs: 3000, pollMs: 5 };

  /** Stores a request, and returns its key. */
  async function request(askedAt = new Date()): Promise<{ id: string; key: string }> {
    const id = randomUUID();
    const body = JSON.stringify({ id, askedAt: askedAt.toISOString(), symbols: ['US001'] });
    await objects.put(lookupRequestKey(id), new TextEncoder().encode(body));
    return { id, key: lookupRequestKey(id) };
  }

  /** Answers each request with the function, like EventBridge. */
  async function deliver(): Promise<void> {
    const seen = objects.put.bind(objects);
    objects.put = async (key, body) => {
      await seen(key, body);
      if (key.startsWith('lookups/')) void handler({ detail: { object: { key } } });
    };
  }

  test('is answered by the function', async () => {
    await openMarket();
    vi.stubEnv(ENV.runRequestsUrl, url);
    await deliver();
    const answers = await requestedLookups(objects, QUICK).lookUp(['US001', 'NONE']);
    expect(answers).toMatchObject([{ status: 'found' }, { status: 'unknown' }]);
  });

  test('is unavailable without a reply', async () => {
    const quick = { timeoutMs: 30, pollMs: 5 };
    expect(await requestedLookups(objects, quick).lookUp(['US001', 'US002'])).toEqual([
      UNAVAILABLE,
      UNAVAILABLE,
    ]);
  });

  test('asks the vendor once for repeated events', async () => {
    const { market, provider } = await openMarket();
    const { key } = await request();
    const first = await answerLookup(objects, async () => provider, key, new Date());
    const { length } = market.requests;
    expect(await answerLookup(objects, async () => provider, key, new Date())).toEqual(first);
    expect(market.requests).toHaveLength(length);
  });

  test('asks the vendor nothing once the requester no longer waits', async () => {
    const { market, provider } = await openMarket();
    const { id, key } = await request(new Date(Date.now() - LOOKED_UP_WITHIN_MS));
    expect(await answerLookup(objects, async () => provider, key, new Date())).toBeUndefined();
    expect(
      await answerLookup(objects, async () => provider, lookupRequestKey(randomUUID()), new Date()),
    ).toBeUndefined();
    expect(market.requests).toEqual([]);
    expect(await objects.get(lookupReplyKey(id))).toBeUndefined();
  });
});
