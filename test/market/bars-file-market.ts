import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { CorporateAction, Listing } from '../../functions/ingest/providers/provider.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { ratioOf } from './adjust.ts';
import type { Instrument, TradedBar } from './instrument.ts';
import { type Instant, Market } from './market.ts';
import { hash, random } from './random.ts';
import { type Exchange, NASDAQ, NYSE } from './trading-hours.ts';

export interface BarsFileMarketOptions {
  /** Descriptions of the instruments, of which exchange, name and sector are used. */
  listings?: readonly Listing[];
  /** Default the end of the file's last day in UTC, as for `--as-of`. */
  clock?: Instant;
  seed?: number;
}

/** A bar and its adjusted close, where the file has one. */
interface FileBar extends TradedBar {
  readonly adj: number;
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Makes a market from a CSV file, plain or gzip: symbol (or ticker), date, open, high, low, close, volume and, for
 * unadjusted prices, adj close. It derives splits and dividends from the adjusted closes, so that the market has the
 * file's own adjusted history. Without that column there are none.
 *
 * Market caps and earnings are invented, since the file has none.
 *
 * @throws BadInputError naming the file if it cannot be read or is not such a file
 */
export function marketFromBarsFile(path: string, options: BarsFileMarketOptions = {}): Market {
  const bySymbol = new Map<string, FileBar[]>();
  for (const record of readRecords(path)) {
    const [symbol, bar] = readBar(path, record);
    const bars = bySymbol.get(symbol) ?? [];
    bySymbol.set(symbol, bars);
    bars.push(bar);
  }
  if (bySymbol.size === 0) throw new BadInputError(`${path}: has no bars`);
  const seed = options.seed ?? 1;
  const instruments = [...bySymbol].map(([symbol, bars]) => {
    bars.sort((a, b) => a.day.localeCompare(b.day));
    const listing = options.listings?.find((known) => known.symbol === symbol) ?? { symbol };
    return instrumentOf(listing, bars, seed);
  });
  const lastDay = instruments
    .map(({ bars }) => defined(bars.at(-1), 'the last bar').day)
    .sort()
    .at(-1);
  return new Market({ instruments, seed, clock: options.clock ?? `${lastDay}T23:59:59Z` });
}

function instrumentOf(listing: Listing, bars: readonly FileBar[], seed: number): Instrument {
  const { symbol, name = symbol, sector } = listing;
  const source = random(hash(seed, symbol, 'size'));
  const exchange: Exchange = listing.exchange === NYSE.name ? NYSE : NASDAQ;
  return {
    symbol,
    exchange,
    name,
    ...(sector !== undefined && { sector }),
    marketCap: Math.round(defined(bars.at(-1), 'the last bar').c * source.between(1e8, 5e9)),
    trailingPe: Number(source.between(8, 35).toFixed(4)),
    bars: bars.map(({ day, o, h, l, c, v }) => ({ day, o, h, l, c, v })),
    actions: actionsFrom(bars),
  };
}

/**
 * Derives actions from adjusted closes: between two days, the ratio of adjusted to traded close changes by a split's
 * ratio, or by 1 - D / C for a dividend.
 */
export function actionsFrom(bars: readonly (TradedBar & { adj: number })[]): CorporateAction[] {
  return bars.flatMap((bar, i): CorporateAction[] => {
    const before = bars[i - 1];
    if (!before) return [];
    const change = bar.adj / bar.c / (before.adj / before.c);
    // Smaller changes come from the file's rounding.
    if (Math.abs(change - 1) < 1e-5) return [];
    const [, denominator] = ratioOf(Number(change.toPrecision(9)));
    const isSplit = change < 1 || (change > 1.05 && denominator <= 4);
    return isSplit
      ? [{ exDay: bar.day, kind: 'split', value: Number(change.toPrecision(9)) }]
      : [{ exDay: bar.day, kind: 'dividend', value: before.c * (1 - 1 / change) }];
  });
}

function readRecords(path: string): Record<string, string>[] {
  try {
    const bytes = readFileSync(path);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    const lower = (names: string[]) => names.map((name) => name.trim().toLowerCase());
    return parse(text, { bom: true, columns: lower, skip_empty_lines: true });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    const why = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new BadInputError(`${path}: ${why}`, { cause });
  }
}

function readBar(path: string, record: Record<string, string>): [symbol: string, bar: FileBar] {
  const symbol = record.symbol ?? record.ticker;
  const { date: day } = record;
  const [o = 0, h = 0, l = 0, c = 0, v = 0] = COLUMNS.map((column) => Number(record[column]));
  const adj = Number(record['adj close'] ?? c);
  const isGood = [o, h, l, c, adj].every((price) => price > 0) && v >= 0 && h >= l;
  if (!symbol || !day || !/^\d{4}-\d\d-\d\d$/.test(day) || !isGood) {
    throw new BadInputError(
      `${path}: has a row that is not a bar: ${Object.values(record).join().slice(0, 100)}`,
    );
  }
  return [symbol, { day, o, h, l, c, v, adj }];
}
