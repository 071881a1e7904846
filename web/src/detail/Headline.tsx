import type { RecommendationDetail } from '../../api-types.d.ts';
import { LABELS, PROFILE_WORDS } from '../api/profiles.ts';
import { PriceScale } from '../recommendations/PriceScale.tsx';
import { CallBadge } from '../ui/CallBadge.tsx';
import { age, day, percent, share } from '../ui/format.ts';

/** The call at a glance. */
export function Headline({ item }: { item: RecommendationDetail }) {
  return (
    <header className="headline">
      <div className="headline-name">
        <h1>
          <span className="symbol">{item.symbol}</span> <span className="headline-company">{item.name}</span>
        </h1>
        <p className="muted">
          {[item.exchange, item.sector].filter(Boolean).join(' · ')} · for the{' '}
          {PROFILE_WORDS[item.profile].name.toLowerCase()} profile
        </p>
      </div>
      <CallBadge label={item.label} size="large" />
      <dl className="headline-facts">
        <div>
          <dt>Confidence</dt>
          <dd>{share(item.confidence)}</dd>
        </div>
        <div>
          <dt>Expected return</dt>
          <dd>{percent(item.expectedReturnPct)}</dd>
        </div>
        <div>
          <dt>Horizon</dt>
          <dd>
            {item.horizonDays} <small>trading days</small>
          </dd>
        </div>
        <div>
          <dt>As of</dt>
          <dd>
            {day(item.asOf)} <small>{age(item.dataAgeDays)}</small>
          </dd>
        </div>
      </dl>
      <div className="headline-foot">
        <PriceScale item={item} />
        {item.probabilities && (
          <dl className="odds" aria-label="Probabilities">
            {LABELS.map((label) => (
              <div key={label}>
                <dt>
                  <CallBadge label={label} />
                </dt>
                <dd>{share(item.probabilities?.[label] ?? 0)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </header>
  );
}
