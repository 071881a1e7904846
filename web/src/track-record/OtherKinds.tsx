import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Profile } from '../api/profiles.ts';
import { KIND_HINTS } from '../recommendations/hints.ts';
import { Note } from '../ui/states.tsx';
import { hasCallsQuery } from './calls-query.ts';
import { KINDS } from './filters.ts';

const OTHERS = KINDS.filter((kind) => kind !== 'live');

/** Where no live call has a result: the calls of other kinds that the reader can look at instead. */
export function OtherKinds({ profile }: { profile: Profile }) {
  const found = useQueries({ queries: OTHERS.map((kind) => hasCallsQuery(profile, kind)) });
  return OTHERS.filter((_, at) => found[at]?.data).map((kind) => (
    <Note key={kind} kind="info">
      <p>
        {KIND_HINTS[kind]} <Link to={`?profile=${profile}&kind=${kind}`}>Show the {kind} calls</Link>
      </p>
    </Note>
  ));
}
