import type { RawBar } from '../raw.ts';
import { barTime, type Fault, type Note, type Suspect } from './findings.ts';

/**
 * A move within one bar that is looked at: 40 % up, or as far down. Of the 966,000 days of 490 large US stocks from
 * 2008 to 2015, one in 8,000 moved further, nearly all of them in the weeks of 2008 and 2009 in which such moves
 * were usual.
 */
const NOTABLE_MOVE = Math.log(1.4);

/** Where an instrument has been moving a lot, only a move of as many times its volatility is looked at. */
const VOLATILITIES = 8;

/** Log returns that volatility is taken from, at most and at least. */
const MOST_RETURNS = 60;
const LEAST_RETURNS = 20;

/** Closes before the first bar that help to know the volatility there. */
export const CLOSES_BEFORE = MOST_RETURNS + 1;

/** A move that lasts and is larger than this is no price: the largest honest ones stay below it. */
const LARGEST_MOVE = Math.log(8);

/** A move is gone when the next close is nearer to the close before it than this share of the move. */
const GONE = 1 / 4;

/** Open, high and low are within this factor of their own close; in 966,000 days eight were not. */
const LARGEST_WICK = 3;

/** What {@link findJumps} finds. */
export interface Jumps {
  fault?: Fault;
  suspects: Suspect[];
  notes: Note[];
}

/**
 * Looks for prices that cannot be believed.
 *
 * A close far from the one before it is a wrong row if the next close is back, and that bar goes into quarantine. If
 * the next close stays, the move is a fact and noted. If there is no next bar, nobody can tell: the bar waits in
 * quarantine until a later fetch brings the one after it. Closes in quarantine are not compared with.
 *
 * @param bars - without faults
 * @param before - closes before the first bar, ascending, for the volatility alone
 */
export function findJumps(bars: readonly RawBar[], before: readonly number[] = []): Jumps {
  const suspects: Suspect[] = [];
  const notes: Note[] = [];
  const returns = new Returns(before);
  let previous: number | undefined;
  for (const [i, bar] of bars.entries()) {
    const wick = wickOf(bar);
    if (wick) {
      suspects.push(wick);
      continue;
    }
    const close = bar[4];
    if (previous === undefined) {
      previous = close;
      continue;
    }
    const move = Math.log(close / previous);
    if (Math.abs(move) > NOTABLE_MOVE && Math.abs(move) > VOLATILITIES * returns.volatility()) {
      const what = `bar ${barTime(bar[0])}: close ${close} after ${previous}`;
      const next = bars[i + 1];
      if (!next) {
        suspects.push({ bar, reason: 'jump', message: `${what} waits for the bar after it` });
        continue;
      }
      const left = Math.log(next[4] / previous);
      if (Math.abs(left) < GONE * Math.abs(move)) {
        const reason = isSplitRatio(move) ? 'split_spurious' : 'jump';
        suspects.push({
          bar,
          reason,
          message: `${what} is gone with the next bar, which closes at ${next[4]}`,
        });
        continue;
      }
      if (Math.abs(move) > LARGEST_MOVE) {
        return {
          fault: { reason: 'jump', message: `${what} is beyond 8 times in one bar` },
          suspects,
          notes,
        };
      }
      notes.push({ reason: 'jump', message: `${what} is confirmed by the next bar` });
    }
    returns.push(move);
    previous = close;
  }
  return { suspects, notes };
}

/** Whether a move is among the first bars and large, so that closes before them have a say in it. */
export function hasEarlyMove(bars: readonly RawBar[]): boolean {
  for (let i = 1; i < Math.min(bars.length, LEAST_RETURNS + 1); i++) {
    const move = Math.log((bars[i]?.[4] ?? Number.NaN) / (bars[i - 1]?.[4] ?? Number.NaN));
    if (Math.abs(move) > NOTABLE_MOVE) return true;
  }
  return false;
}

function wickOf(bar: RawBar): Suspect | undefined {
  const [ts, open, high, low, close] = bar;
  if (high <= close * LARGEST_WICK && low * LARGEST_WICK >= close) return undefined;
  const message = `bar ${barTime(ts)}: open ${open}, high ${high} or low ${low} is beyond ${LARGEST_WICK} times the close ${close}`;
  return { bar, reason: 'wick', message };
}

/** Whether prices moved by about 2, 3, 4… or 1.5, 2.5…, either way. */
function isSplitRatio(move: number): boolean {
  const halves = 2 * Math.exp(Math.abs(move));
  return Math.abs(halves - Math.round(halves)) < 0.02 * halves;
}

/** The last log returns, and how large they are. */
class Returns {
  readonly #values: number[] = [];

  constructor(closes: readonly number[]) {
    for (let i = 1; i < closes.length; i++) {
      this.push(Math.log((closes[i] ?? Number.NaN) / (closes[i - 1] ?? Number.NaN)));
    }
  }

  push(value: number): void {
    this.#values.push(value);
  }

  /** Their root mean square; 0 while there are too few of them to tell. */
  volatility(): number {
    const last = this.#values.slice(-MOST_RETURNS);
    if (last.length < LEAST_RETURNS) return 0;
    return Math.sqrt(last.reduce((sum, value) => sum + value * value, 0) / last.length);
  }
}
