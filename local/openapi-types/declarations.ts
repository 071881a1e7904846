import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import type { OpenApiDocument } from '../../functions/api/openapi/format.ts';

const HEADER =
  '// The types of the API. Generated from docs/openapi.json by `npm run synth:openapi`: do not edit.';

const PAGE_HEADER = `${HEADER}
import type { operations } from '../clients/typescript/api-types.d.ts';
export type * from '../clients/typescript/api-types.d.ts';
`;

/**
 * Types that the web page's client uses. They give the parts of each of openapi-typescript's `operations` one shape,
 * whether an operation has the part or not.
 */
const OPERATIONS = `
type Given<T> = [NonNullable<T>] extends [never] ? Record<never, never> : NonNullable<T>;
type Content<T> = [NonNullable<T>] extends [never]
  ? undefined
  : NonNullable<T> extends { content: infer C extends object } ? C[Main<C>] : undefined;
/** Lists are also served as CSV. */
type Main<C> = 'application/json' extends keyof C ? 'application/json' : keyof C;
type Success<T> = T[keyof T & (200 | 201 | 202 | 204)];

/** The request and the answer of each operation, by operationId. */
export type Operations = {
  [Id in keyof operations]: {
    request: Requests[Id];
    path: Given<operations[Id]['parameters']['path']>;
    query: Given<operations[Id]['parameters']['query']>;
    body: Content<operations[Id]['requestBody']>;
    answer: Content<Success<operations[Id]['responses']>>;
  };
};
`;

/**
 * Writes the types of an OpenAPI document as TypeScript declarations. Every shared schema is exported under its name.
 *
 * @example
 * import type { paths, RecommendationPage } from './api-types.d.ts';
 */
export async function typeDeclarations(document: OpenApiDocument): Promise<string> {
  const nodes = await openapiTypescript(document as unknown as OpenAPI3, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    // A client may leave out a member that has a default.
    defaultNonNullable: false,
  });
  return [HEADER, astToString(nodes)].join('\n');
}

/**
 * Writes the types by which the page's client selects an operation.
 *
 * @example
 * import type { Operations, RecommendationPage } from './api-types.d.ts';
 * type Query = Operations['listRecommendations']['query'];
 */
export function operationDeclarations(document: OpenApiDocument): string {
  return [PAGE_HEADER, requests(document), OPERATIONS].join('\n');
}

function requests({ paths }: OpenApiDocument): string {
  const lines = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId }]) => `    ${operationId}: '${method.toUpperCase()} ${path}';\n`,
    ),
  );
  return `/** The method and path of each operation, by operationId. */\nexport interface Requests {\n${lines.join('')}}\n`;
}
