import { gunzipSync } from 'node:zlib';
import type { OpenApiDocument } from './format.ts';
import { PACKED } from './packed.ts';

let document: OpenApiDocument | undefined;

/**
 * The document that is served. It was made beforehand, because making it takes what all endpoints import, and it is
 * compressed, because it is large and few ask for it: it is unpacked when somebody first does.
 */
export function servedDocument(): OpenApiDocument {
  document ??= JSON.parse(gunzipSync(Buffer.from(PACKED, 'base64')).toString()) as OpenApiDocument;
  return document;
}
