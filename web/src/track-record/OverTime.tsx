import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { TrackRecord, TrackRecordSeries } from '../../api-types.d.ts';
import type { Profile } from '../api/profiles.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, points as inPoints, whole } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/states.tsx';
import { scaleOf } from './chart-scale.ts';
import { EstimateCell } from './EstimateCell.tsx';
import { LineChart } from './LineChart.tsx';
import { callsOf } from './words.ts';

type Points = TrackRecordSeries['points'];

/** How the length of a point begins its first day. */
const STEP_NAMES: Record<TrackRecord['step'], string> = {
  day: 'Day',
  week: 'Week from',
  month: 'Month from',
};

/** The return of BUY calls less that of the average stock and of the benchmark, up to each day. */
export function OverTime({
  record: { kind, benchmark, step },
  profile,
  points,
}: {
  record: TrackRecord;
  profile: Profile;
  points: Points;
}) {
  const average = points.map((point) => ({ day: point.day, estimate: point.cumulativeLessAveragePct }));
  const compared = points.map((point) => ({ day: point.day, estimate: point.cumulativeLessBenchmarkPct }));
  // Both charts have one scale, so that their heights compare.
  const scale = scaleOf(
    [...average, ...compared].flatMap(({ estimate }) =>
      [estimate.value, estimate.low, estimate.high].flatMap((value) => value ?? []),
    ),
  );
  return (
    <section className="panel">
      <h2>How have BUY calls done over time?</h2>
      {points.length === 0 ? (
        <Empty title={`No ${callsOf('BUY', profile, kind)} have a result.`} />
      ) : (
        <>
          <p className="muted">
            The line is the mean difference in percentage points over all {callsOf('BUY', profile, kind)} up
            to a day: from the close to the end of the horizon, before costs. The band contains the true value
            in 95 of 100 cases. If it contains 0, chance alone could explain the line.
          </p>
          <div className="line-charts">
            <LineChart title="BUY less the average stock" points={average} scale={scale} />
            {benchmark !== null && (
              <LineChart title={`BUY less the benchmark ${benchmark}`} points={compared} scale={scale} />
            )}
          </div>
          {benchmark === null && <p className="muted">No benchmark was stored for these days.</p>}
          <PointTable points={points} step={step} benchmark={benchmark} />
        </>
      )}
    </section>
  );
}

/** The charts' points as a table: the accessible alternative to the drawings, and the exact numbers. */
function PointTable({
  points,
  step,
  benchmark,
}: Pick<TrackRecord, 'step' | 'benchmark'> & { points: Points }) {
  const columns = [
    STEP_NAMES[step],
    ...[
      'Calls',
      'Less average',
      'Up to then',
      ...(benchmark === null ? [] : ['Less benchmark', 'Benchmark, up to then']),
    ].map((number) => ({ number })),
  ];
  return (
    <Disclosure className="disclosure">
      <Heading level={3}>
        <Button slot="trigger" className="disclosure-button">
          <Icon name="next" />
          The points as a table
        </Button>
      </Heading>
      <DisclosurePanel>
        <DataTable label="BUY calls over time" columns={columns}>
          {points.toReversed().map((point) => (
            <tr key={point.day}>
              <th scope="row">{day(point.day)}</th>
              <td className="number">{whole(point.calls)}</td>
              <td className="number">{inPoints(point.lessAveragePct)}</td>
              <EstimateCell estimate={point.cumulativeLessAveragePct} show={inPoints} />
              {benchmark !== null && (
                <>
                  <td className="number">
                    {point.lessBenchmarkPct === null ? '–' : inPoints(point.lessBenchmarkPct)}
                  </td>
                  <EstimateCell estimate={point.cumulativeLessBenchmarkPct} show={inPoints} />
                </>
              )}
            </tr>
          ))}
        </DataTable>
      </DisclosurePanel>
    </Disclosure>
  );
}
