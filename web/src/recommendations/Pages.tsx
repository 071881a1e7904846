import { Link, useLocation } from 'react-router';
import { Choice } from '../ui/fields.tsx';
import { count } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { type Filters, PAGE_SIZES, writeFilters } from './filters.ts';

/** Cursors lead forward only, so the history entry keeps the cursors of the earlier pages. */
interface Trail {
  trail?: (string | null)[];
}

/** Links to the previous and the next page, and the page size. */
export function Pages({
  filters,
  nextCursor,
  count: shown,
  onLimit,
}: {
  filters: Filters;
  nextCursor: string | null;
  count: number;
  onLimit: (change: Partial<Filters>) => void;
}) {
  const { state } = useLocation();
  const trail = filters.cursor ? ((state as Trail | null)?.trail ?? []) : [];
  const to = (cursor: string | undefined) => `?${writeFilters({ ...filters, cursor })}`;
  const previous = trail.at(-1);
  const sizes = [...new Set([...PAGE_SIZES, filters.limit])].sort((a, b) => a - b);
  return (
    <nav className="pages" aria-label="Pages of the list">
      <p className="muted">{count(shown, 'recommendation')} on this page</p>
      <div className="pages-links">
        {filters.cursor && (
          <Link
            className="button"
            to={to(previous ?? undefined)}
            state={{ trail: trail.slice(0, -1) } satisfies Trail}
          >
            <Icon name="back" />
            {trail.length > 0 ? 'Previous' : 'First page'}
          </Link>
        )}
        {nextCursor && (
          <Link
            className="button"
            to={to(nextCursor)}
            state={{ trail: [...trail, filters.cursor ?? null] } satisfies Trail}
          >
            Next
            <Icon name="next" />
          </Link>
        )}
      </div>
      <Choice
        label="Per page"
        className="pages-size"
        options={sizes.map((size) => ({ value: String(size), label: String(size) }))}
        value={String(filters.limit)}
        onChange={(size) => onLimit({ limit: Number(size) })}
      />
    </nav>
  );
}
