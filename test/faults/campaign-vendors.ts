import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openAlpacaProvider } from '../../functions/ingest/providers/alpaca/alpaca-provider.ts';
import { combineRequests } from '../../functions/ingest/providers/many-symbols.ts';
import type { Provider } from '../../functions/ingest/providers/provider.ts';
import { resilient } from '../../functions/ingest/providers/resilience.ts';
import { openTiingoProvider } from '../../functions/ingest/providers/tiingo/tiingo-provider.ts';
import { openYahooProvider } from '../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import {
  CRYPTO,
  type Exchange,
  JOHANNESBURG,
  LONDON,
  NASDAQ,
  NYSE,
  TEL_AVIV,
  TOKYO,
} from '../market/trading-hours.ts';

/** No pace, and retries at once. */
const POLICY = {
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

/** How a client reaches the market. */
interface ClientOptions {
  origin: string;
  /** How long an answer may take. A fault that hangs costs this time, and a busy machine needs more of it. */
  timeoutMs: number;
  /** Where keys are written. */
  folder: string;
}

/** A vendor that a campaign may run against. */
interface Vendor {
  /** The exchanges of its instruments, in turn. */
  readonly exchanges: readonly [Exchange, ...Exchange[]];
  readonly symbolsPerRequest: number;
  open(options: ClientOptions): Promise<Provider>;
}

/** The vendors by name. Yahoo's market has as many cryptocurrencies as shares; the other two have American shares only. */
export const VENDORS = {
  yahoo: {
    exchanges: [
      NASDAQ,
      CRYPTO,
      LONDON,
      CRYPTO,
      NYSE,
      CRYPTO,
      TOKYO,
      CRYPTO,
      JOHANNESBURG,
      CRYPTO,
      TEL_AVIV,
      CRYPTO,
    ],
    symbolsPerRequest: 1,
    open: async ({ origin, timeoutMs }) =>
      resilient(openYahooProvider({ origin, timeoutMs }), { ...POLICY, timeoutMs }),
  },
  alpaca: {
    exchanges: [NASDAQ, NYSE],
    symbolsPerRequest: SYMBOLS_PER_REQUEST,
    open: async ({ origin, timeoutMs, folder }) => {
      const keySecret = await writeKey(folder, JSON.stringify({ keyId: 'KEY', secretKey: 'SECRET' }));
      const client = await openAlpacaProvider({ origin, keySecret, timeoutMs, pageIntervalMs: 0 });
      return combineRequests(resilient(client, { ...POLICY, timeoutMs }), SYMBOLS_PER_REQUEST);
    },
  },
  tiingo: {
    exchanges: [NASDAQ, NYSE],
    symbolsPerRequest: 1,
    open: async ({ origin, timeoutMs, folder }) => {
      const keySecret = await writeKey(folder, 'TOKEN');
      const client = await openTiingoProvider({ origin, keySecret, timeoutMs });
      return resilient(client, { ...POLICY, timeoutMs });
    },
  },
} as const satisfies Record<string, Vendor>;

export type CampaignVendor = keyof typeof VENDORS;

async function writeKey(folder: string, key: string): Promise<string> {
  const file = join(folder, 'vendor.key');
  await writeFile(file, key, { mode: 0o600 });
  return pathToFileURL(file).href;
}
