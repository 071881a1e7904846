import { Link } from 'react-router';
import type { RecommendationPage } from '../../api-types.d.ts';
import { count, day, modelAge } from '../ui/format.ts';

/** Days without new data after which it is said plainly; a long weekend is no reason to. */
const OLD_AFTER_DAYS = 4;

/** Of which day the list is, and what it rests on. */
export function Freshness({ page }: { page: RecommendationPage }) {
  const { asOf, dataAgeDays, modelVersion, modelAgeDays, coverage } = page;
  const isOld = dataAgeDays !== null && dataAgeDays > OLD_AFTER_DAYS;
  return (
    <p className="freshness">
      {asOf && (
        <span className={isOld ? 'freshness-old' : ''}>
          As of <time dateTime={asOf}>{day(asOf)}</time>
          {isOld && `, ${count(dataAgeDays, 'day')} ago`}
        </span>
      )}
      <span>
        {coverage.recommended} of {count(coverage.activeInstruments, 'stock')}
      </span>
      {modelVersion && (
        <span>
          <Link to="/model">Model {modelVersion}</Link>
          {modelAgeDays !== null && `, ${modelAge(modelAgeDays)}`}
        </span>
      )}
    </p>
  );
}
