import type { Batch } from '../../shared/contracts.ts';
import { DAY_MS } from '../../shared/days.ts';
import type { RawBar } from '../raw.ts';
import { barTime, type Fault, type FaultReason } from './findings.ts';

/** The request that a series answers. */
export type RequestedDays = Pick<Batch, 'interval' | 'from' | 'asOf'>;

/**
 * Checks the form of a series: valid bars, in ascending order, within the requested days. One malformed bar rejects
 * the whole series, because the rest of such an answer cannot be trusted either.
 *
 * @returns the first fault, or undefined if there is none
 */
export function findFault(bars: readonly RawBar[], request: RequestedDays): Fault | undefined {
  const first = Date.parse(request.from);
  const last = Date.parse(request.asOf) + DAY_MS - 1;
  const isDaily = request.interval === 'daily';
  let previous = Number.NEGATIVE_INFINITY;
  for (const bar of bars) {
    const [ts, o, h, l, c, v] = bar;
    // A NaN fails every comparison, so this accepts valid bars, nearly all of them, in one expression.
    const isPlain =
      ts >= first && ts <= last && ts > previous && l > 0 && l <= o && l <= c && h >= o && h >= c;
    const isValid = isPlain && h < Number.POSITIVE_INFINITY && v >= 0 && v < Number.POSITIVE_INFINITY;
    if (!isValid || (isDaily && ts % DAY_MS !== 0)) return faultOf(bar, request, { first, last, previous });
    previous = ts;
  }
  return undefined;
}

function faultOf(
  [ts, o, h, l, c, v]: RawBar,
  request: RequestedDays,
  context: { first: number; last: number; previous: number },
): Fault {
  const fault = (reason: FaultReason, what: string): Fault => ({
    reason,
    message: `bar ${barTime(ts)}: ${what}`,
  });
  if (![ts, o, h, l, c, v].every(Number.isFinite))
    return fault('not_finite', 'a value is not a finite number');
  if (request.interval === 'daily' && ts % DAY_MS !== 0)
    return fault('not_midnight', 'is not at midnight UTC');
  if (ts < context.first || ts > context.last)
    return fault('outside_request', `is outside ${request.from} to ${request.asOf}`);
  if (ts <= context.previous) return fault('not_ascending', 'is not later than the bar before it');
  if (Math.min(o, h, l, c) <= 0) return fault('non_positive', 'a price is not above zero');
  if (v < 0) return fault('negative_volume', `volume ${v} is negative`);
  return fault('ohlc_order', `open ${o} or close ${c} is outside low ${l} to high ${h}`);
}
