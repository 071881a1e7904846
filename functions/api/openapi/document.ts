import type { Access, AnyEndpoint } from '../core/endpoint.ts';
import type { Group } from '../core/groups.ts';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from './format.ts';
import { ProblemResponses } from './problem-responses.ts';
import { ProblemSchema } from './problem-schema.ts';
import { Schemas } from './schemas.ts';

/** What a group's operations are about. */
const ABOUT: Readonly<Record<Group, string>> = {
  auth: 'Accounts are made here, and sessions begin, go on and end.',
  account: 'What concerns the caller alone: settings, the risk consent, sessions, and a copy of everything.',
  recommendations: 'What to buy, hold or sell, why, and what came of earlier calls.',
  market: 'Instruments, their bars and features, the models, and the service itself.',
  admin: 'What administrators do: users, instruments, models and runs.',
};

const NEEDS: Readonly<Record<Access, string | undefined>> = {
  public: undefined,
  user: 'Needs an access token.',
  consented: 'Needs an access token, and the current risk consent to be accepted.',
  admin: 'Needs the access token of an administrator.',
};

const INTRODUCTION = [
  'BUY, HOLD and SELL recommendations with their reasons and their record. Information, not advice.',
  'Errors are `application/problem+json` (RFC 9457). Lists give a `nextCursor`, which asks for what comes after.',
].join('\n\n');

/** What the document says of the release. */
export interface Release {
  version: string;
  license: string;
}

/**
 * Describes endpoints as OpenAPI 3.1, from the very schemas that validate their requests and answers.
 *
 * @throws Error if a schema cannot be written as JSON Schema, or two different ones have the same id
 */
export function openApiDocument(endpoints: readonly AnyEndpoint[], release: Release): OpenApiDocument {
  const schemas = new Schemas();
  const problems = new ProblemResponses();
  schemas.of(ProblemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {};
    Object.assign(paths[endpoint.path] ?? {}, {
      [endpoint.method.toLowerCase()]: operation(endpoint, schemas, problems),
    });
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
    servers: [{ url: '/', description: 'Wherever this document came from.' }],
    tags: [...groups].map((name) => ({ name, description: ABOUT[name] })),
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token, which `login` and `refresh` give. It is good for minutes.',
        },
      },
      schemas: schemas.shared,
      responses: problems.shared,
    },
  };
}

function operation(endpoint: AnyEndpoint, schemas: Schemas, problems: ProblemResponses): Operation {
  const { answer } = endpoint;
  const access: Access = endpoint.access;
  const description = [endpoint.description, NEEDS[access]].filter(Boolean).join('\n\n');
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
    // The second word is the role that is needed.
    security: access === 'public' ? [] : [{ accessToken: access === 'user' ? [] : [access] }],
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
        ...(answer.schema && {
          content: {
            [answer.mediaType ?? 'application/json']: { schema: schemas.of(answer.schema, 'output') },
          },
        }),
      },
      ...problems.of(endpoint),
    },
  };
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
