import { type ReactNode, useEffect, useState } from 'react';
import { CancelledError } from '../api/confirmation.ts';
import { explain } from '../api/problem.ts';
import { clock } from './format.ts';
import { Icon, type IconName } from './Icon.tsx';

/** Time after which the page says that loading is slow. */
const SLOW_AFTER_MS = 6_000;

/** A loading message with grey bars of about the content's size, so that the page does not jump later. */
export function Loading({ what, rows = 4 }: { what: string; rows?: number }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      <span className={isSlow ? 'muted' : 'visually-hidden'}>
        {isSlow ? `Still loading ${what}. Your connection or the service is slow.` : `Loading ${what}…`}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the grey bars are identical
        <span key={row} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Shown in place of an empty list. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** An error: what happened, and what to do next. Shows nothing after the user has cancelled. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  if (error instanceof CancelledError) return null;
  const { title, advice } = explain(error);
  return (
    <Note kind="error" title={title}>
      <p>{advice}</p>
      {onRetry && (
        <button type="button" className="button" onClick={() => void onRetry()}>
          Try again
        </button>
      )}
    </Note>
  );
}

/** A highlighted message. */
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

/** The parts of a query's state that these components use. */
interface QueryState {
  isError: boolean;
  error: unknown;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/** A warning that the shown data is old, because the refetch failed. */
export function Stale({ query }: { query: QueryState }) {
  if (!query.isError) return null;
  return (
    <Note kind="warning" title={`Out of date: last loaded at ${clock(query.dataUpdatedAt)}`}>
      <p>{explain(query.error).advice}</p>
      <button type="button" className="button" onClick={() => void query.refetch()}>
        Try again
      </button>
    </Note>
  );
}

/** Renders a query's state: loading, failed, loaded, or loaded earlier and then failed. */
export function Loaded<T>({
  query,
  what,
  rows,
  children,
}: {
  query: QueryState & { data: T | undefined };
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
