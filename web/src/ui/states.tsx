import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { explain } from '../api/problem.ts';
import { clock } from './format.ts';
import { Icon, type IconName } from './Icon.tsx';

/** After this long, waiting is explained. */
const SLOW_AFTER_MS = 6_000;

/** Something is on its way. Grey bars of about its size, so that the page does not jump when it comes. */
export function Loading({ what, rows = 4 }: { what: string; rows?: number }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      <span className={isSlow ? 'muted' : 'visually-hidden'}>
        {isSlow ? `Still loading ${what}: the connection or the service is slow.` : `Loading ${what}…`}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have nothing else to be told apart by
        <span key={row} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Nothing to show, and why. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** It did not work: what is wrong, and what to do. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { title, advice } = explain(error);
  return (
    <Note kind="error" title={title}>
      <p>{advice}</p>
      {onRetry && (
        <Button className="button" onPress={() => void onRetry()}>
          Try again
        </Button>
      )}
    </Note>
  );
}

/** A remark that is more than text: a warning, an error, something to know. */
export function Note({
  kind,
  title,
  children,
}: {
  kind: 'info' | 'warning' | 'error' | 'success';
  title?: string;
  children?: ReactNode;
}) {
  const icon: IconName = kind === 'info' ? 'info' : kind === 'success' ? 'check' : 'alert';
  return (
    <div
      className={`note note-${kind}`}
      role={kind === 'error' ? 'alert' : kind === 'success' ? 'status' : undefined}
    >
      <Icon name={icon} />
      <div>
        {title && <p className="note-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** What a query knows of itself. */
interface Known {
  isError: boolean;
  error: unknown;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/** What is shown is of earlier, because asking again failed. */
export function Stale({ query }: { query: Known }) {
  if (!query.isError) return null;
  return (
    <Note kind="warning" title={`Not up to date: this was loaded at ${clock(query.dataUpdatedAt)}`}>
      <p>{explain(query.error).advice}</p>
      <Button className="button" onPress={() => void query.refetch()}>
        Try again
      </Button>
    </Note>
  );
}

/** The states of a view: on its way, failed, there, and there but of earlier. */
export function Loaded<T>({
  query,
  what,
  rows,
  children,
}: {
  query: Known & { data: T | undefined };
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data === undefined) {
    return query.isError ? (
      <Failure error={query.error} onRetry={query.refetch} />
    ) : (
      <Loading what={what} {...(rows !== undefined && { rows })} />
    );
  }
  return (
    <>
      <Stale query={query} />
      {children(query.data)}
    </>
  );
}
