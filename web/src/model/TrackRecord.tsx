import { useQuery } from '@tanstack/react-query';
import { PROFILE_WORDS } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { day, percent, pointsOf, share, whole } from '../ui/format.ts';
import { Empty, Loaded } from '../ui/states.tsx';

/** The outcomes of this service's own calls whose horizon has passed. */
export function TrackRecord() {
  const query = useQuery(queries.trackRecord());
  return (
    <section className="panel">
      <h2>Track record of this service</h2>
      <Loaded query={query} what="the track record" rows={3}>
        {({ from, to, groups }) =>
          groups.length === 0 ? (
            <Empty title="No call has a result yet.">
              <p>
                A call gets its result about a month after it was made. Calls for sample data, for days long
                past, or made with hindsight do not count.
              </p>
            </Empty>
          ) : (
            <>
              <p className="muted">
                All live calls from {from && day(from)} to {to && day(to)}, including those of earlier models.
                HOLD calls are not scored. A small number of calls proves little.
              </p>
              <DataTable
                label="Track record"
                columns={[
                  'Profile',
                  'Call',
                  { number: 'Calls' },
                  { number: 'Right' },
                  { number: 'Average return' },
                  { number: 'Less average stock' },
                ]}
              >
                {groups.map(({ profile, label, calls, hitRate, close }) => (
                  <tr key={`${profile} ${label}`}>
                    <th scope="row">{PROFILE_WORDS[profile].name}</th>
                    <td>
                      <CallBadge label={label} />
                    </td>
                    <td className="number">{whole(calls)}</td>
                    <td className="number">{shown(hitRate, share)}</td>
                    <td className="number">{shown(close.beforeCosts.returnPct, percent)}</td>
                    <td className="number">{shown(close.beforeCosts.lessAveragePct, pointsOf)}</td>
                  </tr>
                ))}
              </DataTable>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function shown({ value }: { value: number | null }, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}
