import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { isRecommended } from '../../shared/recommended.ts';
import { endpoint } from '../core/endpoint.ts';
import { Notice } from '../lists/fields.ts';

const Facet = z
  .strictObject({
    value: z.string().describe('The value to pass to the filter.'),
    instruments: z.int().describe('The number of active instruments with this value.'),
  })
  .meta({ id: 'Facet', description: 'A value of a filter.' });
type Facet = z.output<typeof Facet>;

export const Facets = z
  .strictObject({
    sectors: z.array(Facet).describe('Sorted by name.'),
    exchanges: z.array(Facet).describe('Sorted by name.'),
    notice: Notice,
  })
  .meta({ id: 'Facets', description: 'The values of the filters `sector` and `exchange`.' });
export type Facets = z.output<typeof Facets>;

/** Lists the sectors and exchanges of active instruments that get recommendations. */
export async function listFacets(sql: Sql, { notice }: { notice: string | null }): Promise<Facets> {
  const rows = await sql<{ of_sector: boolean; value: string; instruments: number }[]>`
    SELECT grouping(exchange) = 1 AS of_sector, coalesce(sector, exchange) AS value, count(*)::int AS instruments
    FROM instruments i WHERE ${isRecommended(sql)}
    GROUP BY GROUPING SETS ((sector), (exchange))
    HAVING coalesce(sector, exchange) IS NOT NULL
    ORDER BY value`;
  const facets = (ofSector: boolean): Facet[] =>
    rows
      .filter(({ of_sector }) => of_sector === ofSector)
      .map(({ value, instruments }) => ({ value, instruments }));
  return { sectors: facets(true), exchanges: facets(false), notice };
}

export const listFacetsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/facets',
  operationId: 'listFacets',
  summary: 'List the values of filters',
  access: 'reader',
  answer: { status: 200, schema: Facets, description: 'The sectors and exchanges.' },
  handle: async (_request, { sql, notice }) => ({ body: await listFacets(sql, { notice }) }),
});
