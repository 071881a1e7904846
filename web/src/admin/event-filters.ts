import { DAY_RULE, inWords, keepDaysInOrder, oneOf, parseDay, startReading } from '../ui/link-filters.ts';
import { EVENT_WORDS, type SecurityEventType } from '../ui/security-events.ts';

/** The filters of the security events; undefined where the URL sets nothing. */
export interface EventFilters {
  type: SecurityEventType | undefined;
  /** The user whom the events are about, or the administrator who caused them. */
  userId: string | undefined;
  /** The first day. */
  from: string | undefined;
  /** The last day. */
  to: string | undefined;
}

export const NO_FILTERS: EventFilters = {
  type: undefined,
  userId: undefined,
  from: undefined,
  to: undefined,
};

const TYPES = Object.keys(EVENT_WORDS) as SecurityEventType[];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the filters from a URL's query, and reports invalid ones in words. */
export function readEventFilters(search: URLSearchParams): { filters: EventFilters; problems: string[] } {
  const { read, finish } = startReading(search);
  return keepDaysInOrder(
    finish({
      type: read('type', oneOf(TYPES), inWords(TYPES)),
      userId: read('userId', (text) => (UUID.test(text) ? text : undefined), 'the id of a user'),
      from: read('from', parseDay, DAY_RULE),
      to: read('to', parseDay, DAY_RULE),
    }),
  );
}
