import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Link, useSearchParams } from 'react-router';
import type { AdminSecurityEvent } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { DayField } from '../ui/DayField.tsx';
import { Choice } from '../ui/fields.tsx';
import { moment } from '../ui/format.ts';
import { IgnoredFilters } from '../ui/IgnoredFilters.tsx';
import { LoadMore } from '../ui/LoadMore.tsx';
import { changeFilters, toQuery } from '../ui/link-filters.ts';
import { describePlace, EVENT_WORDS, type SecurityEventType } from '../ui/security-events.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { type EventFilters, NO_FILTERS, readEventFilters } from './event-filters.ts';
import { adminQueries } from './queries.ts';

const ANY = '*';

const TYPES = [
  { value: ANY, label: 'All events' },
  ...Object.entries(EVENT_WORDS).map(([value, label]) => ({ value, label })),
];

/** The security events of all accounts, newest first. All filters are in the URL, so that a link shares the view. */
export function Component() {
  const [search, setSearch] = useSearchParams();
  const { filters, problems } = readEventFilters(search);
  const { type, userId, from, to } = filters;
  const query = useInfiniteQuery(adminQueries.securityEvents(Object.fromEntries(toQuery(filters))));
  const show = (next: EventFilters) => setSearch(toQuery(next), { preventScrollReset: true });
  const change = (update: Partial<EventFilters>) => show(changeFilters(filters, update));
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <section className="panel">
      <title>Security · Boursomatic</title>
      <h2>Security events</h2>
      <IgnoredFilters problems={problems} onRemove={() => setSearch(toQuery(filters), { replace: true })} />
      <search className="toolbar" aria-label="Filters">
        <Choice
          label="Event"
          className="event-type"
          options={TYPES}
          value={type ?? ANY}
          onChange={(chosen) => change({ type: chosen === ANY ? undefined : (chosen as SecurityEventType) })}
        />
        <DayField label="First day (UTC)" value={from} onChange={(day) => change({ from: day })} />
        <DayField label="Last day (UTC)" value={to} onChange={(day) => change({ to: day })} />
        {isFiltered && (
          <Button className="button button-quiet filters-clear" onPress={() => show(NO_FILTERS)}>
            Clear filters
          </Button>
        )}
      </search>
      <Loaded query={query} what="the security events">
        {({ pages }) => {
          const events = pages.flatMap(({ items }) => items);
          return (
            <>
              {userId !== undefined && (
                <p>
                  Only events of <strong className="break">{emailOf(userId, events) ?? 'one user'}</strong>.{' '}
                  <Link to={`?${toQuery({ ...filters, userId: undefined })}`}>Show all users</Link>
                </p>
              )}
              {events.length === 0 ? (
                <Empty title={isFiltered ? 'No events match these filters.' : 'No security events yet.'} />
              ) : (
                <DataTable
                  label="Security events"
                  columns={['Time', 'Event', 'User', 'From', 'Details', 'Request']}
                >
                  {events.map((event) => (
                    <Row key={event.id} event={event} filters={filters} />
                  ))}
                </DataTable>
              )}
            </>
          );
        }}
      </Loaded>
      <LoadMore query={query} />
    </section>
  );
}

function Row({ event, filters }: { event: AdminSecurityEvent; filters: EventFilters }) {
  return (
    <tr>
      <th scope="row">{moment(event.occurredAt)}</th>
      <td>{EVENT_WORDS[event.type]}</td>
      <td>
        <User id={event.userId} email={event.userEmail} filters={filters} />
        {event.actorId !== null && (
          <>
            , by <User id={event.actorId} email={event.actorEmail} filters={filters} />
          </>
        )}
      </td>
      <td>{describePlace(event) || (event.detail.by === 'operator' ? 'Operator' : '–')}</td>
      <td>{detailsOf(event) || '–'}</td>
      <td>{event.requestId === null ? '–' : <code>{event.requestId}</code>}</td>
    </tr>
  );
}

/** Details that are true or false, in words. */
const FLAGS: Record<string, string> = { isNewAddress: 'new address', isNewBrowser: 'new browser' };

/** The details of an event, such as `reason: wrong-code`, without what is false and the ids of sessions. */
function detailsOf({ detail }: AdminSecurityEvent): string {
  return Object.entries(detail)
    .filter(([name, value]) => value !== false && name !== 'sessionId')
    .map(([name, value]) => (value === true ? (FLAGS[name] ?? name) : `${name}: ${value}`))
    .join(', ');
}

/** A user, with a link that shows only this user's events. */
function User({ id, email, filters }: { id: string | null; email: string | null; filters: EventFilters }) {
  if (id === null) return <>no account</>;
  return <Link to={`?${toQuery({ ...filters, userId: id })}`}>{email ?? 'erased account'}</Link>;
}

/** The address of a user, if one of the events has it. */
function emailOf(userId: string, events: readonly AdminSecurityEvent[]): string | null | undefined {
  const own = events.find((event) => event.userId === userId);
  return own ? own.userEmail : events.find(({ actorId }) => actorId === userId)?.actorEmail;
}
