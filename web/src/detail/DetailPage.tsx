import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'react-router';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { defined } from '../defined.ts';
import { KIND_HINTS, MARKET_HINT } from '../recommendations/hints.ts';
import { ago, day, modelAge, moment, whole } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Loaded, Note } from '../ui/states.tsx';
import { FollowFailure } from '../watchlist/FollowFailure.tsx';
import { ChartSection } from './ChartSection.tsx';
import { Contributions } from './Contributions.tsx';
import { EdgeNote } from './EdgeNote.tsx';
import { Features } from './Features.tsx';
import { Headline } from './Headline.tsx';
import { History } from './History.tsx';
import { OtherProfiles } from './OtherProfiles.tsx';
import { Outcome } from './Outcome.tsx';
import './detail.css';

/** One recommendation: the call, its reasons, its inputs and the stock's other calls. */
export function Component() {
  const id = defined(useParams().id, 'id of the recommendation in the route');
  const query = useQuery(queries.recommendation(id));
  /** The query string of the list from which the user came. */
  const { list = '' } = (useLocation().state as { list?: string } | null) ?? {};
  const isNotFound = query.error instanceof ApiError && [400, 404].includes(query.error.status);
  return (
    <article className="detail">
      <Link className="back-link" to={`/recommendations${list}`}>
        <Icon name="back" />
        All recommendations
      </Link>
      {isNotFound && query.data === undefined ? (
        <>
          <title>Recommendation not found · Boursomatic</title>
          <h1>Recommendation not found</h1>
          <p>
            It may have been removed, or the link is incomplete. The list shows the current recommendations.
          </p>
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

const KIND_TITLES = {
  backdated: 'A backdated call',
  hindsight: 'Made with hindsight',
  sample: 'Sample data',
};

function Detail({ item }: { item: RecommendationDetail }) {
  return (
    <>
      <title>{`${item.symbol}: ${item.label} · Boursomatic`}</title>
      <Headline item={item} />
      <FollowFailure />
      {item.warning && (
        <Note
          kind="warning"
          title={
            item.standing === 'archived'
              ? 'This is an earlier recommendation'
              : 'This recommendation is no longer current'
          }
        >
          <p>{item.warning}</p>
        </Note>
      )}
      {item.carriedOver && item.warning === null && (
        <Note kind="warning" title="This call was not renewed">
          <p>
            The latest update failed for this stock. This call is based on prices up to {day(item.asOf)},{' '}
            {ago(item.dataAgeDays)}. It stays until an update succeeds.
          </p>
        </Note>
      )}
      {item.kind !== 'live' && (
        <Note kind="warning" title={KIND_TITLES[item.kind]}>
          <p>{KIND_HINTS[item.kind]}</p>
        </Note>
      )}
      {item.marks.includes('unvalidated_market') && (
        <Note kind="warning" title="Unvalidated market">
          <p>{MARKET_HINT}</p>
        </Note>
      )}
      {item.outcome && <Outcome outcome={item.outcome} currency={item.currency} />}
      <EdgeNote item={item} />
      <ChartSection item={item} />
      <section className="panel">
        <h2>Why this call</h2>
        <p className="justification">{item.justification}</p>
        {item.universe && item.universe.day !== item.asOf && (
          <p className="muted">
            This stock was compared with the {whole(item.universe.stocks)} stocks of {day(item.universe.day)},
            because too few had prices for {day(item.asOf)}.
          </p>
        )}
        {item.explanation ? (
          <Contributions explanation={item.explanation} expectedPct={item.expectedReturnPct} />
        ) : (
          <p className="muted">The effect of each input was not stored for this call.</p>
        )}
      </section>
      <OtherProfiles item={item} />
      <History item={item} />
      <Features item={item} />
      <p className="provenance">
        Made by <Link to="/model">model {item.modelVersion}</Link>
        {item.modelAgeDays !== null && ` (${modelAge(item.modelAgeDays)})`}, published{' '}
        {moment(item.generatedAt)}, with prices up to {day(item.asOf)}
        {item.universe && `, compared with ${whole(item.universe.stocks)} stocks`}.{' '}
        {item.modelNotice ?? learnedFrom(item)}
      </p>
    </>
  );
}

function learnedFrom({ modelDataTo }: RecommendationDetail): string {
  return modelDataTo
    ? `The model learned from prices up to ${day(modelDataTo)}.`
    : 'The last day of the prices that the model learned from is not known.';
}
