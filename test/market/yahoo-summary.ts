import { kindOf } from './instrument.ts';
import { splitAdjusted } from './sheet.ts';
import type { Snapshot } from './snapshot.ts';

/** An answer of Yahoo's v10 quoteSummary API: the requested modules by name. */
export interface SummaryDocument {
  quoteSummary: {
    result: Record<string, Record<string, unknown>>[] | null;
    error: { code: string; description: string } | null;
  };
}

/** The modules of this market; Yahoo omits modules that an instrument does not have. */
const MODULES = { assetProfile, price, summaryDetail, quoteType } as const;

/** Describes an instrument as Yahoo does with `formatted=false`: with plain numbers. */
export function summaryDocument(view: Snapshot, modules: readonly string[]): SummaryDocument {
  const result = Object.entries(MODULES)
    .filter(([name]) => modules.includes(name))
    .map(([name, write]) => [name, write(view)]);
  return { quoteSummary: { result: [Object.fromEntries(result)], error: null } };
}

/** A refusal with Yahoo's error object. */
export function summaryError(code: string, description: string): SummaryDocument {
  return { quoteSummary: { result: null, error: { code, description } } };
}

function assetProfile({ instrument: { sector, industry } }: Snapshot): Record<string, unknown> {
  return {
    ...(sector !== undefined && { sector, sectorKey: key(sector), sectorDisp: sector }),
    ...(industry !== undefined && { industry, industryKey: key(industry), industryDisp: industry }),
    companyOfficers: [],
    executiveTeam: [],
    maxAge: 86_400,
  };
}

function price(view: Snapshot): Record<string, unknown> {
  const { instrument, bars, isLive, lastTrade } = view;
  const { exchange, marketCap, symbol, name } = instrument;
  const last = bars.at(-1);
  const before = splitAdjusted(view, bars.length - 2);
  return {
    maxAge: 1,
    exchange: exchange.code,
    exchangeName: exchange.name,
    exchangeDataDelayedBy: 0,
    marketState: isLive ? 'REGULAR' : 'CLOSED',
    quoteType: kindOf(instrument),
    symbol,
    underlyingSymbol: null,
    shortName: name,
    longName: name,
    currency: exchange.currency,
    currencySymbol: { USD: '$', GBp: '£', JPY: '¥', ILA: '₪' }[exchange.currency] ?? exchange.currency,
    quoteSourceName: 'Delayed Quote',
    fromCurrency: null,
    toCurrency: null,
    lastMarket: null,
    priceHint: 2,
    regularMarketTime: Math.floor(lastTrade / 1000),
    ...(last && {
      regularMarketPrice: last.c,
      regularMarketOpen: last.o,
      regularMarketDayHigh: last.h,
      regularMarketDayLow: last.l,
      regularMarketVolume: Math.round(last.v),
    }),
    ...(before !== undefined && { regularMarketPreviousClose: before }),
    ...(marketCap !== undefined && { marketCap }),
  };
}

function summaryDetail(view: Snapshot): Record<string, unknown> {
  const { instrument, bars } = view;
  const { exchange, marketCap, trailingPe } = instrument;
  const last = bars.at(-1);
  return {
    maxAge: 1,
    priceHint: 2,
    ...(last && {
      previousClose: splitAdjusted(view, bars.length - 2) ?? last.o,
      open: last.o,
      dayLow: last.l,
      dayHigh: last.h,
      volume: Math.round(last.v),
    }),
    ...(trailingPe !== undefined && { trailingPE: trailingPe }),
    ...(marketCap !== undefined && { marketCap }),
    currency: exchange.currency,
    fromCurrency: null,
    toCurrency: null,
    lastMarket: null,
    algorithm: null,
    tradeable: false,
  };
}

function quoteType({ instrument, current }: Snapshot): Record<string, unknown> {
  const { exchange, symbol, name } = instrument;
  return {
    exchange: exchange.code,
    quoteType: kindOf(instrument),
    symbol,
    underlyingSymbol: symbol,
    shortName: name,
    longName: name,
    timeZoneFullName: exchange.timeZone,
    timeZoneShortName: current.timezone,
    uuid: '00000000-0000-3000-8000-000000000000',
    messageBoardId: null,
    gmtOffSetMilliseconds: current.gmtoffset * 1000,
    maxAge: 1,
  };
}

function key(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, '-');
}
