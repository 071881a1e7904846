import type { TrackRecordGroup } from '../../api-types.d.ts';
import type { Profile } from '../api/profiles.ts';
import { figures, share, whole } from '../ui/format.ts';
import { EstimateCell } from './EstimateCell.tsx';
import { GroupTable } from './GroupTable.tsx';

/** How often the price reached the stop or the target first. */
export function Exits({ groups, profile }: { groups: readonly TrackRecordGroup[]; profile: Profile }) {
  return (
    <section className="panel">
      <h2>Did the price reach the stop or the target?</h2>
      <p className="muted">
        A day that reached both counts as the stop. The number of trading days is the median: of the calls
        that reached it, half took longer.
      </p>
      <GroupTable
        label="Stops and targets"
        groups={groups.filter(({ exits }) => exits.calls > 0)}
        profile={profile}
        columns={['Calls', 'Stop first', 'Target first', 'Days to stop', 'Days to target']}
      >
        {({ exits }) => (
          <>
            <td className="number">{whole(exits.calls)}</td>
            <EstimateCell estimate={exits.stopRate} show={share} />
            <EstimateCell estimate={exits.targetRate} show={share} />
            <EstimateCell estimate={exits.medianSessionsToStop} show={figures} />
            <EstimateCell estimate={exits.medianSessionsToTarget} show={figures} />
          </>
        )}
      </GroupTable>
    </section>
  );
}
