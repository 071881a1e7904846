import type { RecommendationDetail } from '../../api-types.d.ts';
import { LABELS, PROFILE_WORDS } from '../api/profiles.ts';
import { useBaseRates } from '../recommendations/base-rates.ts';
import {
  CONFIDENCE_HINT,
  ESTIMATE_HINT,
  HORIZON_HINT,
  LARGE_MOVE_HINT,
  UP_HINT,
} from '../recommendations/hints.ts';
import { PriceScale } from '../recommendations/PriceScale.tsx';
import { CallBadge } from '../ui/CallBadge.tsx';
import { ago, day, exchangeName, pointsOf, share } from '../ui/format.ts';
import { FollowNote } from '../watchlist/FollowNote.tsx';
import { Star } from '../watchlist/Star.tsx';

/** The call with its main numbers. */
export function Headline({ item }: { item: RecommendationDetail }) {
  const { probabilities } = item;
  const rates = useBaseRates(item.modelVersion);
  return (
    <header className="headline">
      <div className="headline-name">
        <div className="starred">
          <Star symbol={item.symbol} />
          <h1>
            <span className="symbol">{item.symbol}</span>{' '}
            <span className="headline-company">{item.name}</span>
          </h1>
        </div>
        <p className="muted">
          {[exchangeName(item.exchange), item.sector].filter(Boolean).join(' · ')} · for the{' '}
          {PROFILE_WORDS[item.profile].name.toLowerCase()} profile
        </p>
        <FollowNote symbol={item.symbol} />
      </div>
      <CallBadge label={item.label} size="large" />
      <dl className="headline-facts">
        <div>
          <dt title={CONFIDENCE_HINT}>Confidence</dt>
          <dd>
            {share(item.confidence)} {rates && <small>any stock {share(rates[item.label])}</small>}
          </dd>
        </div>
        {item.chances && (
          <>
            <div>
              <dt title={LARGE_MOVE_HINT}>Chance of a large move</dt>
              <dd>{share(item.chances.largeMove)}</dd>
            </div>
            <div>
              <dt title={UP_HINT}>If large, then up</dt>
              <dd>
                {share(item.chances.up)} <small>a coin 50%</small>
              </dd>
            </div>
          </>
        )}
        <div>
          <dt title={ESTIMATE_HINT}>Estimate</dt>
          <dd>
            {pointsOf(item.expectedReturnPct)} <small>against the average stock</small>
          </dd>
        </div>
        <div>
          <dt title={HORIZON_HINT}>Horizon</dt>
          <dd>
            {item.horizonDays} <small>trading days</small>
          </dd>
        </div>
        <div>
          <dt title="The last trading day whose prices the model used.">As of</dt>
          <dd>
            {day(item.asOf)} <small>{ago(item.dataAgeDays)}</small>
          </dd>
        </div>
      </dl>
      <div className="headline-foot">
        <PriceScale item={item} />
        {probabilities && (
          <div>
            <p className="odds-title">Chance of each call</p>
            <dl className="odds" aria-label="Chance of each call">
              {LABELS.map((label) => (
                <div key={label}>
                  <dt>
                    <CallBadge label={label} />
                  </dt>
                  <dd>{share(probabilities[label])}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </div>
    </header>
  );
}
