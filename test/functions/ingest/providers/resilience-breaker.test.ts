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
import { NONE, reason, START, scripted, settled } from './resilience-support.ts';

test('does not hold requests for bars by the Retry-After of a description', async () => {
  const limited = new RateLimitedError('login: request refused', { retryAfterMs: 600_000 });
  const { provider, asked } = scripted([limited, NONE], { retries: 0 });
  await expect(provider.describe?.('A')).rejects.toBe(limited);
  expect(await settled(provider)).toBe(NONE);
  expect(asked).toEqual([
    [0, 'A'],
    [0, 'AAPL'],
  ]);
});

describe('circuit breaker', () => {
  const LIMITED = new RateLimitedError('AAPL: request refused (HTTP 429)');

  test.each([
    ['rate limits', LIMITED],
    ['blocks', new BlockedError('m')],
    ['timeouts', new ProviderTimeoutError('m')],
    ['faults of the server', new UnavailableError('m')],
    ['a quota that is used up', new QuotaExceededError('m')],
    ['a key that is refused', new KeyRefusedError('m')],
  ])('opens after several %s in a row, and then sends no request', async (_, error) => {
    const { provider, asked } = scripted([error], { breakAfter: 3, retries: 0 });
    for (const symbol of ['A', 'B', 'C']) expect(await settled(provider, symbol)).toBe(error);
    const [failed, again] = [await settled(provider, 'D'), await settled(provider, 'E')];
    expect(failed).toBeInstanceOf(NotSentError);
    expect([failed, again]).toMatchObject([{ reason: error.reason }, { reason: error.reason }]);
    expect(asked).toHaveLength(3);
    expect(Date.now()).toBe(START);
  });

  test('stays closed for bars while descriptions are refused', async () => {
    const { provider, asked } = scripted([new BlockedError('login: not a crumb')], {
      breakAfter: 2,
      retries: 0,
    });
    for (const symbol of ['A', 'B', 'C'])
      await expect(provider.describe?.(symbol)).rejects.toMatchObject({ reason: 'blocked' });
    // The third description was not requested; bars still are.
    expect(asked).toHaveLength(2);
    await settled(provider, 'D');
    expect(asked).toHaveLength(3);
  });

  test('reports since when it is open, and why', async () => {
    const { provider } = scripted([LIMITED], { breakAfter: 1, retries: 0 });
    await settled(provider);
    expect(await settled(provider, 'IBM')).toMatchObject({
      reason: 'rate_limited',
      message:
        'IBM: no request sent: the breaker of yahoo is open since 2024-03-06T12:00:00Z (AAPL: request refused (HTTP 429))',
    });
  });

  test('counts every answer, including retries, and stops the retries', async () => {
    const { provider, asked } = scripted([LIMITED], { breakAfter: 2, retries: 5 });
    expect(await settled(provider)).toBe(LIMITED);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['resets the count after a success', NONE, 'answered'],
    ['does not count an unknown symbol', new NotFoundError('m'), 'not_found'],
    ['does not count a changed schema', new SchemaDriftError('m'), 'schema_drift'],
    ['does not count a partial answer', new PartialAnswerError('m'), 'partial_answer'],
  ])('%s', async (_, line, expected) => {
    const no = new UnavailableError('m');
    const { provider } = scripted([no, line, no, line, no, line], { breakAfter: 4, retries: 0 });
    for (let i = 0; i < 5; i++) await settled(provider);
    expect(await reason(provider)).toBe(expected);
  });

  test('half opens: one request tests the vendor, and a good answer closes it', async () => {
    const { provider, asked } = scripted([LIMITED, LIMITED, NONE], {
      breakAfter: 2,
      retries: 0,
      concurrency: 3,
    });
    await settled(provider);
    await settled(provider);
    vi.setSystemTime(START + 59_999);
    expect(await settled(provider)).toBeInstanceOf(NotSentError);
    vi.setSystemTime(START + 60_000);
    expect(await Promise.all(['A', 'B', 'C'].map((symbol) => reason(provider, symbol)))).toEqual([
      'answered',
      'answered',
      'answered',
    ]);
    expect(asked).toHaveLength(5);
  });

  test('half opens: another refusal opens it again without a retry, and keeps the first time', async () => {
    const { provider, asked } = scripted([LIMITED], { breakAfter: 2 });
    await settled(provider);
    vi.setSystemTime(START + 200_000);
    expect(await settled(provider)).toBe(LIMITED);
    expect(asked).toHaveLength(3);
    const next = await settled(provider);
    expect(next).toMatchObject({ message: expect.stringContaining('open since 2024-03-06T12:00:0') });
    expect(asked).toHaveLength(3);
  });
});

describe('"not found" and "delisted" near a rate limit', () => {
  const DELISTED = new DelistedError('IBM: No data found, symbol may be delisted (HTTP 404)');

  test('counts "delisted" soon after a rate limit as another rate limit', async () => {
    const { provider } = scripted([new RateLimitedError('m'), DELISTED], { retries: 0 });
    await settled(provider);
    vi.setSystemTime(START + 30_000);
    expect(await settled(provider, 'IBM')).toMatchObject({
      name: 'RateLimitedError',
      reason: 'rate_limited',
      message: `${DELISTED.message} (probably a rate limit: the last one was 30 s before)`,
      cause: DELISTED,
    });
  });

  test('retries such a symbol, which may turn out to exist', async () => {
    const { provider, asked } = scripted([new RateLimitedError('m'), new NotFoundError('m'), NONE]);
    expect(await reason(provider)).toBe('answered');
    expect(asked).toHaveLength(3);
  });

  test('accepts "delisted" without a rate limit, after another refusal, and long after a rate limit', async () => {
    const { provider } = scripted(
      [DELISTED, new UnavailableError('m'), DELISTED, new RateLimitedError('m'), DELISTED],
      {
        retries: 0,
      },
    );
    expect(await reason(provider)).toBe('delisted');
    expect(await reason(provider)).toBe('unavailable');
    expect(await reason(provider)).toBe('delisted');
    expect(await reason(provider)).toBe('rate_limited');
    vi.setSystemTime(START + 60_000);
    expect(await reason(provider)).toBe('rate_limited');
    vi.setSystemTime(START + 120_001);
    // A presumed rate limit casts no doubt on later answers.
    expect(await reason(provider)).toBe('delisted');
  });
});
