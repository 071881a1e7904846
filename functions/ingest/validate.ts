import type { Batch } from '../shared/contracts.ts';
import type { RawBar } from './raw.ts';

/** A series that must not be stored, and why. */
export interface Fault {
  reason:
    | 'not_finite'
    | 'non_positive'
    | 'ohlc_order'
    | 'negative_volume'
    | 'not_ascending'
    | 'outside_request'
    | 'not_midnight'
    | 'jump';
  message: string;
}

/**
 * A close this many times the last one, or its inverse, within one bar is a split that was not applied or a
 * wrong row: the largest honest one-day moves of listed shares (bank failures, drug trials) stay below it.
 */
const LARGEST_MOVE = 8;

const DAY_MS = 86_400_000;

/**
 * Checks a series as a whole: one bad bar condemns it, because a series with a hole or a wrong price in it
 * gives wrong features for a year.
 *
 * @param lastClose - the stored close before the first bar, where there is one
 * @returns the first fault, or undefined if there is none
 */
export function findFault(bars: RawBar[], request: Batch, lastClose?: number): Fault | undefined {
  const first = Date.parse(request.from);
  const last = Date.parse(request.asOf) + DAY_MS - 1;
  let previousTs = Number.NEGATIVE_INFINITY;
  let previousClose = lastClose;
  for (const bar of bars) {
    const fault = faultOfBar(bar, request, { first, last, previousTs, previousClose });
    if (fault) return fault;
    previousTs = bar[0];
    previousClose = bar[4];
  }
  return undefined;
}

function faultOfBar(
  [ts, o, h, l, c, v]: RawBar,
  request: Batch,
  context: { first: number; last: number; previousTs: number; previousClose: number | undefined },
): Fault | undefined {
  const day = Number.isFinite(ts) ? new Date(ts).toISOString().slice(0, 16) : String(ts);
  const fault = (reason: Fault['reason'], what: string): Fault => ({
    reason,
    message: `bar ${day}: ${what}`,
  });
  if (![ts, o, h, l, c, v].every(Number.isFinite))
    return fault('not_finite', 'a value is not a finite number');
  if (request.interval === 'daily' && ts % DAY_MS !== 0)
    return fault('not_midnight', 'is not at midnight UTC');
  if (ts < context.first || ts > context.last) {
    return fault('outside_request', `is outside ${request.from} to ${request.asOf}`);
  }
  if (ts <= context.previousTs) return fault('not_ascending', 'is not later than the bar before it');
  if (Math.min(o, h, l, c) <= 0) return fault('non_positive', 'a price is not above zero');
  if (l > Math.min(o, c) || h < Math.max(o, c)) {
    return fault('ohlc_order', `open ${o} or close ${c} is outside low ${l} to high ${h}`);
  }
  if (v < 0) return fault('negative_volume', `volume ${v} is negative`);
  const move = context.previousClose === undefined ? 1 : c / context.previousClose;
  if (move > LARGEST_MOVE || move < 1 / LARGEST_MOVE) {
    return fault(
      'jump',
      `close ${c} after ${context.previousClose} is beyond ${LARGEST_MOVE} times in one bar`,
    );
  }
  return undefined;
}
