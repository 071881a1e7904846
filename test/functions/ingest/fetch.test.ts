import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { fetchBatch } from '../../../functions/ingest/fetch.ts';
import {
  NotFoundError,
  PartialAnswerError,
  ProviderTimeoutError,
  RateLimitedError,
} from '../../../functions/ingest/providers/errors.ts';
import { failover } from '../../../functions/ingest/providers/failover.ts';
import type {
  Bar,
  BarRequest,
  CorporateAction,
  Listing,
  Provider,
} from '../../../functions/ingest/providers/provider.ts';
import { rawKey, readRaw } from '../../../functions/ingest/raw.ts';
import { objects, record } from './fetch-support.ts';
import { bar, batchOf, rawBar } from './support.ts';

type Answer = Bar[] | Error;

/** Makes a provider that answers each symbol with bars or an error, and records its requests. */
function providerOf(
  answers: Record<string, Answer>,
  {
    name = 'csv',
    concurrency,
    actions = [],
  }: { name?: Provider['name']; concurrency?: number; actions?: CorporateAction[] } = {},
): Provider & { asked: BarRequest[] } {
  const asked: BarRequest[] = [];
  return {
    name,
    asked,
    ...(concurrency && { concurrency }),
    fetchBars: async (request) => {
      asked.push(request);
      const answer = answers[request.symbol] ?? [];
      if (answer instanceof Error) throw answer;
      return { bars: answer, actions };
    },
  };
}

test("requests the batch's days once for each instrument, with the batch's other symbols", async () => {
  const provider = providerOf({});
  await fetchBatch(batchOf({ symbols: ['AAPL', 'IBM'], interval: '15m' }), provider, objects);
  const days = { interval: '15m', from: '2026-03-02', to: '2026-03-06' };
  expect(provider.asked).toEqual([
    { symbol: 'AAPL', ...days, batch: ['AAPL', 'IBM'] },
    { symbol: 'IBM', ...days, batch: ['AAPL', 'IBM'] },
  ]);
});

test('sends no request in a replay', async () => {
  const provider = providerOf({});
  const result = await fetchBatch(batchOf({ batch: 2, replay: 'run-0' }), provider, objects);
  expect(result).toEqual({ batch: 2, fetched: 0, failed: 0 });
  expect(provider.asked).toEqual([]);
  expect(await record('AAPL')).toBeUndefined();
});

test('records the bars and actions of each instrument, or its failure, and continues', async () => {
  const actions: CorporateAction[] = [{ exDay: '2026-03-03', kind: 'dividend', value: 0.25 }];
  const provider = providerOf(
    {
      AAPL: [bar('2026-03-02', 100), bar('2026-03-03', 101)],
      IBM: new RateLimitedError('IBM: asked too often'),
      MSFT: [],
    },
    { actions },
  );
  const result = await fetchBatch(batchOf({ batch: 7, symbols: ['AAPL', 'IBM', 'MSFT'] }), provider, objects);
  expect(result).toEqual({ batch: 7, fetched: 2, failed: 1 });
  const request = {
    version: 2,
    interval: 'daily',
    from: '2026-03-02',
    to: '2026-03-06',
    provider: 'csv',
    fetchedAt: '2026-03-06T23:30:00.000Z',
  };
  expect(await record('AAPL')).toEqual({
    ...request,
    status: 'fetched',
    symbol: 'AAPL',
    attempts: [],
    bars: [rawBar('2026-03-02', 100), rawBar('2026-03-03', 101)],
    actions,
  });
  expect(await record('IBM')).toEqual({
    ...request,
    status: 'failed',
    symbol: 'IBM',
    reason: 'rate_limited',
    message: 'IBM: asked too often',
    attempts: [{ provider: 'csv', reason: 'rate_limited', message: 'IBM: asked too often' }],
  });
  expect(await record('MSFT')).toMatchObject({ status: 'fetched', symbol: 'MSFT', bars: [] });
});

test('records which provider answered, and which refused before it', async () => {
  const yahoo = providerOf(
    { AAPL: new PartialAnswerError('AAPL: cut off'), IBM: new NotFoundError('IBM: no') },
    { name: 'yahoo' },
  );
  const stooq = providerOf(
    { AAPL: [bar('2026-03-02', 100)], IBM: new RateLimitedError('IBM: no') },
    { name: 'stooq' },
  );
  await fetchBatch(batchOf({ symbols: ['AAPL', 'IBM'] }), failover([yahoo, stooq]), objects);
  expect(await record('AAPL')).toMatchObject({
    status: 'fetched',
    provider: 'stooq',
    attempts: [{ provider: 'yahoo', reason: 'partial_answer', message: 'AAPL: cut off' }],
    bars: [rawBar('2026-03-02', 100)],
  });
  expect(await record('IBM')).toMatchObject({
    status: 'failed',
    provider: 'yahoo',
    reason: 'not_found',
    message: 'IBM: yahoo: no; stooq: no',
    attempts: [{ provider: 'yahoo' }, { provider: 'stooq' }],
  });
});

describe('concurrency', () => {
  test.each([
    [undefined, 1],
    [3, 3],
    [9, 5],
  ])(
    'requests as many symbols at once as the provider takes, with a concurrency of %s: %i',
    async (concurrency, expected) => {
      let atOnce = 0;
      let most = 0;
      const provider: Provider = {
        name: 'csv',
        ...(concurrency && { concurrency }),
        fetchBars: async () => {
          most = Math.max(most, ++atOnce);
          await new Promise((resolve) => setTimeout(resolve, 5));
          atOnce--;
          return { bars: [], actions: [] };
        },
      };
      const symbols = ['A', 'B', 'C', 'D', 'E'];
      expect(await fetchBatch(batchOf({ symbols }), provider, objects)).toMatchObject({ fetched: 5 });
      expect(most).toBe(expected);
      for (const symbol of symbols) expect(await record(symbol)).toBeDefined();
    },
  );

  test('stops after a defect, and propagates it', async () => {
    const defect = new TypeError('undefined is not a function');
    const provider = providerOf({ B: defect }, { concurrency: 2 });
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    await expect(fetchBatch(batchOf({ symbols }), provider, objects)).rejects.toBe(defect);
    expect(provider.asked.length).toBeLessThan(5);
    expect(await record('B')).toBeUndefined();
  });
});

describe('repeated fetch', () => {
  const again = async (first: Answer, batch = batchOf()) => {
    const provider = providerOf({ AAPL: first });
    await fetchBatch(batchOf(), provider, objects);
    const second = providerOf({ AAPL: [bar('2026-03-02', 200)] });
    const result = await fetchBatch(batch, second, objects);
    return { asked: second.asked.length, result };
  };

  test('keeps and counts instruments that are fetched already', async () => {
    const { asked, result } = await again([bar('2026-03-02', 100)]);
    expect(asked).toBe(0);
    expect(result).toEqual({ batch: 0, fetched: 1, failed: 0 });
    expect(await record('AAPL')).toMatchObject({ bars: [rawBar('2026-03-02', 100)] });
  });

  test('keeps an answer without bars', async () => {
    expect((await again([])).asked).toBe(0);
  });

  test.each([
    [new RateLimitedError('m'), 1],
    [new ProviderTimeoutError('m'), 1],
    [new PartialAnswerError('m'), 1],
    [new NotFoundError('m'), 0],
  ])('after %o, sends %i more requests', async (error, times) => {
    const { asked, result } = await again(error);
    expect(asked).toBe(times);
    expect(result).toMatchObject({ fetched: times, failed: 1 - times });
  });

  test('repeats the request if only the second provider may answer differently', async () => {
    const refused = failover([
      providerOf({ AAPL: new NotFoundError('AAPL: no') }, { name: 'yahoo' }),
      providerOf({ AAPL: new RateLimitedError('AAPL: no') }, { name: 'stooq' }),
    ]);
    await fetchBatch(batchOf(), refused, objects);
    const provider = providerOf({});
    await fetchBatch(batchOf(), provider, objects);
    expect(provider.asked).toHaveLength(1);
  });

  test.each([
    ['another last day', { asOf: '2026-03-05' }],
    ['another first day', { from: '2018-03-06' }],
    ['another interval', { interval: '15m' } as const],
    ['another run', { runId: 'run-2' }],
  ])('fetches again for %s', async (_, rest) => {
    expect((await again([bar('2026-03-02', 100)], batchOf(rest))).asked).toBe(1);
  });

  test('fetches an instrument again if its record cannot be read', async () => {
    vi.stubEnv('LOG_LEVEL', 'warn');
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await objects.put(rawKey(batchOf(), 'AAPL'), gzipSync('{"version":1}'));
    const provider = providerOf({ AAPL: [bar('2026-03-02', 100)] });
    await fetchBatch(batchOf(), provider, objects);
    expect(provider.asked).toHaveLength(1);
    expect(await record('AAPL')).toMatchObject({ status: 'fetched' });
    expect(String(written.mock.calls)).toContain('raw record not readable');
  });
});

describe('descriptions', () => {
  const described = (answer: Listing | Error) => {
    const asked: string[] = [];
    const provider: Provider = {
      ...providerOf({ IBM: [bar('2026-03-02', 100)] }, { name: 'yahoo' }),
      describe: async (symbol) => {
        asked.push(symbol);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    return { provider, asked };
  };
  const WHOLE = batchOf({ symbols: ['IBM'], from: '2018-03-06' });

  test('describes an instrument with its whole history, and records the description', async () => {
    const listing = { symbol: 'IBM', name: 'IBM', marketCap: 2e11 };
    const { provider, asked } = described(listing);
    await fetchBatch(WHOLE, provider, objects);
    expect(await readRaw(objects, WHOLE, 'IBM')).toMatchObject({ status: 'fetched', listing });
    expect(asked).toEqual(['IBM']);
  });

  test('describes no reference instrument', async () => {
    const { provider, asked } = described({ symbol: 'IBM' });
    await fetchBatch({ ...WHOLE, isReference: true }, provider, objects);
    expect(asked).toEqual([]);
  });

  test('describes an instrument with a few days only on its turn', async () => {
    const { provider, asked } = described({ symbol: 'IBM' });
    const days = Array.from({ length: 28 }, (_, i) => `2026-03-${String(i + 1).padStart(2, '0')}`);
    for (const asOf of days) {
      await fetchBatch(batchOf({ runId: asOf, symbols: ['IBM'], asOf }), provider, objects);
    }
    expect(asked).toEqual(['IBM']);
  });

  test('leaves out a refused description, and propagates a defect', async () => {
    await fetchBatch(WHOLE, described(new NotFoundError('IBM: no')).provider, objects);
    const kept = await readRaw(objects, WHOLE, 'IBM');
    expect(kept).toMatchObject({ status: 'fetched' });
    expect(kept).not.toHaveProperty('listing');
    const defect = new TypeError('no');
    const again = { ...WHOLE, runId: 'run-2' };
    await expect(fetchBatch(again, described(defect).provider, objects)).rejects.toBe(defect);
  });
});
