import { inWords, oneOf, startReading } from '../ui/link-filters.ts';
import { EVENT_WORDS, type SecurityEventType } from '../ui/security-events.ts';

/** The filters of the security events; undefined where the URL sets nothing. */
export interface EventFilters {
  type: SecurityEventType | undefined;
  /** The user whose account was used or changed. */
  userId: string | undefined;
  /** The first day. */
  from: string | undefined;
  /** The last day. */
  to: string | undefined;
}

const TYPES = Object.keys(EVENT_WORDS) as SecurityEventType[];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the filters from a URL's query, and reports invalid ones in words. */
export function readEventFilters(search: URLSearchParams): { filters: EventFilters; problems: string[] } {
  const { read, finish } = startReading(search);
  return finish({
    type: read('type', oneOf(TYPES), inWords(TYPES)),
    userId: read('userId', (text) => (UUID.test(text) ? text.toLowerCase() : undefined), 'the id of a user'),
    from: read('from', day, 'a day such as 2026-03-02'),
    to: read('to', day, 'a day such as 2026-03-02'),
  });
}

/** Writes the filters as a URL's query. */
export function writeEventFilters(filters: EventFilters): URLSearchParams {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(set as [string, string][]);
}

/** A day that the calendar has. */
function day(text: string): string | undefined {
  const date = new Date(text);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime());
  return isDay && date.toISOString().startsWith(text) ? text : undefined;
}
