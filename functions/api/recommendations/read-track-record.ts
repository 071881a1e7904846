import { Resamples } from '../../evaluate/resamples.ts';
import type { CallKind } from '../../shared/call-kinds.ts';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { addDays, DAY_MS, toDay } from '../../shared/days.ts';
import { COST_PER_SIDE } from '../../shared/trading-costs.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { dayOf } from '../lists/age.ts';
import { assertOrdered, withinDays } from '../lists/day-range.ts';
import { groupFigures } from './group-figures.ts';
import { groupSums } from './group-sums.ts';
import { calibrationOf, rankIcOf } from './score-figures.ts';
import { seriesOf, stepOf } from './series.ts';
import { TrackRecord, TrackRecordQuery } from './track-record.ts';
import { type DayCounts, readDayCounts, readScoreCounts } from './track-record-days.ts';

/**
 * Reads the results of all recommendations of a kind whose horizon has passed, from a few rows per day.
 *
 * @throws ApiError (400, invalid-request) if the first day is later than the last, (404, unknown-model)
 */
export async function readTrackRecord(
  sql: Sql,
  query: TrackRecordQuery,
  { now, notice }: { now: Date; notice: string | null },
): Promise<TrackRecord> {
  assertOrdered(query);
  if (query.model !== undefined) await assertKnown(sql, query.model);
  const [all, scores, overdue, benchmark] = await Promise.all([
    readDayCounts(sql, query),
    readScoreCounts(sql, query),
    countOverdue(sql, query, now),
    newestBenchmark(sql),
  ]);
  const firstResultDay = all.length > 0 ? null : await estimateFirstResult(sql, query.kind, now);
  const ofModel = all.filter(({ version }) => query.model === undefined || version === query.model);
  const counts = ofModel.filter(({ profile }) => query.profile === undefined || profile === query.profile);
  // Days of every profile, so that a filter by profile does not change the intervals of the others.
  const days = [...new Set(ofModel.flatMap((of) => of.days))].sort((a, b) => a - b);
  const counted = [...new Set(counts.flatMap((of) => of.days))].sort((a, b) => a - b);
  const block = Math.max(1, ...ofModel.map(({ horizon_days }) => horizon_days));
  const resamples = new Resamples(days.length, block);
  const sums = PROFILES.flatMap((profile) =>
    LABELS.flatMap((label) => {
      const own = counts.filter((of) => of.profile === profile && of.label === label);
      return own.length > 0 ? groupSums({ profile, label }, own, days) : [];
    }),
  );
  return {
    kind: query.kind,
    from: dayAt(counted[0]),
    to: dayAt(counted.at(-1)),
    days: counted.length,
    calls: callsOf(counts),
    overdue,
    firstResultDay,
    horizonDays: counts.length > 0 ? block : null,
    benchmark,
    costBasisPoints: COST_PER_SIDE * 10_000,
    groups: sums.map((of) => groupFigures(of, resamples, block)),
    calibration: calibrationOf(scores, resamples, { days, block }),
    rankIc: rankIcOf(scores.rankIc, resamples, { days, block }),
    step: stepOf(days),
    series: sums.filter(({ label }) => label === 'BUY').map((of) => seriesOf(of, days, block)),
    models: modelsOf(all),
    notice,
  };
}

const dayAt = (day: number | undefined) => (day === undefined ? null : toDay(day * DAY_MS));

const callsOf = (counts: readonly DayCounts[]) =>
  counts.reduce((calls, { scored }) => scored.reduce((sum, count) => sum + count, calls), 0);

function modelsOf(counts: readonly DayCounts[]): TrackRecord['models'] {
  return [...Map.groupBy(counts, ({ version }) => version)]
    .map(([modelVersion, own]) => ({ modelVersion, own, first: own[0] as DayCounts }))
    .sort((a, b) => b.first.trained_at.getTime() - a.first.trained_at.getTime())
    .map(({ modelVersion, own, first: { data_to } }) => ({
      modelVersion,
      modelDataTo: data_to && dayOf(data_to),
      calls: callsOf(own),
    }));
}

async function assertKnown(sql: Sql, version: string): Promise<void> {
  const [known] = await sql`SELECT 1 FROM model_versions WHERE version = ${version}`;
  if (!known) throw problem('unknown-model', `There is no model version ${version}.`);
}

async function newestBenchmark(sql: Sql): Promise<string | null> {
  const [newest] = await sql<{ benchmark: string }[]>`
    SELECT benchmark FROM track_record_market_returns WHERE benchmark IS NOT NULL ORDER BY as_of DESC LIMIT 1`;
  return newest?.benchmark ?? null;
}

/** Days after the end of a horizon from which a call without a result is overdue: holidays and late bars take fewer. */
const OVERDUE_DAYS = 14;

/** How many calls of a selection have no result although their horizon has passed. */
async function countOverdue(
  sql: Sql,
  { kind, profile, model, ...range }: TrackRecordQuery,
  now: Date,
): Promise<number> {
  const [counted] = await sql<[{ overdue: number }]>`
    SELECT count(*)::int AS overdue
    FROM unscored_recommendations u
    JOIN recommendations r ON r.id = u.recommendation_id
    JOIN model_versions m ON m.id = r.model_version_id
    WHERE u.as_of < ${now} - (ceil(u.horizon_days * 7 / 5.0) + ${OVERDUE_DAYS}::int) * interval '1 day' AND r.kind = ${kind}
      ${profile === undefined ? sql`` : sql`AND r.profile = ${profile}`}
      ${model === undefined ? sql`` : sql`AND m.version = ${model}`} ${withinDays(sql, 'u.as_of', range)}`;
  return counted.overdue;
}

/** How many days back the search for the oldest waiting call goes, which bounds its work. Every horizon is shorter. */
const WAITING_DAYS = 100;

/** The day on which the oldest waiting call gets its result, with seven calendar days for five trading days. */
async function estimateFirstResult(sql: Sql, kind: CallKind, now: Date): Promise<string | null> {
  const [oldest] = await sql<{ as_of: Date; horizon_days: number }[]>`
    SELECT as_of, horizon_days FROM recommendations
    WHERE as_of >= ${addDays(toDay(now), -WAITING_DAYS)}::text::timestamptz AND kind = ${kind}
    ORDER BY as_of LIMIT 1`;
  return oldest ? addDays(dayOf(oldest.as_of), Math.ceil((oldest.horizon_days * 7) / 5)) : null;
}

export const readTrackRecordEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/track-record',
  operationId: 'readTrackRecord',
  summary: 'Read the track record',
  description: `Every call is scored once its horizon has passed. Its return runs from the close that it was based on, or from the
open of the next session, to the close at the end of the horizon. It is compared with the average stock over the same
days, because a call predicts how a stock differs from the others, not whether markets rise.

Live calls count by default: those published on their day or up to four calendar days later, by a model whose data end
before it.`,
  access: 'consented',
  query: TrackRecordQuery,
  answer: { status: 200, schema: TrackRecord, description: 'The track record.' },
  problems: ['unknown-model'],
  handle: async ({ query }, { sql, now, notice }) => ({
    body: await readTrackRecord(sql, query, { now, notice }),
  }),
});
