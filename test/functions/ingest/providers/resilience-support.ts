import { afterEach, beforeEach, vi } from 'vitest';
import { ProviderError } from '../../../../functions/ingest/providers/errors.ts';
import type { Policy } from '../../../../functions/ingest/providers/policy.ts';
import type { FetchedBars, Provider } from '../../../../functions/ingest/providers/provider.ts';
import { resilient } from '../../../../functions/ingest/providers/resilience.ts';

/** When the clock of these tests starts. */
export const START = Date.parse('2024-03-06T12:00:00Z');
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

export const POLICY: Policy = {
  timeoutMs: 1000,
  intervalMs: 0,
  concurrency: 1,
  retries: 2,
  firstBackoffMs: 1000,
  longestBackoffMs: 8000,
  longestRetryAfterMs: 60_000,
  breakAfter: 100,
  halfOpenAfterMs: 60_000,
  suspicionMs: 120_000,
};
/** An answer without bars. */
export const NONE: FetchedBars = { bars: [], actions: [] };

/** Makes a provider that follows a script, repeats its last line, and records its requests. */
export function scripted(script: (Error | FetchedBars)[], policy: Partial<Policy> = {}) {
  const asked: [ms: number, symbol: string][] = [];
  const lines = [...script];
  const next = async (symbol: string) => {
    asked.push([Date.now() - START, symbol]);
    const line = lines.length > 1 ? lines.shift() : lines[0];
    if (line instanceof Error) throw line;
    return line ?? NONE;
  };
  const inner: Provider = {
    name: 'yahoo',
    fetchBars: ({ symbol }) => next(symbol),
    describe: async (symbol) => {
      await next(symbol);
      return { symbol };
    },
  };
  return { provider: resilient(inner, { ...POLICY, ...policy }), asked };
}

/** The outcome of a request while the clock runs. */
export async function settled(provider: Provider, symbol = 'AAPL'): Promise<FetchedBars | ProviderError> {
  const ended = provider
    .fetchBars({ symbol, interval: 'daily', from: '2024-03-01', to: '2024-03-05' })
    .catch((error: unknown) => {
      if (error instanceof ProviderError) return error;
      throw error;
    });
  await vi.runAllTimersAsync();
  return ended;
}
/** The reason of a refusal, or `answered`. */
export const reason = async (...of: Parameters<typeof settled>) => {
  const end = await settled(...of);
  return end instanceof ProviderError ? end.reason : 'answered';
};
