import type { Recommendation } from '../../api-types.d.ts';
import { age, day } from '../ui/format.ts';
import { KEPT_HINT } from './hints.ts';

/** The age of a call's data, and its day if the latest update could not renew the call. */
export function Age({ item: { asOf, dataAgeDays, carriedOver } }: { item: Recommendation }) {
  if (!carriedOver) return age(dataAgeDays);
  return (
    <span className="kept" title={KEPT_HINT}>
      {age(dataAgeDays)}, kept from <time dateTime={asOf}>{day(asOf)}</time>
    </span>
  );
}
