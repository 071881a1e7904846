import { gunzipSync } from 'node:zlib';
import type { OpenApiDocument } from './format.ts';
import { PACKED } from './packed.ts';

let document: OpenApiDocument | undefined;

/**
 * The OpenAPI document that the API serves. It is generated in advance, because generating it would import all endpoints.
 * It is large and rarely read, so it is stored compressed and unpacked on first use.
 */
export function servedDocument(): OpenApiDocument {
  document ??= JSON.parse(gunzipSync(Buffer.from(PACKED, 'base64')).toString()) as OpenApiDocument;
  return document;
}
