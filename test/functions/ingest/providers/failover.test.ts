import { expect, test } from 'vitest';
import {
  AllProvidersFailedError,
  DelistedError,
  KeyRefusedError,
  NotCoveredError,
  NotFoundError,
  PartialAnswerError,
  type ProviderError,
  ProviderTimeoutError,
  RateLimitedError,
  SchemaDriftError,
} from '../../../../functions/ingest/providers/errors.ts';
import { failover } from '../../../../functions/ingest/providers/failover.ts';
import type {
  BarRequest,
  FetchedBars,
  Listing,
  Provider,
} from '../../../../functions/ingest/providers/provider.ts';
import { ConfigurationError } from '../../../../functions/shared/errors.ts';

const REQUEST: BarRequest = { symbol: 'AAPL', interval: 'daily', from: '2024-03-01', to: '2024-03-05' };
const barsAt = (c: number): FetchedBars => ({ bars: [{ ts: 0, o: c, h: c, l: c, c, v: 1 }], actions: [] });

function provider(
  name: 'yahoo' | 'stooq' | 'csv',
  answer: FetchedBars | Error,
  listing?: Listing | Error,
): Provider & { asked: BarRequest[] } {
  const asked: BarRequest[] = [];
  const give = async <T>(what: T | Error) => {
    if (what instanceof Error) throw what;
    return what;
  };
  return {
    name,
    asked,
    fetchBars: (request) => {
      asked.push(request);
      return give(answer);
    },
    ...(listing && { describe: () => give(listing) }),
  };
}

test('sends no request to other providers once one answers', async () => {
  const [yahoo, stooq] = [provider('yahoo', barsAt(1)), provider('stooq', barsAt(2))];
  expect(await failover([yahoo, stooq]).fetchBars(REQUEST)).toEqual({
    ...barsAt(1),
    provider: 'yahoo',
    attempts: [],
  });
  expect(stooq.asked).toEqual([]);
});

test.each<ProviderError>([
  new RateLimitedError('AAPL: no'),
  new ProviderTimeoutError('AAPL: no'),
  new PartialAnswerError('AAPL: no'),
  new SchemaDriftError('AAPL: no'),
  new NotFoundError('AAPL: no'),
  new DelistedError('AAPL: no'),
  new KeyRefusedError('AAPL: no'),
  new NotCoveredError('AAPL: no'),
])('sends the same request to the next provider after %o', async (error) => {
  const [yahoo, stooq] = [provider('yahoo', error), provider('stooq', barsAt(2))];
  expect(await failover([yahoo, stooq]).fetchBars(REQUEST)).toEqual({
    ...barsAt(2),
    provider: 'stooq',
    attempts: [{ provider: 'yahoo', reason: error.reason, message: 'AAPL: no' }],
  });
  expect(stooq.asked).toEqual([REQUEST]);
});

test('accepts an answer without bars', async () => {
  const [yahoo, stooq] = [provider('yahoo', { bars: [], actions: [] }), provider('stooq', barsAt(2))];
  expect((await failover([yahoo, stooq]).fetchBars(REQUEST)).provider).toBe('yahoo');
});

test("reports each provider's message with the first one's reason if all refuse", async () => {
  const failing = failover([
    provider('yahoo', new RateLimitedError('AAPL: request refused (HTTP 429)')),
    provider('stooq', new NotFoundError('AAPL: Stooq has no data for it (HTTP 200)')),
  ]);
  const error = await failing.fetchBars(REQUEST).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AllProvidersFailedError);
  expect(error).toMatchObject({
    reason: 'rate_limited',
    message: 'AAPL: yahoo: request refused (HTTP 429); stooq: Stooq has no data for it (HTTP 200)',
    attempts: [
      { provider: 'yahoo', reason: 'rate_limited', message: 'AAPL: request refused (HTTP 429)' },
      { provider: 'stooq', reason: 'not_found', message: 'AAPL: Stooq has no data for it (HTTP 200)' },
    ],
  });
});

test("prefers the second provider's reason to not_covered", async () => {
  const stooq = provider('stooq', new NotCoveredError('AAPL: daily only'));
  const late = provider('yahoo', new ProviderTimeoutError('AAPL: late'));
  await expect(failover([stooq, late]).fetchBars(REQUEST)).rejects.toMatchObject({ reason: 'timeout' });
  await expect(failover([stooq, stooq]).fetchBars(REQUEST)).rejects.toMatchObject({ reason: 'not_covered' });
});

test('does not hide a broken installation behind another provider', async () => {
  const broken = new ConfigurationError('STOOQ_KEY_SECRET: no key');
  const next = provider('yahoo', barsAt(1));
  await expect(failover([provider('stooq', broken), next]).fetchBars(REQUEST)).rejects.toBe(broken);
  expect(next.asked).toEqual([]);
});

test('takes its name and concurrency from the first provider', () => {
  const first = { ...provider('stooq', barsAt(1)), concurrency: 3 };
  expect(failover([first, provider('yahoo', barsAt(2))])).toMatchObject({ name: 'stooq', concurrency: 3 });
});

test('describes an instrument by the first provider that can, and fails over to the next', async () => {
  const listing = { symbol: 'AAPL', name: 'Apple Inc.' };
  const bare = provider('stooq', barsAt(1));
  expect(await failover([bare, provider('yahoo', barsAt(1), listing)]).describe?.('AAPL')).toEqual(listing);
  const refusing = provider('csv', barsAt(1), new RateLimitedError('AAPL: no'));
  expect(await failover([refusing, provider('yahoo', barsAt(1), listing)]).describe?.('AAPL')).toEqual(
    listing,
  );
  expect(failover([bare, bare]).describe).toBeUndefined();
});

const level = (before: number): FetchedBars => ({
  bars: Array.from({ length: 40 }, (_, i) => {
    const c = (i < 20 ? before : 100) * (1 + (i % 2) / 100);
    return { ts: Date.parse('2024-01-01') + i * 86_400_000, o: c, h: c * 1.01, l: c * 0.99, c, v: 1000 };
  }),
  actions: [{ exDay: '2024-01-21', kind: 'split', value: 4 }],
});

test('prefers the bars of the next provider to those before a split that was not applied', async () => {
  const chain = failover([provider('yahoo', level(400)), provider('stooq', level(100))]);
  expect(await chain.fetchBars(REQUEST)).toMatchObject({
    provider: 'stooq',
    attempts: [{ provider: 'yahoo', reason: 'doubtful', message: expect.stringContaining('split of 4') }],
  });
});

test('keeps the doubtful bars of the first provider where no other has better ones', async () => {
  const refusal = new NotFoundError('AAPL: no such');
  for (const other of [level(400), refusal]) {
    const chain = failover([provider('yahoo', level(400)), provider('stooq', other)]);
    expect(await chain.fetchBars(REQUEST)).toMatchObject({
      provider: 'yahoo',
      attempts: [],
      bars: level(400).bars,
    });
  }
});
