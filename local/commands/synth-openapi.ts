import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ALL_ENDPOINTS } from '../../functions/api/openapi/all-endpoints.ts';
import { openApiDocument } from '../../functions/api/openapi/document.ts';
import type { OpenApiDocument } from '../../functions/api/openapi/format.ts';
import { typeDeclarations } from '../../functions/api/openapi/types.ts';

/** The document, for people and programs that read the repository. */
export const OPENAPI_FILE = new URL('../../docs/openapi.json', import.meta.url);

/** The same as it is served. */
export const PACKED_FILE = new URL('../../functions/api/openapi/packed.ts', import.meta.url);

/** The types that clients in TypeScript use. */
export const TYPES_FILE = new URL('../../web/api-types.d.ts', import.meta.url);

/**
 * Describes the API as its endpoints are now.
 *
 * @example
 * // node local/commands/synth-openapi.ts writes the document, as it is and as it is served, and the types of clients
 * const { paths } = synthesiseOpenApi();
 */
export function synthesiseOpenApi(): OpenApiDocument {
  const { version, license } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return openApiDocument(ALL_ENDPOINTS, { version, license });
}

/** The document as a module. */
export function packedModule(document: OpenApiDocument): string {
  const packed = gzipSync(JSON.stringify(document), { level: 9 }).toString('base64');
  return `/** docs/openapi.json, compressed. Made by \`npm run synth:openapi\`: not to be edited. */
export const PACKED =
  '${packed}';
`;
}

if (import.meta.main) {
  const document = synthesiseOpenApi();
  writeFileSync(OPENAPI_FILE, `${JSON.stringify(document, null, 2)}\n`);
  writeFileSync(PACKED_FILE, packedModule(document));
  writeFileSync(TYPES_FILE, typeDeclarations(document));
}
