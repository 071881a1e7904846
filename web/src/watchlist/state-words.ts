import type { WatchlistEntry } from '../../api-types.d.ts';
import { moment, whole } from '../ui/format.ts';

/** Why a followed stock has no call, and when it gets one, in sentences. */
export function stateWords({ state, reason, firstCallDue, history }: WatchlistEntry): string {
  switch (state) {
    case 'current':
      return 'It has a call.';
    case 'withheld':
      return 'Its latest call is based on prices that are too old to act on.';
    case 'unsupported':
      return reason ?? 'It gets no calls.';
    case 'short_history':
      return `A call needs prices of ${whole(history?.needed ?? 0)} trading days, and this stock has ${whole(history?.bars ?? 0)}. It gets its first call once it has enough.`;
    case 'pending':
      return firstCallDue
        ? `Its first call is due after the update of ${moment(firstCallDue)}.`
        : 'It gets its first call with the next update. No update is scheduled.';
  }
}
