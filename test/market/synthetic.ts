import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { DOLLAR, readCurrency } from '../../functions/shared/currencies.ts';
import { defined } from '../../functions/shared/invariant.ts';
import type { Instrument, TradedBar } from './instrument.ts';
import { type Instant, Market } from './market.ts';
import { hash, type Random, random } from './random.ts';
import {
  type Exchange,
  FOREX,
  LONDON,
  lastTradingDays,
  NASDAQ,
  NYSE,
  sessionOf,
  TOKYO,
} from './trading-hours.ts';

export interface SyntheticOptions {
  /** The number of instruments, which are spread over the exchanges in turn. */
  instruments: number;
  /** Trading days of each share, up to the end day; the others cover about the same span. */
  days: number;
  seed?: number;
  /** The last day, `YYYY-MM-DD`. Default 2026-03-31, the week in which London's clocks change. */
  endDay?: string;
  /** Default Nasdaq, NYSE, London and Tokyo. */
  exchanges?: readonly [Exchange, ...Exchange[]];
  /** Default six hours after the last close of the end day. */
  clock?: Instant;
  /** Whether to add dividends and splits. Default true. */
  actions?: boolean;
}

const SECTORS = ['Technology', 'Healthcare', 'Energy', 'Utilities', 'Financial Services'] as const;
const HOUR_MS = 3_600_000;

/**
 * Makes a market of invented instruments on several exchanges, with dividends and splits. The same options always make
 * the same market. Symbols are US001 and so on for New York, some with a share class (US005-B), LN003.L for London,
 * 9004.T for Tokyo, JO005.JO for Johannesburg, TA006.TA for Tel Aviv, and CC007-USD for cryptocurrencies. For each
 * currency but the dollar there is a rate, such as GBPUSD=X, which `market.symbols()` leaves out.
 *
 * @example
 * const market = syntheticMarket({ instruments: 8, days: 300, seed: 7, endDay: '2026-03-31' });
 * market.symbols(); // US001, US002, LN003.L, 9004.T, US005-B, ...
 */
export function syntheticMarket(options: SyntheticOptions): Market {
  const { seed = 1, endDay = '2026-03-31', exchanges = [NASDAQ, NYSE, LONDON, TOKYO] } = options;
  const instruments = Array.from({ length: options.instruments }, (_, i) => {
    return syntheticInstrument(exchanges[i % exchanges.length] ?? exchanges[0], i + 1, {
      ...options,
      seed,
      endDay,
    });
  });
  const rates = new Set(exchanges.map(({ currency }) => readCurrency(currency)?.currency ?? currency));
  rates.delete(DOLLAR);
  instruments.push(...[...rates].map((currency) => rateOf(currency, { ...options, seed, endDay })));
  const lastClose = Math.max(...exchanges.map((exchange) => sessionOf(exchange, endDay).end));
  return new Market({ instruments, seed, clock: options.clock ?? lastClose + 6 * HOUR_MS });
}

function syntheticInstrument(
  exchange: Exchange,
  number: number,
  { days, seed, endDay, actions = true }: SyntheticOptions & { seed: number; endDay: string },
): Instrument {
  const symbol = symbolOf(exchange, number);
  const source = random(hash(seed, symbol));
  const tradingDays = lastTradingDays(exchange, endDay, exchange.everyDay ? Math.ceil(days * 1.45) : days);
  const happened = actions && !exchange.everyDay ? actionsOn(tradingDays, exchange, source) : [];
  const bars = walk(tradingDays, happened, exchange, source);
  const price = new Map(bars.map(({ day, l }) => [day, l]));
  const paid = happened.filter(
    ({ kind, exDay, value }) =>
      kind === 'split' || value < 0.05 * defined(price.get(exDay), `the low of ${exDay}`),
  );
  const sector = source.pick(SECTORS);
  return {
    symbol,
    exchange,
    name: `Example ${number} plc`,
    sector,
    industry: `${sector} Equipment`,
    marketCap: Math.round(defined(bars.at(-1), 'the last bar').c * source.between(1e7, 1e9)),
    // One in four makes a loss, and so has no P/E.
    ...(number % 4 !== 0 && { trailingPe: Number(source.between(5, 40).toFixed(4)) }),
    bars,
    actions: paid,
  };
}

/** About what some currencies cost in US dollars. */
const DOLLARS: Readonly<Record<string, number>> = { GBP: 1.3, JPY: 0.0065, ZAR: 0.055, ILS: 0.28 };

/** A currency's rate in US dollars, as Yahoo lists one. It has no volume. */
function rateOf(
  currency: string,
  { days, seed, endDay }: SyntheticOptions & { seed: number; endDay: string },
): Instrument {
  const symbol = `${currency}${DOLLAR}=X`;
  const source = random(hash(seed, symbol));
  let close = DOLLARS[currency] ?? 1;
  const bars = lastTradingDays(FOREX, endDay, Math.ceil(days * 1.05)).map((day) => {
    const o = close;
    close *= Math.exp(source.normal() * 0.005);
    return { day, o, h: Math.max(o, close), l: Math.min(o, close), c: close, v: 0 };
  });
  return { symbol, exchange: FOREX, name: `${currency}/${DOLLAR}`, bars, actions: [] };
}

function symbolOf({ currency, everyDay }: Exchange, number: number): string {
  const digits = String(number).padStart(3, '0');
  if (everyDay) return `CC${digits}-USD`;
  if (currency === 'GBp') return `LN${digits}.L`;
  if (currency === 'ZAc') return `JO${digits}.JO`;
  if (currency === 'ILA') return `TA${digits}.TA`;
  if (currency === 'JPY') return `${9000 + number}.T`;
  return number % 5 === 0 ? `US${digits}-B` : `US${digits}`;
}

/** Quarterly dividends for two instruments in three, and occasional splits. */
function actionsOn(days: readonly string[], { tick }: Exchange, source: Random): CorporateAction[] {
  const actions: CorporateAction[] = [];
  const quarter = 63;
  const pays = source.next() < 0.67;
  for (let i = 5 + source.int(quarter); pays && i < days.length; i += quarter) {
    // In ticks, so that it is small against prices of any exchange.
    actions.push({
      exDay: defined(days[i], `day ${i}`),
      kind: 'dividend',
      value: tick * (20 + source.int(80)),
    });
  }
  let shares = 1;
  for (let i = 10 + source.int(400); i < days.length; i += 200 + source.int(600)) {
    // Many splits would leave a price of a few ticks, so a reverse split offsets them.
    const value = shares > 4 ? 0.1 : source.pick([2, 3, 1.5, 4, 0.5]);
    shares *= value;
    actions.push({ exDay: defined(days[i], `day ${i}`), kind: 'split', value });
  }
  return actions;
}

/** An unadjusted random walk in whole ticks; splits divide prices and multiply volumes from their day on. */
function walk(
  days: readonly string[],
  actions: readonly CorporateAction[],
  { tick }: Exchange,
  source: Random,
): TradedBar[] {
  const start = tick * source.between(4000, 20_000);
  const volatility = source.between(0.008, 0.025);
  let shares = source.between(1e5, 1e7);
  let close = start;
  return days.map((day) => {
    const split = actions.find(({ kind, exDay }) => kind === 'split' && exDay === day)?.value ?? 1;
    const toTicks = (price: number) => Number((Math.max(1, Math.round(price / tick)) * tick).toFixed(4));
    const o = toTicks((close / split) * Math.exp(source.normal() * volatility * 0.3));
    const c = toTicks(o * Math.exp(source.normal() * volatility + 0.0002));
    const h = toTicks(Math.max(o, c) * (1 + Math.abs(source.normal()) * volatility * 0.5));
    const l = toTicks(Math.min(o, c) * (1 - Math.abs(source.normal()) * volatility * 0.5));
    close = c;
    shares *= split;
    return {
      day,
      o,
      h: Math.max(h, o, c),
      l: Math.min(l, o, c),
      c,
      v: Math.round(shares * source.between(0.3, 2)),
    };
  });
}
