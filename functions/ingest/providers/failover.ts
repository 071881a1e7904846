import { defined } from '../../shared/invariant.ts';
import { findActionDoubts } from '../quality/actions.ts';
import { separateBars } from '../quality/bad-bars.ts';
import type { LevelDoubt } from '../quality/findings.ts';
import { AllProvidersFailedError, type Attempt, DoubtfulAnswerError, ProviderError } from './errors.ts';
import type { BarRequest, FetchedBars, Provider } from './provider.ts';

/**
 * Combines several providers into one. It tries them in order until one answers, and returns that answer whole, so
 * that bars of two providers are never mixed.
 *
 * Every refusal leads to the next provider, even "not found": each vendor writes symbols in its own way, some drop a
 * symbol's history on the day of its delisting, and the words may disguise a rate limit. An answer without bars is an
 * answer, not a refusal. An answer whose prices contradict its own splits or dividends gives way to the next provider's,
 * and is used if no other has better ones: the quality gate then doubts the bars before the contradiction.
 *
 * @example
 * const provider = failover([yahoo, stooq]);
 * const { bars, provider: source, attempts } = await provider.fetchBars(request);
 *
 * @param providers - in failover order, at least one
 */
export function failover(providers: readonly [Provider, ...Provider[]]): Provider {
  const [first] = providers;
  const describers = providers.filter((provider) => provider.describe !== undefined);
  return {
    name: first.name,
    concurrency: first.concurrency ?? 1,
    fetchBars: (request) => fetchSoundBars(request, providers),
    ...(describers.length > 0 && {
      describe: (symbol) =>
        inTurn(symbol, describers, (provider) =>
          defined(provider.describe, `describe of ${provider.name}`).call(provider, symbol),
        ),
    }),
  };
}

async function fetchSoundBars(request: BarRequest, providers: readonly Provider[]): Promise<FetchedBars> {
  // The later providers get only what the first one refuses, and so rarely a whole batch.
  const { batch: _, ...alone } = request;
  let doubtful: FetchedBars | undefined;
  try {
    return await inTurn(request.symbol, providers, async (provider, attempts) => {
      const answer = await provider.fetchBars(provider === providers[0] ? request : alone);
      const whole = { ...answer, provider: provider.name, attempts };
      const [doubt] = providers.length > 1 ? doubtsOf(answer) : [];
      if (!doubt) return whole;
      doubtful ??= { ...whole, attempts: [...attempts] };
      throw new DoubtfulAnswerError(`${request.symbol}: ${doubt.message}`);
    });
  } catch (error) {
    if (doubtful && error instanceof AllProvidersFailedError) return doubtful;
    throw error;
  }
}

function doubtsOf({ bars, actions, adjustments }: FetchedBars): LevelDoubt[] {
  const { bars: sound } = separateBars(bars.map(({ ts, o, h, l, c, v }) => [ts, o, h, l, c, v]));
  return findActionDoubts({ bars: sound, actions, adjustments });
}

/**
 * Tries one provider after the other.
 *
 * @throws AllProvidersFailedError if all refuse, with the first one's reason, since that one should have answered.
 * `not_covered` does not explain the failure, so it gives way to the next provider's reason.
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
      // Any other error is a defect or a broken installation, which failover would hide.
      if (!(error instanceof ProviderError)) throw error;
      errors.push(error);
      attempts.push({ provider: provider.name, reason: error.reason, message: error.message });
    }
  }
  const cause = defined(errors.find(({ reason }) => reason !== 'not_covered') ?? errors[0], 'a refusal');
  const messages = attempts.map(
    ({ provider, message }) => `${provider}: ${message.replace(`${symbol}: `, '')}`,
  );
  throw new AllProvidersFailedError(cause.reason, `${symbol}: ${messages.join('; ')}`, attempts, { cause });
}
