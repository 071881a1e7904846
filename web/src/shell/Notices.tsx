import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Me, OwnSecurityEvent } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { dayAndTime } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { describeSource, EVENT_WORDS } from '../ui/security-events.ts';
import { Failure } from '../ui/states.tsx';

/** A banner about sign-ins and changes of the account since the user last dismissed it. */
export function Notices({ notices }: { notices: Me['notices'] }) {
  const client = useQueryClient();
  const dismiss = useMutation({
    mutationFn: (until: string) => api('POST /v1/me/notices/seen', { body: { until } }),
    onSuccess: () => {
      client.setQueryData(queries.me().queryKey, (me) => me && { ...me, notices: [] });
      // There may be more notices than the API returns at once.
      return client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const [newest] = notices;
  if (newest === undefined) return null;
  return (
    <aside className="notices" aria-label="Security notices">
      <Icon name="alert" />
      <div className="notices-text">
        <ul>
          {notices.map((notice) => (
            <li key={notice.id}>{describe(notice)}</li>
          ))}
        </ul>
        <p>
          Not you? <Link to="/settings#password">Change your password</Link>.
        </p>
        {dismiss.isError && <Failure error={dismiss.error} />}
      </div>
      <button
        type="button"
        className="button button-small"
        disabled={dismiss.isPending}
        onClick={() => dismiss.mutate(newest.occurredAt)}
      >
        Dismiss<span className="visually-hidden"> the security notices</span>
      </button>
    </aside>
  );
}

/** A notice as a sentence: what, from where, and when. */
function describe(notice: OwnSecurityEvent): string {
  const words = notice.type === 'login' ? 'New sign-in' : EVENT_WORDS[notice.type];
  return `${words} ${describeSource(notice)}, ${dayAndTime(notice.occurredAt)}.`;
}
