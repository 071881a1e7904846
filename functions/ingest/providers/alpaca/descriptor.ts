import { defineVendor } from '../descriptor.ts';
import { otherOrigin, requiredSecret } from '../variables.ts';
import { fromAlpaca, toAlpaca } from './alpaca-symbols.ts';

/** Alpaca's market data. Its free plan allows 200 requests a minute, each of up to 10,000 bars of many symbols. */
export const ALPACA = defineVendor({
  name: 'alpaca',
  kind: 'vendor',
  title: 'Alpaca',
  capabilities: { intervals: ['daily'], actions: false, listing: [], symbolsPerRequest: 50 },
  policy: {
    timeoutMs: 20_000,
    intervalMs: 350,
    concurrency: 1,
    retries: 3,
    firstBackoffMs: 1_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 5,
    halfOpenAfterMs: 60_000,
    suspicionMs: 0,
  },
  variables: {
    ALPACA_KEY_SECRET: requiredSecret('the key id and the secret key for Alpaca'),
    ALPACA_ORIGIN: otherOrigin('Alpaca'),
  },
  symbols: { toVendor: toAlpaca, fromVendor: fromAlpaca },
  open: async ({ ALPACA_KEY_SECRET: keySecret, ALPACA_ORIGIN: origin }, { timeoutMs, intervalMs }) => {
    const { openAlpacaProvider } = await import('./alpaca-provider.ts');
    return openAlpacaProvider({ keySecret, origin, timeoutMs, pageIntervalMs: intervalMs });
  },
});
