import type { Label, Profile } from '../../shared/constants.ts';
import type { DayCounts } from './track-record-days.ts';

/** The names of an entry's daily sums. Returns are in percent; an excess is a return less that of the average stock. */
const ENTRY_SUMS = [
  'calls',
  'returns',
  'excess',
  'momentumStocks',
  'momentumExcess',
  // Of days with a benchmark; the excess is over the benchmark.
  'benchmarkCalls',
  'benchmarkReturns',
  'benchmarkExcess',
] as const;
export type EntrySums = Record<(typeof ENTRY_SUMS)[number], Float64Array>;

/** Daily sums over the calls of one profile and label. */
export interface GroupSums {
  profile: Profile;
  label: Label;
  close: EntrySums;
  open: EntrySums;
  right: Float64Array;
  /** How many would be right if they were drawn from all called stocks of the day. */
  expected: Float64Array;
  hitsKnown: Float64Array;
  stops: Hits;
  targets: Hits;
}

/** Calls that reached a price first. */
export interface Hits {
  calls: Float64Array;
  /** By the number of sessions until then, less one. */
  afterSessions: Float64Array[];
}

/** The lists of one entry's counts. */
interface EntryCounts {
  calls: readonly number[];
  returns: readonly number[];
  market: readonly (number | null)[];
  benchmark: readonly (number | null)[];
  momentumStocks: readonly number[];
  momentumReturns: readonly number[];
}

/**
 * The daily sums of one profile and label, over its models and horizons.
 *
 * @param days - days since 1970, ascending; each sum has a value per day
 */
export function groupSums(
  { profile, label }: { profile: Profile; label: Label },
  counts: readonly DayCounts[],
  days: readonly number[],
): GroupSums {
  const place = new Map(days.map((day, i) => [day, i]));
  const empty = () => new Float64Array(days.length);
  const emptyEntry = () => Object.fromEntries(ENTRY_SUMS.map((name) => [name, empty()])) as EntrySums;
  const sessions = Math.max(0, ...counts.map(({ horizon_days }) => horizon_days));
  const sums: GroupSums = {
    profile,
    label,
    close: emptyEntry(),
    open: emptyEntry(),
    right: empty(),
    expected: empty(),
    hitsKnown: empty(),
    stops: { calls: empty(), afterSessions: Array.from({ length: sessions }, empty) },
    targets: { calls: empty(), afterSessions: Array.from({ length: sessions }, empty) },
  };
  for (const of of counts) {
    const at = of.days.map((day) => place.get(day) as number);
    const add: Add = (to, value) => {
      for (const [i, day] of at.entries()) to[day] = (to[day] as number) + value(i);
    };
    addEntry(add, sums.close, {
      calls: of.scored,
      returns: of.return_sum,
      market: of.market,
      benchmark: of.benchmark,
      momentumStocks: of.momentum_stocks,
      momentumReturns: of.momentum_sum,
    });
    addEntry(add, sums.open, {
      calls: of.open_scored,
      returns: of.open_return_sum,
      market: of.open_market,
      benchmark: of.open_benchmark,
      momentumStocks: of.open_momentum_stocks,
      momentumReturns: of.open_momentum_sum,
    });
    const [right, base] =
      label === 'SELL' ? [of.below_market, of.stocks_below] : [of.above_market, of.stocks_above];
    add(sums.right, valuesOf(right));
    add(sums.expected, (i) => (valuesOf(of.scored)(i) * valuesOf(base)(i)) / valuesOf(of.stocks)(i));
    add(sums.hitsKnown, valuesOf(of.hits_known));
    addHits(sums.stops, of.stops, of.horizon_days, at);
    addHits(sums.targets, of.targets, of.horizon_days, at);
  }
  return sums;
}

type Add = (to: Float64Array, value: (i: number) => number) => void;

function addEntry(add: Add, to: EntrySums, of: EntryCounts): void {
  const [calls, returns, stocks] = [valuesOf(of.calls), valuesOf(of.returns), valuesOf(of.momentumStocks)];
  // Without the market's return, no call of the day has one.
  const market = (i: number) => of.market[i] ?? 0;
  add(to.calls, calls);
  add(to.returns, returns);
  add(to.excess, (i) => returns(i) - calls(i) * market(i));
  add(to.momentumStocks, stocks);
  add(to.momentumExcess, (i) => valuesOf(of.momentumReturns)(i) - stocks(i) * market(i));
  const ifCompared = (value: (i: number, benchmark: number) => number) => (i: number) => {
    const benchmark = of.benchmark[i] ?? null;
    return benchmark === null ? 0 : value(i, benchmark);
  };
  add(to.benchmarkCalls, ifCompared(calls));
  add(to.benchmarkReturns, ifCompared(returns));
  add(
    to.benchmarkExcess,
    ifCompared((i, benchmark) => returns(i) - calls(i) * benchmark),
  );
}

/**
 * Adds histograms of sessions.
 *
 * @param text - of an array of arrays, such as `{{0,1},{2,0}}`
 * @param sessions - length of each inner array
 * @param at - the place of the day of each inner array
 */
function addHits(to: Hits, text: string, sessions: number, at: readonly number[]): void {
  let [position, count, isNumber] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      count = count * 10 + digit;
      isNumber = true;
    } else if (isNumber) {
      const place = at[Math.floor(position / sessions)] as number;
      const daily = to.afterSessions[position % sessions] as Float64Array;
      daily[place] = (daily[place] as number) + count;
      to.calls[place] = (to.calls[place] as number) + count;
      position++;
      count = 0;
      isNumber = false;
    }
  }
}

const valuesOf = (list: readonly number[]) => (i: number) => list[i] as number;
