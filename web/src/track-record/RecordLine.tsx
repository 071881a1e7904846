import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RecommendationPage } from '../../api-types.d.ts';
import type { Label } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { KIND_HINTS } from '../recommendations/hints.ts';
import { describeResult, INTERVAL_HINT } from './words.ts';

/** One line in the list: how good the live calls of its profile have been. The list does not wait for it. */
export function RecordLine({ page, label }: { page: RecommendationPage; label: Label | undefined }) {
  const { profile, items } = page;
  const isSample = items.every(({ kind }) => kind === 'sample');
  const { data } = useQuery({
    ...queries.trackRecord({ profile }),
    enabled: !isSample,
    // The record changes once a day, and computing its intervals takes longer than reading the list.
    staleTime: 3_600_000,
  });
  if (!data && !isSample) return null;
  return (
    <p className="muted">
      {data ? (
        <span title={INTERVAL_HINT}>{describeResult(data, label === 'SELL' ? label : 'BUY', profile)}</span>
      ) : (
        KIND_HINTS.sample
      )}{' '}
      <Link to={`/track-record?profile=${profile}`}>See the track record</Link>
    </p>
  );
}
