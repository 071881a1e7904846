import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { getRequest, lambdaContext } from '../support.ts';

const long = { text: 'é'.repeat(1_500) };

async function ask(accepted: string | undefined, body: unknown = long) {
  const request = getRequest('/v1/x');
  if (accepted !== undefined) request.headers['accept-encoding'] = accepted;
  return apiHandler(async () => json(200, body))(request, lambdaContext());
}

test.each(['gzip', 'deflate, gzip;q=1.0, *;q=0.5', 'br, GZIP', 'gzip; q=0.1'])(
  'compresses a long answer for a client that accepts %s',
  async (accepted) => {
    const { body = '', headers, isBase64Encoded } = await ask(accepted);
    expect(isBase64Encoded).toBe(true);
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(JSON.parse(gunzipSync(Buffer.from(body, 'base64')).toString())).toEqual(long);
    expect(Buffer.from(body, 'base64').length).toBeLessThan(200);
  },
);

test.each([undefined, '', 'br', 'identity', 'gzip;q=0', 'gzip; q=0.000', 'x-gzip'])(
  'leaves a long answer uncompressed for a client that accepts %s, and adds Vary',
  async (accepted) => {
    const { body, headers, isBase64Encoded } = await ask(accepted);
    expect(isBase64Encoded).toBeFalsy();
    expect(JSON.parse(body ?? '')).toEqual(long);
    expect(headers).toMatchObject({ vary: 'accept-encoding' });
    expect(headers).not.toHaveProperty('content-encoding');
  },
);

test('leaves a short answer uncompressed', async () => {
  expect(await ask('gzip', { text: 'x'.repeat(1_000) })).toMatchObject({
    body: expect.stringContaining('xxx'),
  });
});

test('gives the compressed body its own ETag', async () => {
  const [plain, compressed] = [await ask(undefined), await ask('gzip')];
  expect(compressed.headers?.etag).toBe(String(plain.headers?.etag).replace(/"$/, '-gzip"'));
});

test('refuses an answer that Lambda could not return to a client that does not accept gzip', async () => {
  const large = { text: 'x'.repeat(5_000_000) };
  const refused = await ask(undefined, large);
  expect(refused.statusCode).toBe(406);
  expect(JSON.parse(refused.body ?? '')).toMatchObject({
    type: '/problems/compression-required',
    detail: 'The answer has 5.0 MB. Send Accept-Encoding: gzip.',
  });
  expect(refused.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(await ask('gzip', large)).toMatchObject({ statusCode: 200, isBase64Encoded: true });
});
