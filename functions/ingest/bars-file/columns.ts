import { quoted } from './text.ts';

/** What a column of a bars file holds. */
export type Role =
  | 'symbol'
  | 'date'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'adjusted close'
  | 'volume'
  | 'currency';

/** The places of the columns in a row, from 0; -1 where there is none. */
export interface Columns {
  /** The number of columns, ignored ones included. */
  readonly width: number;
  readonly places: Readonly<Record<Role, number>>;
  /** The column names as the file writes them. */
  readonly names: readonly string[];
}

/**
 * The names of each column, without case, spaces and punctuation, the preferred one first. Of several that a file has,
 * the first is read and the others are ignored.
 */
const NAMES: Record<Role, readonly string[]> = {
  symbol: ['symbol', 'ticker', 'tic', 'stocksymbol', 'actsymbol', 'instrument', 'name'],
  date: ['date', 'day', 'datetime', 'timestamp', 'tradedate', 'tradingdate', 'tradingday', 'time', 't'],
  open: ['open', 'openprice', 'openingprice', 'o'],
  high: ['high', 'highprice', 'max', 'h'],
  low: ['low', 'lowprice', 'min', 'l'],
  close: ['close', 'closeprice', 'closingprice', 'closelast', 'last', 'lastprice', 'price', 'c'],
  'adjusted close': ['adjclose', 'adjustedclose', 'adjustedclosingprice', 'closeadj', 'closeadjusted', 'adj'],
  volume: ['volume', 'vol', 'sharestraded', 'totaltradedquantity', 'tradedvolume', 'v'],
  currency: ['currency', 'currencycode', 'ccy', 'tradingcurrency'],
};
const ROLES = Object.keys(NAMES) as Role[];
const REQUIRED: readonly Role[] = ['date', 'open', 'high', 'low', 'close'];

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** How many columns of a header have a known name. */
export function countKnown(names: readonly string[]): number {
  const known = names.map(plain);
  return ROLES.filter((role) => NAMES[role].some((name) => known.includes(name))).length;
}

/**
 * Finds the columns of a bars file by the names in its header.
 *
 * @returns the columns, or the fault of the header
 */
export function readHeader(names: readonly string[]): Columns | string {
  const known = names.map(plain);
  const places = {} as Record<Role, number>;
  for (const role of ROLES) {
    const name = NAMES[role].find((candidate) => known.includes(candidate));
    const place = name === undefined ? -1 : known.indexOf(name);
    if (name !== undefined && known.lastIndexOf(name) !== place) {
      return `header has two columns ${quoted(names[place]?.trim() ?? name)}`;
    }
    places[role] = place;
  }
  // Programs write an index of days without a name, or under the name of the columns ("Price").
  if (places.date < 0 && (known[0] === '' || known[0] === 'price')) {
    places.date = 0;
    if (places.close === 0) places.close = -1;
  }
  const missing = REQUIRED.filter((role) => places[role] < 0);
  if (missing.length > 0) {
    return `header is ${quoted(names.join())}: no column for ${listed(missing)}`;
  }
  return { width: names.length, places, names };
}

function listed(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join();
}
