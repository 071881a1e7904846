import { Link } from 'react-router';
import type { Health, RecommendationPage } from '../../api-types.d.ts';
import { ago, count, day, dayAndTime, modelAge } from '../ui/format.ts';
import { KEPT_HINT } from './hints.ts';

/** Age of the data in days from which the page stresses it; long enough for a long weekend. */
const OLD_AFTER_DAYS = 4;

/** The day, coverage and model of the list, and when the service updates it next. */
export function Freshness({ page, health }: { page: RecommendationPage; health: Health | undefined }) {
  const next = health?.updates?.nextAt;
  const { asOf, dataAgeDays, modelVersion, modelAgeDays, modelDataTo, coverage } = page;
  const isOld = dataAgeDays !== null && dataAgeDays > OLD_AFTER_DAYS;
  return (
    <p className="freshness">
      {asOf && (
        <span className={isOld ? 'freshness-old' : ''}>
          As of <time dateTime={asOf}>{day(asOf)}</time>
          {isOld && `, ${ago(dataAgeDays)}`}
        </span>
      )}
      <span>
        Calls for {coverage.recommended} of {count(coverage.activeInstruments, 'stock')}
      </span>
      {coverage.carriedOver > 0 && (
        <span className="freshness-old" title={KEPT_HINT}>
          {count(coverage.carriedOver, 'earlier call')} kept
        </span>
      )}
      {next && <span>Next update {dayAndTime(next)}</span>}
      {modelVersion && (
        <span>
          <Link to="/model">Model {modelVersion}</Link>
          {modelAgeDays !== null && `, ${modelAge(modelAgeDays)}`}
          {modelDataTo && `, learned from prices up to ${day(modelDataTo)}`}
        </span>
      )}
    </p>
  );
}
