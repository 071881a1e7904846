import * as z from 'zod';
import { endpoint } from '../core/endpoint.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { DOCUMENT_CACHING } from './read-openapi.ts';
import { servedDocument } from './served.ts';

let page: string | undefined;

export const readDocsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/docs',
  operationId: 'readDocs',
  summary: 'Read this reference as HTML',
  access: 'public',
  answer: {
    status: 200,
    mediaType: 'text/html',
    schema: z.string().describe('An HTML page without scripts.'),
    description: 'The page.',
  },
  handle: async () => {
    // Rendered on first use, to keep cold starts short.
    page ??= docsPage(servedDocument());
    return {
      body: page,
      headers: { 'cache-control': DOCUMENT_CACHING, 'content-security-policy': DOCS_POLICY },
    };
  },
});
