import type { TrackRecordGroup } from '../../api-types.d.ts';
import type { Profile } from '../api/profiles.ts';
import { pointsOf, share, whole } from '../ui/format.ts';
import { EstimateCell } from './EstimateCell.tsx';
import { GroupTable } from './GroupTable.tsx';

/** How often BUY and SELL calls were right, against the base rate. */
export function HitRates({ groups, profile }: { groups: readonly TrackRecordGroup[]; profile: Profile }) {
  return (
    <section className="panel">
      <h2>How often were calls right?</h2>
      <p className="muted">
        A BUY is right if the stock did better than the average stock over the same days, and a SELL if it did
        worse. HOLD calls are not scored. “Any stock” shows how often this was true of all stocks of these
        days. The range below a figure contains the true value in 95 of 100 cases.
      </p>
      <GroupTable
        label="Hit rates"
        groups={groups.filter(({ label }) => label !== 'HOLD')}
        profile={profile}
        columns={['Calls', 'Days', 'Right', 'Any stock', 'Difference']}
      >
        {({ calls, days, hitRate, baseRate, hitRateLessBase }) => (
          <>
            <td className="number">{whole(calls)}</td>
            <td className="number">{whole(days)}</td>
            <EstimateCell estimate={hitRate} show={share} />
            <EstimateCell estimate={baseRate} show={share} />
            <EstimateCell estimate={hitRateLessBase} show={(value) => pointsOf(value * 100)} />
          </>
        )}
      </GroupTable>
    </section>
  );
}
