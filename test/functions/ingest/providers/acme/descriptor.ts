import { defineVendor } from '../../../../../functions/ingest/providers/descriptor.ts';
import { otherOrigin, requiredSecret } from '../../../../../functions/ingest/providers/variables.ts';
import { fromAcme, toAcme } from './acme-symbols.ts';

/** A made-up vendor: a key, several symbols a request, and a daily allowance. */
export const ACME = defineVendor({
  name: 'acme',
  kind: 'vendor',
  title: 'Acme',
  capabilities: { intervals: ['daily'], actions: false, listing: [], symbolsPerRequest: 3 },
  policy: {
    timeoutMs: 5_000,
    intervalMs: 60_000,
    concurrency: 1,
    requestsPerDay: 4,
    retries: 1,
    firstBackoffMs: 1,
    longestBackoffMs: 1,
    longestRetryAfterMs: 1_000,
    breakAfter: 3,
    halfOpenAfterMs: 1_000,
    suspicionMs: 0,
  },
  variables: {
    ACME_KEY_SECRET: requiredSecret('the key for Acme'),
    ACME_ORIGIN: otherOrigin('Acme'),
  },
  symbols: { toVendor: toAcme, fromVendor: fromAcme },
  open: async ({ ACME_KEY_SECRET: keySecret, ACME_ORIGIN: origin }, { timeoutMs }) => {
    const { openAcmeProvider } = await import('./acme-provider.ts');
    return openAcmeProvider({ keySecret, origin, timeoutMs });
  },
});
