import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Access, type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { PROBLEM_TYPES } from '../../../../functions/api/core/problem-types.ts';
import { ALL_ENDPOINTS } from '../../../../functions/api/openapi/all-endpoints.ts';
import { openApiDocument } from '../../../../functions/api/openapi/document.ts';
import { servedDocument } from '../../../../functions/api/openapi/served.ts';
import { ROUTES } from '../../../../functions/api/routes.ts';
import {
  OPENAPI_FILE,
  PAGE_TYPES_FILE,
  synthesiseOpenApi,
  TYPES_FILE,
} from '../../../../local/commands/synth-openapi.ts';
import { operationDeclarations, typeDeclarations } from '../../../../local/openapi-types/declarations.ts';

const document = synthesiseOpenApi();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

/** What callers of an endpoint may send. */
const SCHEMES: Record<Access, string[]> = {
  public: [],
  reader: ['accessToken', 'apiKey'],
  consented: ['accessToken', 'apiKey'],
  follower: ['accessToken', 'apiKey'],
  user: ['accessToken'],
  admin: ['accessToken'],
};

/** Every value of a key at any depth. */
function valuesOf(key: string, within: unknown): unknown[] {
  if (typeof within !== 'object' || within === null) return [];
  return Object.entries(within).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

describe('the OpenAPI document', () => {
  test('matches the stored, the served and the typed form (otherwise run npm run synth:openapi)', async () => {
    const made = JSON.parse(JSON.stringify(document));
    expect(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'))).toEqual(made);
    expect(servedDocument()).toEqual(made);
    expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await typeDeclarations(document));
    expect(readFileSync(PAGE_TYPES_FILE, 'utf8')).toBe(operationDeclarations(document));
  });

  test('contains exactly the routes, and every endpoint is a route', () => {
    const keys = (routes: { method: string; path: string }[]) =>
      routes.map(({ method, path }) => `${method} ${path}`).sort();
    expect(keys(operations)).toEqual(keys([...ROUTES]));
    expect(keys([...ALL_ENDPOINTS])).toEqual(keys([...ROUTES]));
    for (const { group, method, path } of ALL_ENDPOINTS) {
      expect(ROUTES).toContainEqual({ group, method, path });
    }
  });

  test('has the form of OpenAPI 3.1 and the version of the package', () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
    );
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'Boursomatic', version, license: { identifier: 'MIT' } });
    expect(document.servers).toEqual([{ url: '/', description: expect.any(String) }]);
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) expect(tags).toEqual(expect.arrayContaining(operation.tags));
  });

  test('names every operation once, with its security', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, path, operation } of operations) {
      expect(operation.operationId, path).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary, path).toMatch(/^[A-Z].{2,80}[^.]$/);
      const declared = ALL_ENDPOINTS.find((one) => one.method === method && one.path === path);
      const schemes = operation.security.map((scheme) => Object.keys(scheme).join());
      expect(schemes, path).toEqual(SCHEMES[declared?.access as Access]);
    }
  });

  test('has no dangling references and no unused components', () => {
    const references = new Set(valuesOf('$ref', document) as string[]);
    const there = Object.entries({
      schemas: document.components.schemas,
      responses: document.components.responses,
      headers: document.components.headers,
    }).flatMap(([kind, parts]) => Object.keys(parts).map((name) => `#/components/${kind}/${name}`));
    for (const reference of references) expect(there).toContain(reference);
    for (const component of there) expect([...references]).toContain(component);
    expect(valuesOf('$defs', document)).toEqual([]);
    expect(valuesOf('$schema', document)).toEqual([]);
  });

  test('declares, requires and describes every path parameter', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(
        declared.map(({ name }) => name),
        path,
      ).toEqual(named);
      for (const parameter of declared) expect(parameter.required).toBe(true);
      for (const parameter of operation.parameters ?? []) {
        expect(parameter.description, `${path} ${parameter.name}`).toMatch(/\S/);
      }
    }
  });

  test('has bodies only for methods that allow them, and only known problem types', () => {
    for (const { method, path, operation } of operations) {
      if (operation.requestBody) expect(['POST', 'PUT', 'PATCH', 'DELETE'], path).toContain(method);
      expect(Object.keys(operation.responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
    }
    const types = Object.values(document.components.responses).flatMap(
      (response) => valuesOf('enum', response).flat() as string[],
    );
    for (const type of types) {
      if (type !== 'about:blank') expect(PROBLEM_TYPES).toHaveProperty(type.replace('/problems/', ''));
    }
  });
});

describe('a documented endpoint', () => {
  const release = { version: '1.0.0', license: 'MIT' };
  const made = (part: Partial<AnyEndpoint>) =>
    openApiDocument(
      [
        {
          ...endpoint({
            group: 'market',
            method: 'GET',
            path: '/v1/things',
            operationId: 'listThings',
            summary: 'List things',
            access: 'user',
            answer: {
              status: 200,
              schema: z.strictObject({ a: z.int().default(1) }),
              description: 'Things.',
            },
            handle: async () => ({ body: {} }),
          }),
          ...part,
        },
      ],
      release,
    ).paths['/v1/things'];

  test('makes members with defaults optional in requests and required in answers', () => {
    const body = z.strictObject({ a: z.int().default(1) });
    const post = made({ method: 'POST', body })?.post;
    expect(post?.requestBody?.content['application/json']?.schema).not.toHaveProperty('required');
    expect(post?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { required: ['a'], additionalProperties: false } } },
    });
  });

  test('has no body for 204', () => {
    expect(made({ answer: { status: 204, description: 'Done.' } })?.get?.responses['204']).toEqual({
      description: 'Done.',
    });
  });

  test('lists the problems of its access, its parts and its own', () => {
    const statuses = (part: Partial<AnyEndpoint>) => Object.keys(made(part)?.get?.responses ?? {});
    expect(statuses({ access: 'public' })).toEqual(['200', '400', '431', '500', '503']);
    expect(statuses({ access: 'reader' })).toEqual(['200', '400', '401', '429', '431', '500', '503']);
    expect(statuses({ access: 'user' })).toEqual(['200', '400', '401', '403', '431', '500', '503']);
    expect(statuses({ access: 'admin', body: z.strictObject({}), problems: ['conflict'] })).toEqual([
      '200',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '431',
      '500',
      '503',
    ]);
    expect(made({ access: 'consented' })?.get?.responses['403']).toEqual({
      $ref: '#/components/responses/ConsentRequired',
    });
  });
});
