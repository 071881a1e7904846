import type { AnyEndpoint } from '../core/endpoint.ts';
import { readDocsEndpoint } from './read-docs.ts';
import { readOpenApiEndpoint } from './read-openapi.ts';

/** The API's description of itself. The function of the group `market` serves it. */
export const endpoints: readonly AnyEndpoint[] = [readOpenApiEndpoint, readDocsEndpoint];
