import { defineVendor } from '../descriptor.ts';
import { otherOrigin } from '../variables.ts';
import { fromYahoo, toYahoo } from './yahoo-symbols.ts';

/**
 * Yahoo Finance. It limits requests by address and, once it refuses, refuses for minutes at any pace: a slow crawl
 * gets further than a burst. A chart takes well under a second.
 */
export const YAHOO = defineVendor({
  name: 'yahoo',
  kind: 'vendor',
  title: 'Yahoo',
  capabilities: {
    intervals: ['daily', '15m'],
    actions: true,
    listing: ['name', 'exchange', 'sector', 'marketCap', 'trailingPe'],
    symbolsPerRequest: 1,
  },
  policy: {
    timeoutMs: 20_000,
    intervalMs: 500,
    concurrency: 2,
    retries: 3,
    firstBackoffMs: 1_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 5,
    halfOpenAfterMs: 60_000,
    suspicionMs: 300_000,
  },
  variables: { YAHOO_ORIGIN: otherOrigin('Yahoo') },
  symbols: { toVendor: toYahoo, fromVendor: fromYahoo },
  open: async ({ YAHOO_ORIGIN: origin }, { timeoutMs }) => {
    const { openYahooProvider } = await import('./yahoo-provider.ts');
    return openYahooProvider({ origin, timeoutMs });
  },
});
