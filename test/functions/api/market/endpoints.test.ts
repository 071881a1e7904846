import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadAll } from '../../../../functions/api/core/dispatch.ts';
import type { AnyEndpoint } from '../../../../functions/api/core/endpoint.ts';
import { PROBLEM_TYPES } from '../../../../functions/api/core/problem-types.ts';
import { endpoints as market } from '../../../../functions/api/market/endpoints.ts';
import { endpoints as recommendations } from '../../../../functions/api/recommendations/endpoints.ts';

const all = await loadAll({ ...market, ...recommendations });
const named = all.map((endpoint): [string, AnyEndpoint] => [`${endpoint.method} ${endpoint.path}`, endpoint]);

test('declares the access of every endpoint', () => {
  expect(Object.fromEntries(named.map(([name, { access, group }]) => [name, `${group} ${access}`]))).toEqual({
    'GET /v1/instruments': 'market reader',
    'GET /v1/instruments/{symbol}': 'market reader',
    'GET /v1/instruments/{symbol}/bars': 'market reader',
    'GET /v1/instruments/{symbol}/features': 'market reader',
    'GET /v1/facets': 'market reader',
    'GET /v1/models': 'market reader',
    'GET /v1/models/active': 'market reader',
    'GET /v1/models/{version}': 'market reader',
    'GET /v1/health': 'market public',
    'GET /v1/recommendations': 'recommendations consented',
    'GET /v1/recommendations/{id}': 'recommendations consented',
    'GET /v1/instruments/{symbol}/recommendations': 'recommendations consented',
    'GET /v1/changes': 'recommendations consented',
    'GET /v1/track-record': 'recommendations consented',
    'GET /v1/publications': 'recommendations consented',
    'GET /v1/publications/{id}': 'recommendations consented',
    'GET /v1/track-record.csv': 'recommendations consented',
    'GET /v1/track-record/calls': 'recommendations consented',
  });
});

test('gives operations unique names', () => {
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
});

describe.each(named)('%s', (_name, endpoint) => {
  const schemas: [string, z.ZodType | undefined, 'input' | 'output'][] = [
    ['params', endpoint.params, 'input'],
    ['query', endpoint.query, 'input'],
    ['answer', endpoint.answer.schema, 'output'],
  ];

  test('declares the parameters of its path', () => {
    const braces = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(endpoint.params?.shape ?? {})).toEqual(braces);
  });

  test('names only known problems', () => {
    for (const problem of endpoint.problems ?? []) expect(PROBLEM_TYPES).toHaveProperty([problem]);
  });

  test('describes every property', () => {
    for (const [what, schema, io] of schemas) {
      if (schema) expect([what, ...undescribed(z.toJSONSchema(schema, { io }))]).toEqual([what]);
    }
  });

  test('accepts and returns only declared properties', () => {
    for (const [what, schema, io] of schemas) {
      if (schema)
        expect([what, z.toJSONSchema(schema, { io }).additionalProperties ?? false]).toEqual([what, false]);
    }
  });
});

/** The paths of properties without a description, with resolved references. */
function undescribed(root: z.core.JSONSchema.BaseSchema): string[] {
  const missing: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    const { properties } = value as { properties?: Record<string, Record<string, unknown>> };
    for (const [name, property] of Object.entries(properties ?? {})) {
      const nested = [property, ...((property.anyOf as object[]) ?? [])] as Record<string, unknown>[];
      if (!nested.some((part) => part.description || part.$ref)) missing.push(`${path}.${name}`);
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
  };
  visit(root, '');
  return missing;
}
