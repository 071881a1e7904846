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
      return `${whole(history?.bars ?? 0)} of the ${whole(history?.needed ?? 0)} trading days that a call needs. Its first call follows when it has traded that long.`;
    case 'pending':
      return firstCallDue
        ? `Its first call is due after the update of ${moment(firstCallDue)}.`
        : 'Its first call follows with the next update. No update is scheduled.';
  }
}
