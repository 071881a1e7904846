import type { Interval } from '../../shared/constants.ts';
import type { Descriptor } from './descriptor.ts';
import { NotCoveredError } from './errors.ts';
import type { Provider } from './provider.ts';

const BARS: Record<Interval, string> = { daily: 'daily bars', '15m': '15-minute bars' };

/**
 * Refuses requests that a provider cannot answer by its descriptor, before anything is sent: an interval or a symbol
 * that the provider does not have.
 */
export function refuseUncovered<P extends Provider>(provider: P, descriptor: Descriptor): P {
  const { name, capabilities } = descriptor;
  const assertSymbol = (symbol: string) => {
    if (descriptor.kind === 'vendor' && descriptor.symbols.toVendor(symbol) === undefined)
      throw new NotCoveredError(`${symbol}: ${name} has no market for this symbol`);
  };
  const { describe } = provider;
  return {
    ...provider,
    fetchBars: async (request) => {
      const { symbol, interval } = request;
      if (!capabilities.intervals.includes(interval))
        throw new NotCoveredError(`${symbol}: ${name} has no ${BARS[interval]}`);
      assertSymbol(symbol);
      return provider.fetchBars(request);
    },
    ...(describe && {
      describe: async (symbol: string) => {
        assertSymbol(symbol);
        return describe.call(provider, symbol);
      },
    }),
  };
}
