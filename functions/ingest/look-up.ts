import { now } from '../shared/clock.ts';
import { addDays, toDay } from '../shared/days.ts';
import { LOOKED_UP_WITHIN_MS, type LookedUp } from '../shared/symbol-lookup.ts';
import { log } from '../shared/telemetry.ts';
import { ProviderError, type ProviderReason } from './providers/errors.ts';
import { hasListings, type Listing, type Provider } from './providers/provider.ts';

/** Days whose bars show that an instrument is traded: longer than any break of an exchange. */
const RECENT_DAYS = 30;

/** Time that a lookup keeps to answer without a description that takes too long. */
const SPARE_MS = 300;

/** Refusals that say something about the symbol. All others say something about the vendor. */
const ABOUT_THE_SYMBOL: readonly ProviderReason[] = ['not_found', 'delisted', 'not_covered'];

/**
 * Asks a provider about symbols. A symbol is found if the provider has recent daily bars of it, because a run needs
 * bars; its name and sector are optional. All symbols together have one time limit.
 *
 * @returns one answer for each symbol, in their order
 */
export async function lookUpSymbols(
  provider: Provider,
  symbols: readonly string[],
  withinMs: number = LOOKED_UP_WITHIN_MS,
): Promise<LookedUp[]> {
  const until = performance.now() + withinMs;
  const late: LookedUp = { status: 'unavailable' };
  return Promise.all(symbols.map((symbol) => within(withinMs, lookUp(provider, symbol, until), late)));
}

/** A result, or a substitute for one that takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>, substitute: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(substitute), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param until - when the lookup must have ended, by `performance.now()` */
async function lookUp(provider: Provider, symbol: string, until: number): Promise<LookedUp> {
  if (hasListings(provider)) {
    const listing = provider.listings().find((listed) => listed.symbol === symbol);
    return listing ? found(listing) : { status: 'unknown' };
  }
  const to = toDay(now());
  try {
    const answer = await provider.fetchBars({
      symbol,
      interval: 'daily',
      from: addDays(to, -RECENT_DAYS),
      to,
    });
    if (answer.bars.length === 0) return { status: 'unknown' };
    const left = until - performance.now() - SPARE_MS;
    const described = await within(Math.max(0, left), describe(provider, symbol), {});
    return found({ symbol, ...(answer.exchange && { exchange: answer.exchange }), ...described });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log('info', 'symbol not looked up', { symbol, reason: error.reason, message: error.message });
    return { status: ABOUT_THE_SYMBOL.includes(error.reason) ? 'unknown' : 'unavailable' };
  }
}

/** A missing description does not matter: the run that loads the history fetches it again. */
async function describe(provider: Provider, symbol: string): Promise<Partial<Listing>> {
  try {
    return (await provider.describe?.(symbol)) ?? {};
  } catch (error) {
    if (error instanceof ProviderError) return {};
    throw error;
  }
}

function found({ exchange, name, sector }: Listing): LookedUp {
  return { status: 'found', ...(exchange && { exchange }), ...(name && { name }), ...(sector && { sector }) };
}
