import type { DateFormat } from '../../../../functions/ingest/bars-file/days.ts';
import type { Bar } from '../../../../functions/ingest/providers/provider.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import { type Random, random } from '../../../market/random.ts';

/** Bars of a symbol as they were traded, and the ratio that adjusts each. */
export interface Truth {
  symbol: string;
  bars: (Bar & { ratio: number })[];
}

/** One way of writing a bars file. */
export interface Shape {
  name: string;
  delimiter?: string;
  /** Column names with the role or the constant text of each column. */
  header?: readonly (readonly [name: string, content: Content])[];
  date?: (ts: number) => string;
  dateFormat?: DateFormat;
  price?: (value: number) => string;
  volume?: (value: number) => string;
  /** A field, as it is written between delimiters. */
  quote?: (field: string) => string;
  /** Changes the lines below the header. */
  arrange?: (lines: string[], header: string) => string[];
  /** Changes the whole text. */
  text?: (text: string) => string | Uint8Array;
  /** How symbols are written. */
  symbol?: (symbol: string) => string;
  /** Volumes are not those of the truth, but 0. */
  hasNoVolume?: boolean;
  /** Only one symbol, whose name is the file's. */
  isNameless?: boolean;
}

type Content =
  | 'symbol'
  | 'date'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'adj'
  | 'volume'
  | 'index'
  | { text: string };

const PLAIN: NonNullable<Shape['header']> = [
  ['symbol', 'symbol'],
  ['date', 'date'],
  ['open', 'open'],
  ['high', 'high'],
  ['low', 'low'],
  ['close', 'close'],
  ['volume', 'volume'],
];
const [SYMBOL, DATE, OPEN, HIGH, LOW, CLOSE, VOLUME] = PLAIN as [(typeof PLAIN)[0], ...typeof PLAIN];
const NAMELESS = PLAIN.slice(1);

const named = (...names: string[]): NonNullable<Shape['header']> =>
  PLAIN.map(([, content], i) => [names[i] ?? '', content]);
const parts = (ts: number) => {
  const [y = '', m = '', d = ''] = toDay(ts).split('-');
  return { y, m, d };
};
const comma = (value: number) => String(value).replace('.', ',');
const grouped = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 10 });
const inGerman = (value: number) => value.toLocaleString('de-DE', { maximumFractionDigits: 10 });
const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const month = (ts: number, style: 'short' | 'long') =>
  new Date(ts).toLocaleString('en-US', { month: style, timeZone: 'UTC' });

/** Every shape that the project accepts. */
export const SHAPES: readonly Shape[] = [
  { name: 'the plain header' },
  { name: 'names in capitals', header: named('SYMBOL', 'DATE', 'OPEN', 'HIGH', 'LOW', 'CLOSE', 'VOLUME') },
  {
    name: 'names with spaces',
    header: named(' Symbol', ' Date ', 'Open ', ' High', 'Low', 'Close', 'Volume '),
  },
  { name: 'Ticker, Day and Vol.', header: named('Ticker', 'Day', 'Open', 'High', 'Low', 'Price', 'Vol.') },
  { name: 'Timestamp and Last', header: named('Ticker', 'Timestamp', 'Open', 'High', 'Low', 'Last', 'Vol') },
  { name: 'Close/Last', header: named('Symbol', 'Datetime', 'Open', 'High', 'Low', 'Close/Last', 'Volume') },
  {
    name: 'names between angle brackets',
    header: named('<TICKER>', '<DATE>', '<OPEN>', '<HIGH>', '<LOW>', '<CLOSE>', '<VOL>'),
    date: (ts) => toDay(ts).replaceAll('-', ''),
  },
  { name: 'single letters', header: named('symbol', 't', 'o', 'h', 'l', 'c', 'v') },
  {
    name: 'the symbol in Name at the end',
    header: [DATE, OPEN, HIGH, LOW, CLOSE, VOLUME, ['Name', 'symbol']] as never,
  },
  { name: 'columns in another order', header: [VOLUME, CLOSE, SYMBOL, LOW, OPEN, HIGH, DATE] as never },
  { name: 'an index column', header: [['', 'index'], ...PLAIN] },
  { name: 'an index column named Unnamed: 0', header: [['Unnamed: 0', 'index'], ...PLAIN] },
  {
    name: 'further columns',
    header: [
      ...PLAIN,
      ['Dividends', { text: '0.0' }],
      ['Stock Splits', { text: '' }],
      ['Note', { text: 'see "x"' }],
    ],
    quote: (field) => (/["]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field),
  },
  {
    name: 'days in a first column without a name',
    header: [['', 'date'], SYMBOL, OPEN, HIGH, LOW, CLOSE, VOLUME] as never,
  },
  { name: 'Adj Close', header: [...PLAIN, ['Adj Close', 'adj']] },
  { name: 'Adjusted Close', header: [['Adjusted Close', 'adj'], ...PLAIN] },
  { name: 'adjusted_close', header: [...PLAIN, ['adjusted_close', 'adj']] },
  { name: 'AdjClose', header: [...PLAIN, ['AdjClose', 'adj'], ['divCash', { text: '0' }]] },
  { name: 'semicolons', delimiter: ';' },
  { name: 'tabs', delimiter: '\t' },
  { name: 'vertical bars', delimiter: '|' },
  { name: 'decimal commas with semicolons', delimiter: ';', price: comma, volume: String },
  { name: 'decimal commas with tabs', delimiter: '\t', price: comma },
  {
    name: 'German numbers',
    delimiter: ';',
    price: inGerman,
    volume: inGerman,
    date: (ts) => `${parts(ts).d}.${parts(ts).m}.${parts(ts).y}`,
  },
  { name: 'German numbers in quotes', price: inGerman, volume: inGerman, quote: (field) => `"${field}"` },
  { name: 'American numbers in quotes', price: grouped, volume: grouped, quote: (field) => `"${field}"` },
  {
    name: 'thousands in quotes where they occur',
    volume: grouped,
    quote: (field) => (field.includes(',') ? `"${field}"` : field),
  },
  { name: 'thousands with semicolons', delimiter: ';', volume: grouped },
  { name: 'Swiss thousands', volume: (value) => grouped(value).replaceAll(',', "'") },
  {
    name: 'thousands with narrow spaces',
    delimiter: ';',
    price: comma,
    volume: (value) => grouped(value).replaceAll(',', '\u202f'),
  },
  { name: 'prices in dollars', price: (value) => `$${value}` },
  { name: 'ISO timestamps', date: (ts) => `${toDay(ts)}T00:00:00` },
  { name: 'ISO timestamps in UTC', date: (ts) => `${toDay(ts)}T00:00:00Z` },
  { name: 'timestamps with an offset behind UTC', date: (ts) => `${toDay(ts)} 20:00:00-05:00` },
  { name: 'timestamps with an offset ahead of UTC', date: (ts) => `${toDay(ts)} 00:00:00+09:00` },
  { name: 'timestamps with fractions', date: (ts) => `${toDay(ts)}T16:00:00.000+0000` },
  { name: 'days with slashes, the year first', date: (ts) => toDay(ts).replaceAll('-', '/') },
  { name: 'days without separators', date: (ts) => toDay(ts).replaceAll('-', '') },
  { name: 'days first, as other days show', date: (ts) => `${parts(ts).d}/${parts(ts).m}/${parts(ts).y}` },
  { name: 'months first, as other days show', date: (ts) => `${parts(ts).m}/${parts(ts).d}/${parts(ts).y}` },
  {
    name: 'months first without zeros, and a time',
    date: (ts) => `${Number(parts(ts).m)}/${Number(parts(ts).d)}/${parts(ts).y} 16:00:00`,
  },
  { name: 'days first with hyphens', date: (ts) => `${parts(ts).d}-${parts(ts).m}-${parts(ts).y}` },
  {
    name: 'days first, as the option says',
    dateFormat: 'dmy',
    date: (ts) => `${parts(ts).d}/${parts(ts).m}/${parts(ts).y}`,
  },
  {
    name: 'years of two digits, as the option says',
    dateFormat: 'mdy',
    date: (ts) => `${parts(ts).m}/${parts(ts).d}/${parts(ts).y.slice(2)}`,
  },
  {
    name: 'years of two digits first, as the option says',
    dateFormat: 'ymd',
    date: (ts) => toDay(ts).slice(2),
  },
  {
    name: 'months by name, between hyphens',
    date: (ts) => `${parts(ts).d}-${month(ts, 'short')}-${parts(ts).y}`,
  },
  {
    name: 'months by name, years of two digits',
    date: (ts) => `${parts(ts).d}-${month(ts, 'short')}-${parts(ts).y.slice(2)}`,
  },
  {
    name: 'months by name, first',
    date: (ts) => `${month(ts, 'short')} ${parts(ts).d}, ${parts(ts).y}`,
    quote: (field) => (field.includes(',') ? `"${field}"` : field),
  },
  {
    name: 'full names of months',
    delimiter: ';',
    date: (ts) => `${month(ts, 'long')} ${Number(parts(ts).d)}, ${parts(ts).y}`,
  },
  { name: 'the newest day first', arrange: (lines) => lines.reverse() },
  { name: 'days in no order', arrange: (lines) => shuffled(lines, random(5)) },
  {
    name: 'rows that repeat',
    arrange: (lines) => lines.flatMap((line, i) => (i % 7 === 0 ? [line, line] : [line])),
  },
  {
    name: 'blank rows',
    arrange: (lines) => lines.flatMap((line, i) => (i % 9 === 0 ? ['', line, '  ', ',,,,,,'] : [line])),
  },
  {
    name: 'the header again',
    arrange: (lines, header) => lines.flatMap((line, i) => (i % 20 === 19 ? [header, line] : [line])),
  },
  { name: 'empty fields at the ends of rows', arrange: (lines) => lines.map((line) => `${line},,`) },
  { name: 'spaces around fields', quote: (field) => ` ${field}  ` },
  { name: 'quoted fields', quote: (field) => `"${field}"` },
  { name: 'spaces before quoted fields', quote: (field) => ` "${field}"` },
  { name: 'empty volumes', volume: () => '', hasNoVolume: true },
  { name: 'volumes of a dash', volume: () => '-', hasNoVolume: true },
  { name: 'no column of volumes', header: PLAIN.slice(0, -1), hasNoVolume: true },
  { name: 'volumes with decimals', volume: (value) => `${value}.0` },
  { name: 'volumes in millions', volume: (value) => `${value / 1e6}M` },
  { name: 'volumes in thousands', volume: (value) => `${value / 1e3}K` },
  { name: 'volumes in scientific notation', volume: (value) => value.toExponential() },
  { name: 'symbols in lower case', symbol: (symbol) => symbol.toLowerCase() },
  { name: 'classes of shares with a dot', symbol: (symbol) => symbol.replace(/-(?=.$)/, '.') },
  { name: 'a byte order mark', text: (text) => `\ufeff${text}` },
  { name: 'CRLF', text: (text) => text.replaceAll('\n', '\r\n') },
  { name: 'CR', text: (text) => text.replaceAll('\n', '\r') },
  { name: 'no end of the last line', text: (text) => text.trimEnd() },
  { name: 'UTF-16, little end first', text: (text) => utf16(text, false) },
  { name: 'UTF-16, big end first', text: (text) => utf16(text, true) },
  { name: 'the delimiter in a line of its own', delimiter: ';', text: (text) => `sep=;\n${text}` },
  { name: 'blank lines above the header', text: (text) => `\n \n${text}` },
  { name: 'no symbols, but a file name', header: NAMELESS, isNameless: true },
  {
    name: 'three lines of header',
    header: [
      ['Price', 'date'],
      ['Close', 'close'],
      ['High', 'high'],
      ['Low', 'low'],
      ['Open', 'open'],
      ['Volume', 'volume'],
    ],
    isNameless: true,
    arrange: (lines) => ['Ticker,AAPL,AAPL,AAPL,AAPL,AAPL', 'Date,,,,,', ...lines],
  },
];

export function shuffled<T>(items: readonly T[], source: Random): T[] {
  return items
    .map((item) => ({ item, key: source.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Random bars of some symbols. All numbers have few digits, so that every shape can write them exactly. */
export function makeTruth(seed: number, symbols: readonly string[], days: number): Truth[] {
  const source = random(seed);
  return symbols.map((symbol) => {
    let close = 40 + source.int(2000);
    let ts = Date.UTC(2012, 10, 1);
    const bars = Array.from({ length: days }, (_, i) => {
      do ts += 86_400_000;
      while ([0, 6].includes(new Date(ts).getUTCDay()));
      const o = close + source.int(80) / 4;
      close = Math.max(10, close + source.int(9) - 4);
      const c = close + 0.25;
      const [h, l] = [Math.max(o, c) + 0.5, Math.min(o, c) - 0.125];
      const v = 1000 * (1 + source.int(3_000_000));
      return { ts, o, h, l, c, v, ratio: i < days / 2 ? 0.5 : 1 };
    });
    return { symbol, bars };
  });
}

/** Writes bars in a shape. */
export function write(shape: Shape, truth: readonly Truth[]): string | Uint8Array {
  const { delimiter = ',', header = PLAIN, quote = (field: string) => field } = shape;
  const { date = toDay, price = String, volume = String, symbol = (text: string) => text } = shape;
  let row = 0;
  const lines = truth.flatMap(({ symbol: name, bars }) =>
    bars.map((bar) => {
      const contents: Record<Extract<Content, string>, () => string> = {
        symbol: () => symbol(name),
        date: () => date(bar.ts),
        open: () => price(bar.o),
        high: () => price(bar.h),
        low: () => price(bar.l),
        close: () => price(bar.c),
        adj: () => price(bar.c * bar.ratio),
        volume: () => volume(bar.v),
        index: () => String(row++),
      };
      return header
        .map(([, content]) => quote(typeof content === 'string' ? contents[content]() : content.text))
        .join(delimiter);
    }),
  );
  const head = header.map(([name]) => name).join(delimiter);
  const text = `${[head, ...(shape.arrange?.(lines, head) ?? lines)].join('\n')}\n`;
  return shape.text?.(text) ?? text;
}

/** The bars that a reader of a shape must find. */
export function expected(shape: Shape, { bars }: Truth): Bar[] {
  const isAdjusted = (shape.header ?? PLAIN).some(([, content]) => content === 'adj');
  return bars.map(({ ts, o, h, l, c, v, ratio: traded }) => {
    const ratio = isAdjusted ? traded : 1;
    const volume = shape.hasNoVolume ? 0 : v / ratio;
    return { ts, o: o * ratio, h: h * ratio, l: l * ratio, c: c * ratio, v: volume };
  });
}
