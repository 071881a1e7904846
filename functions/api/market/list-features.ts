import * as z from 'zod';
import {
  ADDITIONAL_FEATURE_NAMES,
  COLUMN_FEATURE_NAMES,
  type ColumnFeature,
  FEATURES,
  type FeatureName,
} from '../../features/definitions.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { RANGE_PARAMETERS, rangeOf, withinDays } from '../lists/day-range.ts';
import { Day, Instant, NextCursor, Notice } from '../lists/fields.ts';
import { instantKey, keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { CursorParameter, limitParameter, SymbolParams } from '../lists/parameters.ts';
import { Currency, findInstrument } from '../resources/instrument.ts';

/** The query of GET /v1/instruments/{symbol}/features. */
export const FeaturesQuery = z.strictObject({
  ...RANGE_PARAMETERS,
  limit: limitParameter({ standard: 250, max: 1000 }),
  cursor: CursorParameter,
});
export type FeaturesQuery = z.output<typeof FeaturesQuery>;

const columns = COLUMN_FEATURE_NAMES.map(
  (name) => [name, z.number().nullable().describe(FEATURES[name].meaning)] as const,
);

const FeatureRow = z
  .strictObject({
    ts: Instant.describe('The trading day of the features: midnight UTC.'),
    values: z
      .strictObject(Object.fromEntries(columns) as Record<ColumnFeature, z.ZodNullable<z.ZodNumber>>)
      .describe('Every settled feature by name; null if the history is too short.'),
    additional: z
      .record(z.string(), z.number().nullable())
      .describe(`Experimental features by name${listOf(ADDITIONAL_FEATURE_NAMES)}.`),
  })
  .meta({ id: 'FeatureRow', description: "An instrument's features on one day." });
type FeatureRow = z.output<typeof FeatureRow>;

export const FeaturePage = z
  .strictObject({
    symbol: z.string().describe("The instrument's symbol."),
    currency: Currency,
    from: Day.describe('First day of the range.'),
    to: Day.describe('Last day of the range.'),
    items: z.array(FeatureRow).describe('Oldest first.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'FeaturePage', description: "A page of an instrument's features." });
export type FeaturePage = z.output<typeof FeaturePage>;

const ORDER: SortOrder = { columns: [{ column: 'f.ts', kind: 'instant' }], descending: false };

type Row = { ts: string; additional_features: FeatureRow['additional'] } & FeatureRow['values'];

/**
 * Lists an instrument's features, oldest first.
 *
 * @throws ApiError (404, unknown-instrument), (400, invalid-cursor), (400, invalid-request) if the range ends
 *   before it begins
 */
export async function listFeatures(
  sql: Sql,
  symbol: string,
  { cursor, limit, ...filters }: FeaturesQuery,
  { now, notice }: { now: Date; notice: string | null },
): Promise<FeaturePage> {
  const identity = { list: 'features', symbol, ...filters };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const range = rangeOf(filters, now);
  const { id, currency } = await findInstrument(sql, symbol);
  const rows = await sql<Row[]>`
    SELECT ${sql.unsafe(instantKey('f.ts'))} AS ts, ${sql(COLUMN_FEATURE_NAMES.map((name) => `f.${name}`))},
      f.additional_features
    FROM features f
    WHERE f.instrument_id = ${id} ${withinDays(sql, 'f.ts', range)}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.ts]);
  const items = shown.map(({ ts, additional_features: additional, ...values }) => ({
    ts: `${ts.slice(0, 23)}Z`,
    values,
    additional,
  }));
  return { symbol, currency, ...range, items, nextCursor, notice };
}

export const listFeaturesEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments/{symbol}/features',
  operationId: 'listFeatures',
  summary: "List an instrument's features",
  description: 'The daily values that the pipeline computes from bars and the model reads.',
  access: 'reader',
  params: SymbolParams,
  query: FeaturesQuery,
  answer: { status: 200, schema: FeaturePage, description: 'A page of features, oldest first.' },
  problems: ['unknown-instrument', 'invalid-cursor'],
  handle: async ({ params, query }, { sql, now, notice }) => ({
    body: await listFeatures(sql, params.symbol, query, { now, notice }),
  }),
});

/** The features with their meanings, or that there are none. */
function listOf(names: readonly FeatureName[]): string {
  if (names.length === 0) return '; at present there are none';
  return `: ${names.map((name) => `\`${name}\` (${FEATURES[name].meaning})`).join(', ')}`;
}
