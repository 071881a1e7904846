import { defineVendor } from '../descriptor.ts';
import { otherOrigin, requiredSecret } from '../variables.ts';
import { fromStooq, toStooq } from './stooq-symbols.ts';

/** Stooq. It counts hits a day, so a retry costs as much as a symbol, and the client sends one request at a time. */
export const STOOQ = defineVendor({
  name: 'stooq',
  kind: 'vendor',
  title: 'Stooq',
  capabilities: { intervals: ['daily'], actions: false, listing: [], symbolsPerRequest: 1 },
  policy: {
    timeoutMs: 20_000,
    intervalMs: 1_000,
    concurrency: 1,
    retries: 1,
    firstBackoffMs: 2_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 3,
    halfOpenAfterMs: 60_000,
    suspicionMs: 60_000,
  },
  variables: {
    STOOQ_KEY_SECRET: requiredSecret('the key for Stooq'),
    STOOQ_ORIGIN: otherOrigin('Stooq'),
  },
  symbols: { toVendor: (symbol) => toStooq(symbol)?.code, fromVendor: fromStooq },
  open: async ({ STOOQ_KEY_SECRET: keySecret, STOOQ_ORIGIN: origin }, { timeoutMs }) => {
    const { openStooqProvider } = await import('./stooq-provider.ts');
    return openStooqProvider({ keySecret, origin, timeoutMs });
  },
});
