import { inWords, oneOf, startReading } from '../ui/link-filters.ts';
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

const DAY_RULE = 'a day such as 2026-03-02';

/** Reads the filters from a URL's query, and reports invalid ones in words. */
export function readEventFilters(search: URLSearchParams): { filters: EventFilters; problems: string[] } {
  const { read, finish } = startReading(search);
  const { filters, problems } = finish({
    type: read('type', oneOf(TYPES), inWords(TYPES)),
    userId: read('userId', (text) => (UUID.test(text) ? text : undefined), 'the id of a user'),
    from: read('from', parseDay, DAY_RULE),
    to: read('to', parseDay, DAY_RULE),
  });
  const { from, to } = filters;
  if (from === undefined || to === undefined || from <= to) return { filters, problems };
  return { filters: { ...filters, to: undefined }, problems: [...problems, `to must not be before ${from}`] };
}

/** The filters after a change. A first day after the last one removes the other of the two. */
export function updateEventFilters(filters: EventFilters, change: Partial<EventFilters>): EventFilters {
  const { from, to } = { ...filters, ...change };
  const isInOrder = from === undefined || to === undefined || from <= to;
  if (isInOrder) return { ...filters, ...change };
  return { ...filters, ...('from' in change ? { to: undefined } : { from: undefined }), ...change };
}

/** Writes the filters as a URL's query. */
export function writeEventFilters(filters: EventFilters): URLSearchParams {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(set as [string, string][]);
}

/** A day that the calendar has and the API accepts. */
export function parseDay(text: string): string | undefined {
  const date = new Date(text);
  const isDay = /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime());
  return isDay && date.toISOString().startsWith(text) ? text : undefined;
}
