import { defineVendor } from '../descriptor.ts';
import { otherOrigin, requiredSecret } from '../variables.ts';
import { fromTiingo, toTiingo } from './tiingo-symbols.ts';

/**
 * Tiingo's daily prices. Its free plan allows 50 requests an hour and 1,000 a day, each for one symbol. A retry costs
 * as much as a symbol. Plan keeps these allowances for all runs (docs/adr/0036).
 */
export const TIINGO = defineVendor({
  name: 'tiingo',
  kind: 'vendor',
  title: 'Tiingo',
  capabilities: { intervals: ['daily'], actions: true, listing: [], symbolsPerRequest: 1 },
  policy: {
    timeoutMs: 20_000,
    intervalMs: 500,
    concurrency: 1,
    requestsPerHour: 50,
    requestsPerDay: 1_000,
    retries: 1,
    firstBackoffMs: 2_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 3,
    halfOpenAfterMs: 60_000,
    suspicionMs: 0,
  },
  variables: {
    TIINGO_KEY_SECRET: requiredSecret('the token for Tiingo'),
    TIINGO_ORIGIN: otherOrigin('Tiingo'),
  },
  symbols: { toVendor: toTiingo, fromVendor: fromTiingo },
  open: async ({ TIINGO_KEY_SECRET: keySecret, TIINGO_ORIGIN: origin }, { timeoutMs }) => {
    const { openTiingoProvider } = await import('./tiingo-provider.ts');
    return openTiingoProvider({ keySecret, origin, timeoutMs });
  },
});
