import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import type { ApiResponse } from '../../../../functions/api/core/http.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { problem } from '../../../../functions/api/core/problem.ts';
import { getRequest, lambdaContext } from '../support.ts';

const OURS = 'https://app.example.com';

beforeEach(() => {
  vi.stubEnv('API_DATABASE_SECRET', 'x');
  vi.stubEnv('SIGNING_KEYS_SECRET', 'x');
  vi.stubEnv('TOKEN_ISSUER', 'x');
  vi.stubEnv('CORS_ORIGINS', `${OURS}, http://localhost:5173`);
});
afterEach(() => vi.unstubAllEnvs());

async function ask(
  origin: string | undefined,
  method = 'GET',
  answer: () => ApiResponse = () => json(200, {}, { vary: 'authorization' }),
): Promise<Record<string, unknown>> {
  const request = getRequest('/v1/x');
  request.requestContext.http.method = method;
  if (origin !== undefined) request.headers.origin = origin;
  return { ...(await apiHandler(async () => answer())(request, lambdaContext())).headers };
}

const cors = (headers: Record<string, unknown>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a page of an allowed origin', () => {
  test('can read answers and their exposed headers', async () => {
    expect(await ask(OURS)).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-expose-headers':
        'content-disposition, etag, link, retry-after, www-authenticate, x-request-id',
      vary: 'authorization, origin',
    });
    expect(await ask('http://localhost:5173')).toMatchObject({
      'access-control-allow-origin': 'http://localhost:5173',
    });
  });

  test('can read errors', async () => {
    const refuse = () => {
      throw problem('not-found', 'It is not there.');
    };
    expect(await ask(OURS, 'GET', refuse)).toMatchObject({ 'access-control-allow-origin': OURS });
  });

  test('may send the listed methods and headers after a preflight, but no cookies', async () => {
    const preflight = await ask(OURS, 'OPTIONS', () => ({ statusCode: 204, headers: { allow: 'GET, PUT' } }));
    expect(preflight).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers':
        'authorization, content-type, if-none-match, mcp-method, mcp-name, mcp-protocol-version',
      'access-control-max-age': '600',
      'x-request-id': 'request-1',
    });
    expect(preflight).not.toHaveProperty('access-control-allow-credentials');
  });
});

test.each([
  'https://evil.test',
  'https://app.example.com.evil.test',
  'https://app.example.co',
  'http://app.example.com',
  'https://app.example.com:8443',
  'null',
  '',
])('refuses the origin %s', async (origin) => {
  for (const method of ['GET', 'OPTIONS']) expect(cors(await ask(origin, method))).toEqual([]);
});

test('adds Vary: origin even without an origin', async () => {
  expect(await ask(undefined)).toMatchObject({ vary: 'authorization, origin' });
});

test('adds no headers without allowed origins', async () => {
  vi.stubEnv('CORS_ORIGINS', '');
  const headers = await ask(OURS);
  expect(cors(headers)).toEqual([]);
  expect(headers.vary).toBe('authorization');
});

test.each(['*', 'https://*.example.com', 'app.example.com', 'https://app.example.com/'])(
  'allows no origin if the list contains the invalid entry %s',
  async (list) => {
    vi.stubEnv('CORS_ORIGINS', list);
    expect(cors(await ask('https://app.example.com'))).toEqual([]);
  },
);
