import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'react-router';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { day, modelAge, moment } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Loaded, Note } from '../ui/states.tsx';
import { ChartSection } from './ChartSection.tsx';
import { Contributions } from './Contributions.tsx';
import { Features } from './Features.tsx';
import { Headline } from './Headline.tsx';
import { History } from './History.tsx';
import { OtherProfiles } from './OtherProfiles.tsx';
import { Outcome } from './Outcome.tsx';
import './detail.css';

/** One recommendation: what, why, on what, and what became of others. */
export function Component() {
  const { id = '' } = useParams();
  const query = useQuery(queries.recommendation(id));
  const list = (useLocation().state as { list?: string } | null)?.list ?? '';
  const isGone = query.error instanceof ApiError && [400, 404].includes(query.error.status);
  return (
    <article className="detail">
      <Link className="back-link" to={`/recommendations${list}`}>
        <Icon name="back" />
        All recommendations
      </Link>
      {isGone && query.data === undefined ? (
        <>
          <title>No longer there · Boursomatic</title>
          <h1>This recommendation is not there</h1>
          <p>It may have been removed, or the link is incomplete. The list has what counts now.</p>
        </>
      ) : (
        <>
          {query.data === undefined && (
            <>
              <title>Recommendation · Boursomatic</title>
              <h1 className="visually-hidden">Recommendation</h1>
            </>
          )}
          <Loaded query={query} what="the recommendation" rows={8}>
            {(item) => <Detail key={item.id} item={item} />}
          </Loaded>
        </>
      )}
    </article>
  );
}

function Detail({ item }: { item: RecommendationDetail }) {
  return (
    <>
      <title>{`${item.symbol}: ${item.label} · Boursomatic`}</title>
      <Headline item={item} />
      {item.warning && (
        <Note
          kind="warning"
          title={item.standing === 'archived' ? 'This is an earlier call' : 'This call is held back'}
        >
          <p>{item.warning}</p>
        </Note>
      )}
      {item.outcome && <Outcome outcome={item.outcome} />}
      <ChartSection item={item} />
      <section className="panel">
        <h2>Why</h2>
        <p className="justification">{item.justification}</p>
        {item.explanation ? (
          <Contributions explanation={item.explanation} expectedPct={item.expectedReturnPct} />
        ) : (
          <p className="muted">How much each input counted was not kept for this call.</p>
        )}
      </section>
      <OtherProfiles item={item} />
      <History item={item} />
      <Features item={item} />
      <p className="provenance">
        Made by <Link to="/model">model {item.modelVersion}</Link> ({modelAge(item.modelAgeDays)}), published{' '}
        {moment(item.generatedAt)}, from bars up to {day(item.asOf)}.
      </p>
    </>
  );
}
