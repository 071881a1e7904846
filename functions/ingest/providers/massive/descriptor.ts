import { defineVendor } from '../descriptor.ts';
import { otherOrigin, requiredSecret } from '../variables.ts';
import { fromMassive, toMassive } from './massive-symbols.ts';

/**
 * Massive's market data (Polygon.io until October 2025). Its free plan allows 5 requests a minute, and has two years of
 * bars up to the day before.
 */
export const MASSIVE = defineVendor({
  name: 'massive',
  kind: 'vendor',
  title: 'Massive',
  capabilities: { intervals: ['daily'], actions: true, listing: [], symbolsPerRequest: 1 },
  policy: {
    timeoutMs: 20_000,
    intervalMs: 12_000,
    concurrency: 1,
    retries: 3,
    firstBackoffMs: 2_000,
    longestBackoffMs: 30_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 5,
    halfOpenAfterMs: 60_000,
    suspicionMs: 0,
  },
  variables: {
    MASSIVE_KEY_SECRET: requiredSecret('the key for Massive'),
    MASSIVE_ORIGIN: otherOrigin('Massive'),
  },
  symbols: { toVendor: toMassive, fromVendor: fromMassive },
  pacesRequests: true,
  open: async ({ MASSIVE_KEY_SECRET: keySecret, MASSIVE_ORIGIN: origin }, policy) => {
    const { openMassive } = await import('./massive-provider.ts');
    return openMassive({ keySecret, origin }, policy);
  },
});
