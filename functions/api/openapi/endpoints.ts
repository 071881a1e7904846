import type { AnyEndpoint } from '../core/endpoint.ts';
import { readDocsEndpoint } from './read-docs.ts';
import { readOpenApiEndpoint } from './read-openapi.ts';

/** The endpoints of the OpenAPI document. The function of the group `market` serves them. */
export const endpoints: readonly AnyEndpoint[] = [readOpenApiEndpoint, readDocsEndpoint];
