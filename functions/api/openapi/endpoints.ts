import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the OpenAPI document. The function of the group `market` serves them. */
export const endpoints: Endpoints = {
  'GET /v1/openapi.json': async () => (await import('./read-openapi.ts')).readOpenApiEndpoint,
  'GET /v1/docs': async () => (await import('./read-docs.ts')).readDocsEndpoint,
};
