import * as z from 'zod';
import { PUBLICATION_COLUMNS, type StoredPublication } from '../../publications/stored.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { PUBLICATION_FIELDS, Sha256 } from './publication.ts';

export const PublicationsQuery = z.strictObject(PAGING);
export type PublicationsQuery = z.output<typeof PublicationsQuery>;

const Publications = z
  .strictObject({
    items: z
      .array(
        z
          .strictObject({
            ...PUBLICATION_FIELDS,
            calls: z.int().describe('How many calls it contains.'),
            sha256: Sha256.describe(
              'SHA-256 of its bytes, which `GET /v1/publications/{id}` returns, in hexadecimal.',
            ),
          })
          .meta({ id: 'PublicationSummary', description: 'A publication without its calls.' }),
      )
      .describe('Newest first.'),
    nextCursor: NextCursor,
  })
  .meta({ id: 'PublicationPage', description: 'A page of publications.' });

const ORDER: SortOrder = { columns: [{ column: 'p.id', kind: 'number' }], descending: true };

/**
 * Lists publications, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listPublications(
  sql: Sql,
  { limit, cursor }: PublicationsQuery,
): Promise<Page<StoredPublication>> {
  const identity = { list: 'publications' };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const rows = await sql<StoredPublication[]>`
    SELECT ${sql.unsafe(PUBLICATION_COLUMNS)} FROM publications p WHERE true ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown, nextCursor };
}

export const listPublicationsEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/publications',
  operationId: 'listPublications',
  summary: 'List publications',
  description:
    'A publication is the calls that one run published. Each contains the hash of the one before, so that a later change shows.',
  access: 'consented',
  query: PublicationsQuery,
  answer: { status: 200, schema: Publications, description: 'A page of the publications, newest first.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listPublications(sql, query) }),
});
