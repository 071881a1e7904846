import { useQuery } from '@tanstack/react-query';
import { PROFILE_WORDS } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { day, percent, share, whole } from '../ui/format.ts';
import { Empty, Loaded } from '../ui/states.tsx';

/** The outcomes of this service's own calls whose horizon has passed. */
export function TrackRecord() {
  const query = useQuery(queries.trackRecord());
  return (
    <section className="panel">
      <h2>Track record of this service</h2>
      <Loaded query={query} what="the track record" rows={3}>
        {({ from, to, calls }) =>
          calls.length === 0 ? (
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
                  { number: 'Average stock' },
                ]}
              >
                {calls.map((call) => (
                  <tr key={`${call.profile} ${call.label}`}>
                    <th scope="row">{PROFILE_WORDS[call.profile].name}</th>
                    <td>
                      <CallBadge label={call.label} />
                    </td>
                    <td className="number">{whole(call.scored)}</td>
                    <td className="number">{call.shareRight === null ? '–' : share(call.shareRight)}</td>
                    <td className="number">{percent(call.averageReturnPct)}</td>
                    <td className="number">
                      {call.averageMarketReturnPct === null ? '–' : percent(call.averageMarketReturnPct)}
                    </td>
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
