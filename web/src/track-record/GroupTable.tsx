import type { ReactNode } from 'react';
import type { TrackRecordGroup } from '../../api-types.d.ts';
import { PROFILE_WORDS, type Profile } from '../api/profiles.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { Empty } from '../ui/states.tsx';

/** A table with a row for each profile and label. The rows of the chosen profile stand out. */
export function GroupTable({
  label,
  groups,
  profile,
  columns,
  children,
}: {
  /** The accessible name. */
  label: string;
  groups: readonly TrackRecordGroup[];
  profile: Profile;
  /** The columns of numbers, after the profile and the call. */
  columns: readonly string[];
  /** The cells of a row. */
  children: (group: TrackRecordGroup) => ReactNode;
}) {
  if (groups.length === 0) return <Empty title="No calls with a result match these filters." />;
  return (
    <DataTable label={label} columns={['Profile', 'Call', ...columns.map((number) => ({ number }))]}>
      {groups.map((group) => (
        <tr key={`${group.profile} ${group.label}`} aria-current={group.profile === profile || undefined}>
          <th scope="row">{PROFILE_WORDS[group.profile].name}</th>
          <td>
            <CallBadge label={group.label} />
          </td>
          {children(group)}
        </tr>
      ))}
    </DataTable>
  );
}
