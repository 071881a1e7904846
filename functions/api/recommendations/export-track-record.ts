import * as z from 'zod';
import { toCsv } from '../core/csv.ts';
import { endpoint } from '../core/endpoint.ts';
import { readTrackRecord } from './read-track-record.ts';
import { Group, TrackRecord, TrackRecordQuery } from './track-record.ts';

const Line = z.object({ kind: TrackRecord.shape.kind, ...Group.shape });

/** The groups of a track record as CSV, a line per profile and label. */
export function trackRecordCsv({ kind, groups }: TrackRecord): string {
  return toCsv(
    Line,
    groups.map((group) => ({ kind, ...group })),
  );
}

export const exportTrackRecordEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/track-record.csv',
  operationId: 'exportTrackRecord',
  summary: 'Export the track record as CSV',
  description: `The \`groups\` of the track record, a line per profile and label. A column is named after the path of its value, such as
\`close.afterCosts.lessAveragePct\`, and is followed by the \`.low\` and \`.high\` end of its interval. A value that is null is
empty.`,
  access: 'consented',
  query: TrackRecordQuery,
  answer: {
    status: 200,
    mediaType: 'text/csv',
    schema: z.string().describe('CSV with a header line.'),
    description: 'The results by profile and label.',
  },
  problems: ['unknown-model'],
  handle: async ({ query }, { sql, now, notice }) => ({
    body: trackRecordCsv(await readTrackRecord(sql, query, { now, notice })),
    headers: { 'content-disposition': 'attachment; filename="track-record.csv"' },
  }),
});
