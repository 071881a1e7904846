import * as z from 'zod';
import { endpoint } from '../core/endpoint.ts';
import { readTrackRecord } from './read-track-record.ts';
import { type Group, type TrackRecord, TrackRecordQuery } from './track-record.ts';

/**
 * The groups of a track record as CSV (RFC 4180), a line per profile and label. A column is named after the path of its
 * value in the JSON form. An estimate `x` has the columns `x`, `x.low` and `x.high`; they are empty where it has none.
 */
export function toCsv({ kind, groups }: TrackRecord): string {
  const lines = groups.map((group) => ({ kind, ...flat(group) }));
  const [first] = lines;
  const header = first ? Object.keys(first) : ['kind', 'profile', 'label', 'calls', 'days'];
  return [header, ...lines.map((line) => Object.values(line))]
    .map((values) => `${values.map((value) => value ?? '').join(',')}\r\n`)
    .join('');
}

/** The numbers and words of a nested object by their path. None of them needs quotes. */
function flat(of: object, path = ''): Record<string, string | number | null> {
  return Object.assign(
    {},
    ...Object.entries(of).map(([key, value]: [string, Group[keyof Group] | number]) => {
      const name = key === 'value' ? path : path ? `${path}.${key}` : key;
      return typeof value === 'object' && value !== null ? flat(value, name) : { [name]: value };
    }),
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
    body: toCsv(await readTrackRecord(sql, query, { now, notice })),
    headers: { 'content-disposition': 'attachment; filename="track-record.csv"' },
  }),
});
