import { describe, expect, test, vi } from 'vitest';
import {
  BlockedError,
  DelistedError,
  KeyRefusedError,
  NotFoundError,
  NotSentError,
  PartialAnswerError,
  ProviderTimeoutError,
  QuotaExceededError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../../../../functions/ingest/providers/errors.ts';
import type { Provider } from '../../../../functions/ingest/providers/provider.ts';
import { resilient } from '../../../../functions/ingest/providers/resilience.ts';
import { NONE, POLICY, reason, START, scripted, settled } from './resilience-support.ts';

describe('retries', () => {
  test.each([
    [new RateLimitedError('m'), 3],
    [new BlockedError('m'), 3],
    [new ProviderTimeoutError('m'), 3],
    [new UnavailableError('m'), 3],
    [new PartialAnswerError('m'), 3],
    [new SchemaDriftError('m'), 1],
    [new NotFoundError('m'), 1],
    [new DelistedError('m'), 1],
    [new QuotaExceededError('m'), 1],
    [new KeyRefusedError('m'), 1],
  ])('sends a request that ends with %o %i times', async (error, times) => {
    const { provider, asked } = scripted([error]);
    expect(await settled(provider)).toBe(error);
    expect(asked).toHaveLength(times);
  });

  test('stops retrying after an answer', async () => {
    const { provider, asked } = scripted([new UnavailableError('m'), NONE]);
    expect(await settled(provider)).toBe(NONE);
    expect(asked).toHaveLength(2);
  });

  test('passes on a defect without a retry', async () => {
    const defect = new TypeError('undefined is not a function');
    const { provider, asked } = scripted([defect]);
    await expect(provider.describe?.('AAPL')).rejects.toBe(defect);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [0, [0, 0, 0, 0]],
    [0.5, [0, 500, 1500, 3500]],
    [0.999, [0, 999, 2997, 6993]],
  ])('draws each wait from 0 to twice the last limit: %s', async (draw, times) => {
    vi.spyOn(Math, 'random').mockReturnValue(draw);
    const { provider, asked } = scripted([new UnavailableError('m')], { retries: 3 });
    await settled(provider);
    expect(asked.map(([ms]) => ms)).toEqual(times);
  });

  test('limits the longest wait', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { provider, asked } = scripted([new UnavailableError('m')], { retries: 6, longestBackoffMs: 2000 });
    await settled(provider);
    expect((asked.at(-1)?.[0] ?? 0) - (asked.at(-2)?.[0] ?? 0)).toBe(1998);
  });

  test('retries descriptions in the same way', async () => {
    const { provider, asked } = scripted([new UnavailableError('m'), NONE]);
    const described = provider.describe?.('IBM');
    await vi.runAllTimersAsync();
    expect(await described).toEqual({ symbol: 'IBM' });
    expect(asked).toHaveLength(2);
  });
});

describe('Retry-After', () => {
  test('makes every symbol wait for a Retry-After', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { provider, asked } = scripted([new RateLimitedError('m', { retryAfterMs: 7000 }), NONE], {
      concurrency: 2,
    });
    const [first, second] = [settled(provider, 'AAPL'), settled(provider, 'IBM')];
    expect([await first, await second]).toEqual([NONE, NONE]);
    // The second request was in flight already.
    const late = settled(provider, 'MSFT');
    expect(await late).toBe(NONE);
    expect(asked.filter(([ms]) => ms > 0 && ms < 7000)).toEqual([]);
    expect(asked.filter(([, symbol]) => symbol === 'AAPL').map(([ms]) => ms)).toEqual([0, 7000]);
  });

  test('holds the next symbol back, too', async () => {
    const { provider, asked } = scripted([new RateLimitedError('m', { retryAfterMs: 7000 }), NONE], {
      retries: 0,
    });
    expect(await reason(provider, 'AAPL')).toBe('rate_limited');
    expect(await reason(provider, 'IBM')).toBe('answered');
    expect(asked).toEqual([
      [0, 'AAPL'],
      [7000, 'IBM'],
    ]);
  });

  test('waits for the Retry-After of an unavailable server as well', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { provider, asked } = scripted([new UnavailableError('m', { retryAfterMs: 3000 }), NONE]);
    await settled(provider);
    expect(asked.map(([ms]) => ms)).toEqual([0, 3000]);
  });

  test('fails at once on a Retry-After that is too long, and sends no more requests', async () => {
    const { provider, asked } = scripted([new RateLimitedError('m', { retryAfterMs: 3_600_000 }), NONE]);
    expect(await reason(provider, 'AAPL')).toBe('rate_limited');
    const next = await settled(provider, 'IBM');
    expect(next).toBeInstanceOf(NotSentError);
    expect(next).toMatchObject({
      reason: 'rate_limited',
      message: 'IBM: no request sent: yahoo accepts none until 2024-03-06T13:00:00Z',
    });
    expect(asked).toHaveLength(1);
    expect(Date.now()).toBe(START);
    vi.setSystemTime(START + 3_600_000);
    expect(await reason(provider, 'IBM')).toBe('answered');
  });

  test('ends the wait of queued requests when a Retry-After is too long', async () => {
    const { provider, asked } = scripted([new RateLimitedError('m', { retryAfterMs: 3_600_000 }), NONE], {
      concurrency: 2,
      intervalMs: 500,
    });
    const [first, second] = [reason(provider, 'AAPL'), reason(provider, 'IBM')];
    expect([await first, await second]).toEqual(['rate_limited', 'rate_limited']);
    expect(asked).toHaveLength(1);
    expect(Date.now() - START).toBeLessThan(1000);
  });
});

test("keeps the vendor's pace and concurrency", async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  let atOnce = 0;
  let most = 0;
  const times: number[] = [];
  const inner: Provider = {
    name: 'yahoo',
    fetchBars: async () => {
      times.push(Date.now() - START);
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      atOnce--;
      return NONE;
    },
  };
  const provider = resilient(inner, { ...POLICY, intervalMs: 300, concurrency: 2 });
  expect(provider.concurrency).toBe(2);
  expect(provider.describe).toBeUndefined();
  await Promise.all(['A', 'B', 'C', 'D'].map((symbol) => settled(provider, symbol)));
  expect(most).toBe(2);
  expect(times).toEqual([0, 300, 1000, 1300]);
});
