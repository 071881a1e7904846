import DataLoader from 'dataloader';
import { NotFoundError } from './errors.ts';
import type { BarRequest, FetchedBars, Provider } from './provider.ts';

/** How long a request waits for others of the same days. Each is preceded by a read of its raw record. */
const WINDOW_MS = 50;

/**
 * Combines requests for single instruments into requests for many, for a vendor that takes several symbols a request.
 * A provider without `fetchMany` stays unchanged.
 *
 * @param provider - paces and retries its own requests
 * @param symbolsPerRequest - the most symbols of one request
 */
export function combineRequests(provider: Provider, symbolsPerRequest: number): Provider {
  const { fetchMany, concurrency = 1 } = provider;
  if (!fetchMany || symbolsPerRequest === 1) return provider;
  const loaders = new Map<string, DataLoader<string, FetchedBars>>();
  const loaderOf = ({ interval, from, to }: BarRequest) => {
    const key = `${interval} ${from} ${to}`;
    const known = loaders.get(key);
    if (known) return known;
    const loader = new DataLoader<string, FetchedBars>(
      async (symbols) => {
        const answers = await fetchMany.call(provider, { symbols, interval, from, to });
        return symbols.map(
          (symbol) => answers.get(symbol) ?? new NotFoundError(`${symbol}: the answer lacks this symbol`),
        );
      },
      {
        cache: false,
        maxBatchSize: symbolsPerRequest,
        batchScheduleFn: (dispatch) => setTimeout(dispatch, WINDOW_MS),
      },
    );
    loaders.set(key, loader);
    return loader;
  };
  return {
    ...provider,
    concurrency: concurrency * symbolsPerRequest,
    fetchBars: (request) => loaderOf(request).load(request.symbol),
  };
}
