import { selectSymbolLookup } from '../../functions/api/account/watchlist/selected-symbol-lookup.ts';
import { lookUpSymbols } from '../../functions/ingest/look-up.ts';
import { openProvider } from '../../functions/ingest/providers/open.ts';
import { type Adders, type Adding, DEFAULT_ADDED_LIMIT, ENV } from '../../functions/shared/constants.ts';
import type { Source } from '../installation/source.ts';

/** Who may add stocks by following them. */
export interface AddingOptions {
  adders?: Adders | undefined;
  /** The most stocks that users may add. */
  mostAdded?: number | undefined;
}

/**
 * Lets this service's API look up symbols with the provider that its runs use, and tells it who may add stocks. Only a
 * vendor has more stocks than the installation.
 */
export function prepareAdding({ data }: Pick<Source, 'data'>, { adders, mostAdded }: AddingOptions): void {
  const adding: Adding = data === 'real' ? (adders ?? 'anyone') : data;
  process.env[ENV.instrumentAdders] = adding;
  process.env[ENV.addedInstrumentsLimit] = String(mostAdded ?? DEFAULT_ADDED_LIMIT);
  selectSymbolLookup({
    lookUp: async (symbols) => lookUpSymbols(await openProvider(process.env), symbols),
  });
}
