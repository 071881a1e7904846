import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { ALL_ENDPOINTS } from '../../functions/api/openapi/all-endpoints.ts';
import { openApiDocument } from '../../functions/api/openapi/document.ts';
import type { OpenApiDocument } from '../../functions/api/openapi/format.ts';
import { typeDeclarations } from '../../functions/api/openapi/types.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run synth:openapi

Writes what is generated from the API's endpoints: docs/openapi.json, functions/api/openapi/packed.ts and
web/api-types.d.ts. Run it after a change of an endpoint.

  -h, --help   print this text
`;

/** The document in the repository. */
export const OPENAPI_FILE = new URL('../../docs/openapi.json', import.meta.url);

/** The document as a module, which the API serves. */
export const PACKED_FILE = new URL('../../functions/api/openapi/packed.ts', import.meta.url);

/** Types for TypeScript clients. */
export const TYPES_FILE = new URL('../../web/api-types.d.ts', import.meta.url);

/**
 * Builds the OpenAPI document from the declared endpoints.
 */
export function synthesiseOpenApi(): OpenApiDocument {
  const { version, license } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return openApiDocument(ALL_ENDPOINTS, { version, license });
}

/** The source text of a module that exports the compressed document. */
export function packedModule(document: OpenApiDocument): string {
  const packed = gzipSync(JSON.stringify(document), { level: 9 }).toString('base64');
  return `/** docs/openapi.json, compressed. Made by \`npm run synth:openapi\`: not to be edited. */
export const PACKED =
  '${packed}';
`;
}

async function main(): Promise<void> {
  if (readCommandLine({ options: HELP_OPTION }).values.help) {
    process.stdout.write(HELP);
    return;
  }
  const document = synthesiseOpenApi();
  await writeFile(OPENAPI_FILE, `${JSON.stringify(document, null, 2)}\n`);
  await writeFile(PACKED_FILE, packedModule(document));
  await writeFile(TYPES_FILE, typeDeclarations(document));
  process.stdout.write('wrote docs/openapi.json, functions/api/openapi/packed.ts and web/api-types.d.ts\n');
}

if (import.meta.main) await exitOnError(main);
