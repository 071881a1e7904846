import { AllProvidersFailedError, type Attempt, ProviderError } from './errors.ts';
import type { Provider } from './provider.ts';

/**
 * Makes one provider of several: each is asked in order until one answers, and its answer is given whole, so
 * that bars of two providers are never mixed.
 *
 * Every refusal leads to the next provider, also "not found": each vendor names symbols in its own way, some
 * forget a symbol's whole past on the day of its delisting, and the words may disguise a rate limit. To have
 * no bars in the days asked for is an answer, and no refusal.
 *
 * @example
 * const provider = failover([yahoo, stooq]);
 * const { bars, provider: whose, attempts } = await provider.fetchBars(request);
 *
 * @param providers - in the order in which they are asked, at least one
 */
export function failover(providers: readonly [Provider, ...Provider[]]): Provider {
  const [first] = providers;
  const describers = providers.filter((provider) => provider.describe !== undefined);
  return {
    name: first.name,
    concurrency: first.concurrency ?? 1,
    fetchBars: (request) =>
      inTurn(request.symbol, providers, async (provider, attempts) => {
        const { bars, actions } = await provider.fetchBars(request);
        return { bars, actions, provider: provider.name, attempts };
      }),
    ...(describers.length > 0 && {
      describe: (symbol) =>
        inTurn(symbol, describers, async (provider) => (await provider.describe?.(symbol)) ?? { symbol }),
    }),
  };
}

/**
 * Asks one after the other.
 *
 * @throws AllProvidersFailedError if all refuse, with the first one's reason: it is the one that should have
 * answered. That it has no such bars at all says nothing of why there are none, so that the next reason counts.
 */
async function inTurn<T>(
  symbol: string,
  providers: readonly Provider[],
  work: (provider: Provider, attempts: Attempt[]) => Promise<T>,
): Promise<T> {
  const attempts: Attempt[] = [];
  const errors: ProviderError[] = [];
  for (const provider of providers) {
    try {
      return await work(provider, attempts);
    } catch (error) {
      // Anything else is a defect or a broken installation, which another provider would only hide.
      if (!(error instanceof ProviderError)) throw error;
      errors.push(error);
      attempts.push({ provider: provider.name, reason: error.reason, message: error.message });
    }
  }
  const telling = errors.find(({ reason }) => reason !== 'not_covered') ?? errors[0];
  const said = attempts.map(({ provider, message }) => `${provider}: ${message.replace(`${symbol}: `, '')}`);
  throw new AllProvidersFailedError(
    telling?.reason ?? 'unavailable',
    `${symbol}: ${said.join('; ')}`,
    attempts,
    {
      cause: telling,
    },
  );
}
