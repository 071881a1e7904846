import { openCsvProvider } from './csv/csv-provider.ts';
import { failover } from './failover.ts';
import { isFile, type ParsedOptions, type ProviderOptions, parseProviderOptions } from './options.ts';
import { POLICIES, type Policy, type Vendor } from './policies.ts';
import type { FileProvider, Provider } from './provider.ts';
import { resilient } from './resilience.ts';
import { openSampleProvider } from './sample/sample-provider.ts';
import { openStooqProvider } from './stooq/stooq-provider.ts';
import { openYahooProvider } from './yahoo/yahoo-provider.ts';

export type { ProviderOptions } from './options.ts';

const providers = new Map<string, Promise<Provider>>();

/**
 * The provider of some options, one a process and set of options: a bars file is parsed once, and a vendor's
 * pace and breaker hold for all batches of the process. Several providers become one that fails over.
 *
 * @example
 * const provider = await openProvider({ provider: 'csv', barsFile: 'bars.csv.gz' });
 * const both = await openProvider({ provider: ['yahoo', 'stooq'], stooqKeySecret: 'boursomatic/stooq' });
 *
 * @throws ConfigurationError if an option that a provider needs is missing or malformed
 * @throws BadInputError if its bars file is not usable
 */
export async function openProvider(options: ProviderOptions): Promise<Provider> {
  const parsed = parseProviderOptions(options);
  const key = JSON.stringify(parsed);
  let provider = providers.get(key);
  if (!provider) {
    provider = open(parsed);
    // A file that was refused may be right the next time.
    provider.catch(() => providers.delete(key));
    providers.set(key, provider);
  }
  return provider;
}

/** Whether a provider has its whole universe at hand. */
export function hasListings(provider: Provider): provider is FileProvider {
  return 'listings' in provider && 'lastDay' in provider;
}

async function open(options: ParsedOptions): Promise<Provider> {
  const opened = await Promise.all(
    options.provider.map(async (name): Promise<Provider> => {
      if (isFile(name)) {
        return name === 'sample'
          ? openSampleProvider(options.barsFile ?? '')
          : openCsvProvider(options.barsFile ?? '');
      }
      const policy = policyOf(name, options);
      return resilient(await openVendor(name, options, policy), policy);
    }),
  );
  const [first, ...others] = opened;
  if (!first) throw new TypeError('no provider');
  return others.length > 0 ? failover([first, ...others]) : first;
}

async function openVendor(name: Vendor, options: ParsedOptions, { timeoutMs }: Policy): Promise<Provider> {
  if (name === 'yahoo') return openYahooProvider({ origin: options.yahooOrigin, timeoutMs });
  return openStooqProvider({
    keySecret: options.stooqKeySecret ?? '',
    origin: options.stooqOrigin,
    timeoutMs,
  });
}

/** The policy of a vendor. A pace spares the vendor's own hosts: a stand-in on this machine needs none. */
function policyOf(name: Vendor, options: ParsedOptions): Policy {
  const origin = name === 'yahoo' ? options.yahooOrigin : options.stooqOrigin;
  const isStandIn = origin && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(origin).hostname);
  return isStandIn ? { ...POLICIES[name], intervalMs: 0 } : POLICIES[name];
}
