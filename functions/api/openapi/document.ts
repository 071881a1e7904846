import * as z from 'zod';
import { API_KEY_LENGTH } from '../core/api-key.ts';
import { CONFIRMATION_MINUTES } from '../core/confirmation.ts';
import { type Access, type AnyEndpoint, isForApiKeys } from '../core/endpoint.ts';
import type { Group } from '../core/groups.ts';
import { entrySchema } from '../core/list-format.ts';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from './format.ts';
import { ProblemResponses } from './problem-responses.ts';
import { ProblemSchema } from './problem-schema.ts';
import { Schemas } from './schemas.ts';

/** The descriptions of the groups. */
const GROUP_DESCRIPTIONS: Readonly<Record<Group, string>> = {
  auth: 'Registration, login and sessions.',
  account: 'Your own account: settings, the risk notice, sessions and data export.',
  recommendations: 'BUY, HOLD and SELL calls, their explanations and the track record.',
  replay: 'The proof of a call: whether it follows from its stored inputs.',
  market: 'Instruments, bars, features, models, and the state of the service.',
  admin: 'Administration of users, instruments, models and runs.',
};

const ACCESS_DESCRIPTIONS: Readonly<Record<Access, string | undefined>> = {
  public: undefined,
  reader: 'Requires an access token or an API key.',
  consented: 'Requires an access token or an API key of a user who has accepted the current risk notice.',
  follower: 'Requires an access token, or an API key that may change the watchlist.',
  user: 'Requires an access token.',
  admin: 'Requires the access token of an administrator.',
};

const CONFIRMATION_DESCRIPTION = `The caller must have logged in, or have called \`confirm\`, in the last ${CONFIRMATION_MINUTES} minutes.`;

const INTRODUCTION = [
  'BUY, HOLD and SELL recommendations for stocks, with explanations and a track record. This is information, not advice.',
  'Errors are `application/problem+json` (RFC 9457). Lists return a `nextCursor`; pass it as `cursor` to get the next page. Lists are also available as CSV.',
].join('\n\n');

const Csv = z.string().meta({
  id: 'Csv',
  description:
    'The `items` of the list, an entry per line. A column is named after the path of its value, such as `outcome.returnPct`. Null is empty, and a list is JSON. Texts that a spreadsheet would evaluate begin with an apostrophe.',
});

const LINK = {
  description:
    'The next page of the list, in the form `<target>; rel="next"` (RFC 8288). The target is relative to the server. The last page has no such header.',
  schema: { type: 'string' },
};

/** The release that the document describes. */
export interface Release {
  version: string;
  license: string;
}

/**
 * Builds an OpenAPI 3.1 document from the schemas that validate requests and answers.
 *
 * @throws Error if a schema has no JSON Schema form, or two different schemas have the same id
 */
export function openApiDocument(endpoints: readonly AnyEndpoint[], release: Release): OpenApiDocument {
  const schemas = new Schemas();
  const problems = new ProblemResponses();
  schemas.of(ProblemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(endpoint, schemas, problems),
    };
  }
  const groups = new Set(endpoints.map(({ group }) => group));
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Boursomatic',
      version: release.version,
      description: INTRODUCTION,
      license: { name: release.license, identifier: release.license },
    },
    servers: [{ url: '/', description: 'The server that returned this document.' }],
    tags: [...groups].map((name) => ({ name, description: GROUP_DESCRIPTIONS[name] })),
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token from `login` or `refresh`. It expires after 15 minutes.',
        },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: `An API key from \`createApiKey\`, for programs. It reads, and changes the watchlist if it may. It has ${API_KEY_LENGTH} characters and begins with \`bmk_\`.`,
        },
      },
      schemas: schemas.shared,
      responses: problems.shared,
      headers: { Link: LINK },
    },
  };
}

function operation(endpoint: AnyEndpoint, schemas: Schemas, problems: ProblemResponses): Operation {
  const { answer } = endpoint;
  const access: Access = endpoint.access;
  const description = [
    endpoint.description,
    ACCESS_DESCRIPTIONS[access],
    endpoint.confirmation && CONFIRMATION_DESCRIPTION,
  ]
    .filter(Boolean)
    .join('\n\n');
  const parameters = [
    ...parametersOf(endpoint, 'path', schemas),
    ...parametersOf(endpoint, 'query', schemas),
  ];
  const body = endpoint.body && schemas.of(endpoint.body, 'input');
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    ...(description && { description }),
    tags: [endpoint.group],
    security: securityOf(access),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !endpoint.body.safeParse({}).success,
        content: { 'application/json': { schema: body } },
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(isPaged(answer.schema) && { headers: { Link: { $ref: '#/components/headers/Link' } } }),
        ...(answer.schema && {
          content: {
            [answer.mediaType ?? 'application/json']: { schema: schemas.of(answer.schema, 'output') },
            ...(entrySchema(answer.schema) && { 'text/csv': { schema: schemas.of(Csv, 'output') } }),
          },
        }),
      },
      ...problems.of(endpoint),
    },
  };
}

/** Whether an answer is a list that may continue on another page. */
function isPaged(answer: z.ZodType | undefined): boolean {
  return answer instanceof z.ZodObject && 'nextCursor' in answer.shape;
}

/** What a caller may send. The scope names the consent or the role that the operation requires. */
function securityOf(access: Access): Operation['security'] {
  if (access === 'public') return [];
  const scopes = access === 'consented' || access === 'admin' ? [access] : [];
  return isForApiKeys(access) ? [{ accessToken: scopes }, { apiKey: scopes }] : [{ accessToken: scopes }];
}

function parametersOf(endpoint: AnyEndpoint, place: Parameter['in'], schemas: Schemas): Parameter[] {
  const declared = place === 'path' ? endpoint.params : endpoint.query;
  if (!declared) return [];
  const { properties = {}, required = [] } = schemas.of(declared, 'input');
  return Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: place,
      required: (required as string[]).includes(name),
      ...(typeof description === 'string' && { description }),
      schema,
    }),
  );
}
