import { describe, expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { getRequest, lambdaContext } from '../support.ts';

const caching = { 'cache-control': 'private, max-age=30', vary: 'authorization' };
const handler = apiHandler(async (request) =>
  json(
    Number(request.queryStringParameters?.status ?? 200),
    { a: request.queryStringParameters?.a ?? 1 },
    caching,
  ),
);

function ask({ method = 'GET', query = {}, headers = {} }: TestRequest = {}) {
  const request = getRequest('/v1/x');
  request.requestContext.http.method = method;
  request.queryStringParameters = query;
  Object.assign(request.headers, headers);
  return handler(request, lambdaContext());
}
interface TestRequest {
  method?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

const tagOf = async (request?: TestRequest) => String((await ask(request)).headers?.etag);

describe('an ETag', () => {
  test('is strong and depends on the content alone', async () => {
    expect(await tagOf()).toMatch(/^"[\w-]{43}"$/);
    expect(await tagOf()).toBe(await tagOf());
    expect(await tagOf({ query: { a: '2' } })).not.toBe(await tagOf());
  });

  test.each([
    ['a 404', { query: { status: '404' } }],
    ['the answer to a POST', { method: 'POST' }],
  ])('is not added to %s', async (_what, request) => {
    expect((await ask(request)).headers).not.toHaveProperty('etag');
  });
});

describe('a client that has the content', () => {
  test.each([
    ['its ETag', (tag: string) => tag],
    ['its ETag among others', (tag: string) => `"x", ${tag} , "y"`],
    ['its ETag as a weak one', (tag: string) => `W/${tag}`],
    ['a *', () => '*'],
  ])('gets a 304 if it sends %s', async (_what, write) => {
    const tag = await tagOf();
    const answer = await ask({ headers: { 'if-none-match': write(tag) } });
    expect(answer).toMatchObject({ statusCode: 304, headers: { etag: tag, ...caching } });
    expect(answer.body).toBeUndefined();
    expect(answer.headers).not.toHaveProperty('content-type');
    expect(answer.headers).toHaveProperty('x-request-id');
  });

  test.each(['"x"', 'x', '', 'W/"', '""'])('gets the content if it sends another tag, %s', async (tag) => {
    expect(await ask({ headers: { 'if-none-match': tag } })).toMatchObject({
      statusCode: 200,
      body: '{"a":1}',
    });
  });

  test('gets a 304 for the ETag of the compressed body', async () => {
    const tag = (await tagOf()).replace(/"$/, '-gzip"');
    const answer = await ask({ headers: { 'if-none-match': tag } });
    expect(answer).toMatchObject({ statusCode: 304, headers: { etag: tag } });
  });
});
