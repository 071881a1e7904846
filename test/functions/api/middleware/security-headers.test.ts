import { expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { getRequest, lambdaContext } from '../support.ts';

test('adds the security headers to every answer', async () => {
  const handler = apiHandler(async () => json(200, {}));
  const { headers } = await handler(getRequest('/v1/health'), lambdaContext());
  expect(headers).toMatchObject({
    'cache-control': 'private, no-store',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy':
      "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});

test("keeps a handler's own headers", async () => {
  const handler = apiHandler(async () => json(200, {}, { 'cache-control': 'max-age=60' }));
  const { headers } = await handler(getRequest('/v1/health'), lambdaContext());
  expect(headers).toMatchObject({ 'cache-control': 'max-age=60', 'x-content-type-options': 'nosniff' });
});
