import { writeFile } from 'node:fs/promises';
import { defined } from '../../functions/shared/invariant.ts';
import { Market } from '../market/market.ts';
import { type MarketServer, startMarket } from '../market/server.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import { LONDON, NASDAQ, NYSE } from '../market/trading-hours.ts';

const BENCHMARK = 'SPY';
const AMERICAN = 12;
const EUROPEAN = 5;
/** Enough to compare with: fewer than 50 stocks make no universe. */
const REFERENCE = 52;
/** Sessions of each stock up to the last day: more than a call needs. */
const SESSIONS = 330;

/** A vendor on a loopback address, and a user who follows American and European stocks. */
export interface DaysMarket {
  market: Market;
  /** The stocks that the user follows. */
  symbols: readonly string[];
  /** The options that `npm start` needs to follow them. */
  options: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Whether the vendor answers. While it does not, it refuses every connection. */
  setOpen(isOpen: boolean): Promise<void>;
}

/**
 * Makes invented stocks with bars up to a day; the market's clock decides which of them exist already.
 *
 * @param list - where to write the list of the reference
 */
export async function openDaysMarket(endDay: string, list: string): Promise<DaysMarket> {
  const made = { days: SESSIONS, endDay, seed: 20 };
  const american = syntheticMarket({
    ...made,
    instruments: AMERICAN + REFERENCE + 1,
    exchanges: [NASDAQ, NYSE],
  });
  const european = syntheticMarket({ ...made, instruments: EUROPEAN, exchanges: [LONDON] });
  american.rename(defined(american.symbols().at(-1), 'instrument'), BENCHMARK);
  const [us, eu] = [american.symbols().filter((symbol) => symbol !== BENCHMARK), european.symbols()];
  const market = new Market({
    seed: made.seed,
    instruments: [
      ...[...us, BENCHMARK].map((symbol) => defined(american.find(symbol), symbol)),
      ...[...eu, 'GBPUSD=X'].map((symbol) => defined(european.find(symbol), symbol)),
    ],
  });
  await writeFile(list, `symbol\n${us.slice(AMERICAN).join('\n')}\n`);
  const symbols = [...us.slice(0, AMERICAN), ...eu];
  let server: MarketServer | undefined = await startMarket({ market });
  const { origin, port } = server;
  return {
    market,
    symbols,
    options: [
      '--provider',
      'yahoo',
      '--symbols',
      symbols.join(),
      '--reference',
      list,
      '--benchmark',
      BENCHMARK,
    ],
    environment: { YAHOO_ORIGIN: origin },
    setOpen: async (isOpen) => {
      if (isOpen) server ??= await startMarket({ market, port });
      else {
        await server?.close();
        server = undefined;
      }
    },
  };
}
