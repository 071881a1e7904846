import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openAlpacaProvider } from '../../functions/ingest/providers/alpaca/alpaca-provider.ts';
import { combineRequests } from '../../functions/ingest/providers/many-symbols.ts';
import type { Provider } from '../../functions/ingest/providers/provider.ts';
import { resilient } from '../../functions/ingest/providers/resilience.ts';
import { openTiingoProvider } from '../../functions/ingest/providers/tiingo/tiingo-provider.ts';
import { openYahooProvider } from '../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import type { MarketServer } from '../market/server.ts';
import { CRYPTO, type Exchange, LONDON, NASDAQ, NYSE, TOKYO } from '../market/trading-hours.ts';

/** A short time limit that even a busy machine meets, because few requests share it, and no pace. */
const POLICY = {
  timeoutMs: 5000,
  intervalMs: 0,
  concurrency: 4,
  retries: 1,
  firstBackoffMs: 1,
  longestBackoffMs: 4,
  longestRetryAfterMs: 5,
  breakAfter: 12,
  halfOpenAfterMs: 10,
  suspicionMs: 20,
};

/** Symbols of one of Alpaca's requests: few, so that a run has many requests. */
const SYMBOLS_PER_REQUEST = 2;

/** A vendor that a campaign may run against. */
interface Vendor {
  /** The exchanges of its instruments, in turn. */
  readonly exchanges: readonly [Exchange, ...Exchange[]];
  readonly symbolsPerRequest: number;
  /**
   * Opens a client.
   *
   * @param folder - where keys are written
   */
  open(server: MarketServer, folder: string): Promise<Provider>;
}

/** The vendors by name. Yahoo's market has as many cryptocurrencies as shares; the other two have American shares only. */
export const VENDORS = {
  yahoo: {
    exchanges: [NASDAQ, CRYPTO, LONDON, CRYPTO, NYSE, CRYPTO, TOKYO, CRYPTO],
    symbolsPerRequest: 1,
    open: async ({ origin }) => resilient(openYahooProvider({ origin, timeoutMs: POLICY.timeoutMs }), POLICY),
  },
  alpaca: {
    exchanges: [NASDAQ, NYSE],
    symbolsPerRequest: SYMBOLS_PER_REQUEST,
    open: async ({ origin }, folder) => {
      const keySecret = await writeKey(folder, JSON.stringify({ keyId: 'KEY', secretKey: 'SECRET' }));
      const options = { origin, keySecret, timeoutMs: POLICY.timeoutMs, pageIntervalMs: 0 };
      return combineRequests(resilient(await openAlpacaProvider(options), POLICY), SYMBOLS_PER_REQUEST);
    },
  },
  tiingo: {
    exchanges: [NASDAQ, NYSE],
    symbolsPerRequest: 1,
    open: async ({ origin }, folder) => {
      const keySecret = await writeKey(folder, 'TOKEN');
      return resilient(await openTiingoProvider({ origin, keySecret, timeoutMs: POLICY.timeoutMs }), POLICY);
    },
  },
} as const satisfies Record<string, Vendor>;

export type CampaignVendor = keyof typeof VENDORS;

async function writeKey(folder: string, key: string): Promise<string> {
  const file = join(folder, 'vendor.key');
  await writeFile(file, key, { mode: 0o600 });
  return pathToFileURL(file).href;
}
