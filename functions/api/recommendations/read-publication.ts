import * as z from 'zod';
import { readCanonical } from '../../publications/canonical.ts';
import { readPublication } from '../../publications/stored.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { Publication } from './publication.ts';

/**
 * Reads the canonical bytes of a publication, recomputed from its rows, and their hash. The hash of an unchanged
 * publication is the stored one.
 *
 * @throws ApiError (404, not-found) if there is no such publication
 */
export async function readPublicationBytes(sql: Sql, id: number): Promise<{ bytes: Buffer; sha256: string }> {
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const publication = await readPublication(tx, id);
    if (!publication) throw problem('not-found', `There is no publication ${id}. See /v1/publications.`);
    return readCanonical(tx, publication);
  });
}

export const readPublicationEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/publications/{id}',
  operationId: 'readPublication',
  summary: 'Read a publication',
  description: [
    'The body is canonical JSON (RFC 8785). Its SHA-256 is the `sha256` of the publication, and the ETag.',
    'Send `Accept-Encoding: gzip`: a body above 5 MB is returned only compressed. The ETag then ends in `-gzip`.',
  ].join('\n\n'),
  access: 'consented',
  params: z.strictObject({
    id: z
      .string()
      .regex(/^[1-9]\d{0,8}$/, 'must be a whole number above 0')
      .transform(Number)
      .meta({
        description: 'The number of the publication.',
        type: 'integer',
        minimum: 1,
        pattern: undefined,
      }),
  }),
  answer: { status: 200, schema: Publication, description: 'The publication as canonical JSON.' },
  problems: ['not-found', 'compression-required'],
  handle: async ({ params }, { sql }) => {
    const { bytes, sha256 } = await readPublicationBytes(sql, params.id);
    // The text of canonical JSON survives parsing: its keys keep their order, and its numbers their form.
    return { body: JSON.parse(bytes.toString()), headers: { etag: `"${sha256}"` } };
  },
});
