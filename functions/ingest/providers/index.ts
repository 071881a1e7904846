import { ENV, type ProviderName } from '../../shared/constants.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { openCsvProvider } from './csv/csv-provider.ts';
import type { FileProvider, Provider } from './provider.ts';
import { openSampleProvider } from './sample/sample-provider.ts';
import { openYahooProvider } from './yahoo/yahoo-provider.ts';

/** Which provider, and what it needs. */
export interface ProviderOptions {
  provider: ProviderName;
  /** The bars file of `sample` and `csv`. */
  barsFile?: string | undefined;
  /** Another origin for Yahoo's API. */
  yahooOrigin?: string | undefined;
}

const providers = new Map<string, Promise<Provider>>();

/**
 * The provider of some options, one a process and set of options: a bars file is parsed once.
 *
 * @example
 * const provider = await openProvider({ provider: 'csv', barsFile: 'bars.csv.gz' });
 *
 * @throws ConfigurationError if an option that the provider needs is missing or malformed
 * @throws BadInputError if its bars file is not usable
 */
export function openProvider(options: ProviderOptions): Promise<Provider> {
  const key = JSON.stringify([options.provider, options.barsFile, options.yahooOrigin]);
  let provider = providers.get(key);
  if (!provider) {
    provider = open(options);
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

async function open({ provider, barsFile, yahooOrigin }: ProviderOptions): Promise<Provider> {
  if (provider === 'yahoo') return openYahooProvider({ origin: yahooOrigin });
  if (!barsFile)
    throw new ConfigurationError(`${ENV.barsFile} is not set: the ${provider} provider reads it`);
  return provider === 'sample' ? openSampleProvider(barsFile) : openCsvProvider(barsFile);
}
