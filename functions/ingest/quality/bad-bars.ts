import { toDay } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import type { RawBar } from '../raw.ts';
import { findFault, type RequestedDays } from './faults.ts';
import { barTime, type Fault, type Note, type Suspect, type SuspicionReason } from './findings.ts';

/**
 * The largest share by which an open or close may lie outside the range of its bar. Auctions and quotes of thin shares
 * lie outside the range of their trades by up to a spread. Of 4 million bars of US shares, none was outside by more
 * than 0 and less than 9 times, so any limit between separates such bars from wrong ones. A tenth is also less than the
 * range of one day in a hundred, so a bar that is accepted wrongly is not an extreme one.
 */
const WIDEST = 1.1;

/** Open, high and low lie within this factor of the close of their bar; in 966,000 days eight did not. */
const LARGEST_WICK = 3;

/** A slipped decimal makes a value this many powers of ten too large or too small. */
const MOST_DIGITS = 3;

/** How near to a power of ten a slipped value is, as a difference of decimal logarithms: the day's own range. */
const NEAR_POWER = 0.11;

/** A series with at least this many bad bars, and more than half of them bad, is not worth reading. */
const LEAST_SYSTEMATIC = 3;

/** The bars of a series, separated. */
export interface SeparatedBars {
  /** Why none of them can be trusted. */
  fault?: Fault;
  /** Sound bars, each later than the one before it. */
  bars: readonly RawBar[];
  suspects: Suspect[];
  notes: Note[];
}

/** The bars of an answer, checked one by one. */
export type CheckedBars =
  | { fault: Fault; separated?: undefined }
  | { fault?: undefined; separated: SeparatedBars };

/** Checks the order of an answer's bars, and separates those that cannot be true from sound ones. */
export function checkBars(bars: readonly RawBar[], request: RequestedDays): CheckedBars {
  const fault = findFault(bars, request);
  return fault ? { fault } : { separated: separateBars(bars) };
}

/**
 * Separates bars that cannot be true from sound ones, each by its own values. Widens the range of a bar whose open or
 * close is slightly outside it.
 *
 * @param bars - ascending; several rows may have one ts
 */
export function separateBars(bars: readonly RawBar[]): SeparatedBars {
  // Nearly all series have only plain bars: those are not copied.
  if (arePlain(bars)) return { bars, suspects: [], notes: [] };
  const sound: RawBar[] = [];
  const suspects: Suspect[] = [];
  const widened: { day: string; excess: number }[] = [];
  const repeated: string[] = [];
  for (const rows of byInstant(bars)) {
    const bar = defined(rows.at(-1), 'row of an instant');
    if (rows.length > 1) {
      if (rows.some((row) => row.some((value, i) => !Object.is(value, bar[i])))) {
        suspects.push(twoRows(bar, rows));
        continue;
      }
      repeated.push(toDay(bar[0]));
    }
    const suspect = badBar(bar);
    if (suspect) {
      suspects.push(suspect);
      continue;
    }
    const wide = widen(bar);
    if (wide !== bar)
      widened.push({ day: toDay(bar[0]), excess: Math.max(wide[2] / bar[2], bar[3] / wide[3]) });
    sound.push(wide);
  }
  const total = sound.length + suspects.length;
  if (suspects.length >= LEAST_SYSTEMATIC && suspects.length > total / 2) {
    const first = defined(suspects[0], 'first bad bar').message;
    const message = `${suspects.length} of ${total} bars are bad; the first: ${first}`;
    return { fault: { reason: 'bad_bars', message }, bars: [], suspects: [], notes: [] };
  }
  return { bars: sound, suspects, notes: [...noteWidened(widened), ...noteRepeated(repeated)] };
}

function arePlain(bars: readonly RawBar[]): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (const [ts, o, h, l, c, v] of bars) {
    // A NaN fails every comparison.
    const isPlain = ts > previous && l > 0 && l <= o && l <= c && h >= o && h >= c && v >= 0;
    const isBounded = h < Number.POSITIVE_INFINITY && v < Number.POSITIVE_INFINITY;
    if (!isPlain || !isBounded || h > c * LARGEST_WICK || l * LARGEST_WICK < c) return false;
    previous = ts;
  }
  return true;
}

function* byInstant(bars: readonly RawBar[]): Generator<RawBar[]> {
  let rows: RawBar[] = [];
  for (const bar of bars) {
    if (rows.length > 0 && rows[0]?.[0] !== bar[0]) {
      yield rows;
      rows = [];
    }
    rows.push(bar);
  }
  if (rows.length > 0) yield rows;
}

function twoRows(bar: RawBar, rows: readonly RawBar[]): Suspect {
  const closes = rows.map(([, , , , c]) => c).join(' and ');
  const message = `bar ${barTime(bar[0])}: ${rows.length} rows differ, with the closes ${closes}`;
  return { bar, reason: 'two_rows', message };
}

/** The reason why a bar cannot be true, if there is one. */
function badBar(bar: RawBar): Suspect | undefined {
  const [ts, o, h, l, c, v] = bar;
  const suspect = (reason: SuspicionReason, what: string): Suspect => {
    return { bar, reason, message: `bar ${barTime(ts)}: ${what}` };
  };
  const prices = [o, h, l, c];
  const missing = prices.filter((price) => !Number.isFinite(price)).length;
  if (missing === prices.length) {
    return suspect('no_adjusted_close', 'it has no prices, because its adjusted close is missing');
  }
  if (missing > 0) return suspect('missing_price', `open ${o}, high ${h}, low ${l} or close ${c} is missing`);
  if (o === 0 && h === 0 && l === 0) return suspect('ohlc_zero', `open, high and low are 0, close ${c}`);
  if (Math.min(...prices) <= 0) {
    return suspect('non_positive', `open ${o}, high ${h}, low ${l} or close ${c} is not above 0`);
  }
  if (!Number.isFinite(v)) return suspect('missing_volume', `volume ${v} is missing`);
  if (v < 0) return suspect('negative_volume', `volume ${v} is negative`);
  const slipped = slippedField(prices);
  if (slipped) {
    const { name, value, times } = slipped;
    return suspect('slipped_decimal', `${name} ${value} is about ${times} times the bar's other prices`);
  }
  if (h < l || Math.max(o, c) > h * WIDEST || Math.min(o, c) * WIDEST < l) {
    return suspect('ohlc_order', `open ${o} or close ${c} is outside low ${l} to high ${h}`);
  }
  if (h > c * LARGEST_WICK || l * LARGEST_WICK < c) {
    const what = `open ${o}, high ${h} or low ${l} is more than ${LARGEST_WICK} times away from the close ${c}`;
    return suspect('wick', what);
  }
  return undefined;
}

const NAMES = ['open', 'high', 'low', 'close'] as const;

/** The price that is a power of ten away from the other three, which agree. */
function slippedField(prices: readonly number[]): { name: string; value: number; times: string } | undefined {
  for (const [i, value] of prices.entries()) {
    const others = prices.filter((_, j) => j !== i);
    if (Math.max(...others) > LARGEST_WICK * Math.min(...others)) continue;
    const level = others.reduce((sum, other) => sum + Math.log10(other), 0) / others.length;
    const digits = Math.log10(value) - level;
    const power = Math.round(digits);
    if (power === 0 || Math.abs(power) > MOST_DIGITS || Math.abs(digits - power) > NEAR_POWER) continue;
    const times = power > 0 ? String(10 ** power) : `1/${10 ** -power}`;
    return { name: defined(NAMES[i], 'name of a price'), value, times };
  }
  return undefined;
}

/** The bar with a range that contains its open and close; the same bar if it does. */
function widen(bar: RawBar): RawBar {
  const [ts, o, h, l, c, v] = bar;
  const [high, low] = [Math.max(h, o, c), Math.min(l, o, c)];
  return high === h && low === l ? bar : [ts, o, high, low, c, v];
}

function noteWidened(widened: readonly { day: string; excess: number }[]): Note[] {
  const [first] = widened;
  if (!first) return [];
  const most = Math.max(...widened.map(({ excess }) => excess));
  const share = `${((most - 1) * 100).toFixed(1)}%`;
  const bars = widened.length === 1 ? '1 bar opens or closes' : `${widened.length} bars open or close`;
  const message = `${bars} up to ${share} outside the low and high, the first on ${first.day}; the range is widened`;
  return [{ reason: 'widened', message }];
}

function noteRepeated(days: readonly string[]): Note[] {
  const [first] = days;
  if (first === undefined) return [];
  const rows = days.length === 1 ? '1 row is repeated' : `${days.length} rows are repeated`;
  return [{ reason: 'repeated_row', message: `${rows} without a difference, the first on ${first}` }];
}
