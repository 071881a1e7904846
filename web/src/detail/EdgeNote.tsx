import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { queries } from '../api/queries.ts';
import { EDGE_TITLES } from '../model/explanations.ts';
import { Note } from '../ui/states.tsx';

/** Whether the call's model has shown a gain after costs for the call's profile. */
export function EdgeNote({ item }: { item: RecommendationDetail }) {
  const { data } = useQuery(queries.model(item.modelVersion));
  const edge = data?.edges.find(({ profile }) => profile === item.profile);
  if (!edge) return null;
  return (
    <Note kind="info" title={EDGE_TITLES[edge.status]}>
      <p>
        {edge.words} <Link to="/model">More about the model</Link>
      </p>
    </Note>
  );
}
