import type { Batch } from '../../shared/contracts.ts';
import { DAY_MS } from '../../shared/days.ts';
import type { RawBar } from '../raw.ts';
import { barTime, type Fault, type FaultReason } from './findings.ts';

/** The request that a series answers. */
export type RequestedDays = Pick<Batch, 'interval' | 'from' | 'asOf'>;

/**
 * Checks the order of a series: every bar has an instant, within the requested days and not before the previous one.
 * Where the instants are wrong, the source answered another request or in another form, so the whole series is
 * rejected.
 *
 * @returns the first fault, or undefined if there is none
 */
export function findFault(bars: readonly RawBar[], request: RequestedDays): Fault | undefined {
  const first = Date.parse(request.from);
  const last = Date.parse(request.asOf) + DAY_MS - 1;
  const isDaily = request.interval === 'daily';
  let previous = Number.NEGATIVE_INFINITY;
  for (const [ts] of bars) {
    // A NaN fails every comparison.
    const isValid = ts >= first && ts <= last && ts >= previous && (!isDaily || ts % DAY_MS === 0);
    if (!isValid) return faultOf(ts, request, { first, last });
    previous = ts;
  }
  return undefined;
}

function faultOf(ts: number, request: RequestedDays, context: { first: number; last: number }): Fault {
  const fault = (reason: FaultReason, what: string): Fault => ({
    reason,
    message: `bar ${barTime(ts)}: ${what}`,
  });
  if (!Number.isFinite(ts)) return fault('not_finite', 'the instant is not a finite number');
  if (request.interval === 'daily' && ts % DAY_MS !== 0)
    return fault('not_midnight', 'is not at midnight UTC');
  if (ts < context.first || ts > context.last)
    return fault('outside_request', `is outside ${request.from} to ${request.asOf}`);
  return fault('not_ascending', 'is earlier than the bar before it');
}
