import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { readInput } from '../../../../functions/api/core/input.ts';
import type { ApiError } from '../../../../functions/api/core/problem.ts';
import { getRequest } from '../support.ts';

const declared = {
  group: 'market',
  method: 'POST',
  path: '/v1/things/{id}',
  operationId: 'changeThing',
  summary: 'Change a thing',
  access: 'public',
  answer: { status: 204, description: 'Changed.' },
  handle: async () => ({ body: undefined }),
} as const;

const full = endpoint({
  ...declared,
  params: z.strictObject({ id: z.string().regex(/^\d+$/, 'must be a number') }),
  query: z.strictObject({
    limit: z.coerce.number().max(5).default(3),
    dry: z.enum(['yes', 'no']).optional(),
  }),
  body: z.strictObject({
    name: z.string().min(2),
    size: z.int().optional(),
    tags: z.array(z.strictObject({ key: z.string() })).optional(),
  }),
});

interface Sent {
  id?: string;
  query?: string;
  body?: unknown;
}

function read(of: AnyEndpoint, { id = '7', query = '', body }: Sent) {
  const request = getRequest(`/v1/things/${id}${query}`);
  request.pathParameters = { id };
  request.headers['content-type'] = 'application/json';
  if (body !== undefined) request.body = typeof body === 'string' ? body : JSON.stringify(body);
  return readInput(of, request);
}

function refusal(of: AnyEndpoint, sent: Sent): ApiError {
  try {
    read(of, sent);
  } catch (error) {
    return error as ApiError;
  }
  throw new Error('it was taken');
}

test('returns the parsed parts with defaults', () => {
  expect(read(full, { query: '?dry=yes', body: { name: 'it' } })).toEqual({
    params: { id: '7' },
    query: { limit: 3, dry: 'yes' },
    body: { name: 'it' },
  });
});

test('reports all faults of all parts at once', () => {
  const error = refusal(full, {
    id: 'x',
    query: '?limit=9&limit=9&dry=perhaps&more=1',
    body: { name: 'i', size: 1.5, other: true, tags: [{ key: 'k' }, { k: 1 }] },
  });
  expect(error).toMatchObject({ status: 400, code: 'invalid-request' });
  expect(error.errors).toEqual([
    { parameter: 'id', detail: 'must be a number' },
    { parameter: 'limit', detail: 'must not be repeated' },
    { parameter: 'limit', detail: 'must be at most 5' },
    { parameter: 'dry', detail: 'must be one of yes, no' },
    { parameter: 'more', detail: 'is not a known parameter' },
    { pointer: '#/name', detail: 'must be at least 2 characters long' },
    { pointer: '#/size', detail: 'must be an int' },
    { pointer: '#/tags/1/key', detail: 'is missing' },
    { pointer: '#/tags/1/k', detail: 'is not a known member' },
    { pointer: '#/other', detail: 'is not a known member' },
  ]);
  expect(error.message).toMatch(
    /^id must be a number; limit must not be repeated; .*tags\/1\/key is missing/,
  );
});

describe('a body', () => {
  test.each([
    ['is missing', undefined, '#/name', 'is missing'],
    ['is null', 'null', '#', 'must be an object'],
    ['is a list', '[]', '#', 'must be an object'],
    ['is a text', '"name"', '#', 'must be an object'],
    [
      'has a member of the prototype',
      '{"name":"it","__proto__":{"a":1}}',
      '#/__proto__',
      'is not a known member',
    ],
    [
      'has a NUL',
      '{"name":"i\\u0000t"}',
      '#/name',
      'contains a NUL or a lone surrogate, which is not allowed',
    ],
  ])('is refused if it %s', (_what, body, pointer, detail) => {
    expect(refusal(full, { body }).errors).toEqual([{ pointer, detail }]);
  });

  test('is refused if the endpoint takes none', () => {
    const error = refusal({ ...declared }, { body: {} });
    expect(error.errors).toEqual([{ pointer: '#', detail: 'must be empty' }]);
    expect(error.message).toBe('the body must be empty.');
  });
});

test('reports every parameter if the endpoint takes none', () => {
  expect(refusal({ ...declared }, { query: '?a=1&b=2' }).errors).toEqual([
    { parameter: 'a', detail: 'is not a known parameter' },
    { parameter: 'b', detail: 'is not a known parameter' },
  ]);
  expect(read({ ...declared }, {})).toEqual({ params: undefined, query: undefined, body: undefined });
});

test('limits the length of the answer to a body full of faults', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => [`${index}${'x'.repeat(100)}`, 1]);
  const error = refusal(full, { body: { name: 'it', ...Object.fromEntries(names) } });
  expect(error.errors).toHaveLength(25);
  expect(error.message.length).toBeLessThan(2_000);
});
