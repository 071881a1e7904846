import * as z from 'zod';
import { endpoint } from '../core/endpoint.ts';
import { servedDocument } from './served.ts';

/** The document changes only with a release. */
export const DOCUMENT_CACHING = 'public, max-age=300';

const Document = z
  .looseObject({ openapi: z.string().describe('The OpenAPI version.') })
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI document.' });

export const readOpenApiEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/openapi.json',
  operationId: 'readOpenApi',
  summary: 'Read the OpenAPI document',
  access: 'public',
  answer: { status: 200, schema: Document, description: 'The document.' },
  handle: async () => ({ body: { ...servedDocument() }, headers: { 'cache-control': DOCUMENT_CACHING } }),
});
