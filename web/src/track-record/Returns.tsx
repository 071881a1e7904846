import type { TrackRecord, TrackRecordGroup } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import type { Profile } from '../api/profiles.ts';
import type { Query } from '../api/request.ts';
import { DownloadCsv } from '../ui/DownloadCsv.tsx';
import { cost, percent, points, whole } from '../ui/format.ts';
import { EstimateCell } from './EstimateCell.tsx';
import { GroupTable } from './GroupTable.tsx';

/** Mean returns by profile and label, from both entries, before and after costs. */
export function Returns({
  record: { benchmark, costBasisPoints },
  groups,
  profile,
  query,
}: {
  record: TrackRecord;
  groups: readonly TrackRecordGroup[];
  profile: Profile;
  query: Query<'GET /v1/track-record.csv'>;
}) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>What did calls return?</h2>
        <DownloadCsv file="track-record.csv" load={() => api('GET /v1/track-record.csv', { query })} />
      </div>
      <p className="muted">
        “Close” is the price that a call is based on. “Next open” is the first price at which you could have
        traded. Differences are in percentage points against the average stock
        {benchmark !== null && ` or the benchmark ${benchmark}`} over the same days. Costs are{' '}
        {cost(costBasisPoints / 10_000)} for each of two trades. “Momentum” is a list of the same length of
        last year’s winners, or losers for SELL.
      </p>
      <GroupTable
        label="Returns"
        groups={groups}
        profile={profile}
        columns={[
          'Calls',
          'Return from close',
          'Less average',
          ...(benchmark === null ? [] : ['Less benchmark']),
          'Less average, after costs',
          'From next open, after costs',
          'Momentum',
        ]}
      >
        {({ calls, close, open }) => (
          <>
            <td className="number">{whole(calls)}</td>
            <EstimateCell estimate={close.beforeCosts.returnPct} show={percent} />
            <EstimateCell estimate={close.beforeCosts.lessAveragePct} show={points} />
            {benchmark !== null && (
              <EstimateCell estimate={close.beforeCosts.lessBenchmarkPct} show={points} />
            )}
            <EstimateCell estimate={close.afterCosts.lessAveragePct} show={points} verdict={close.verdict} />
            <EstimateCell estimate={open.afterCosts.lessAveragePct} show={points} verdict={open.verdict} />
            <EstimateCell estimate={close.momentumLessAveragePct} show={points} />
          </>
        )}
      </GroupTable>
    </section>
  );
}
