import { expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { getRequest, lambdaContext } from '../support.ts';

const handler = apiHandler(async () => json(200, {}));

test("uses the gateway's id and ignores the client's", async () => {
  const request = getRequest('/v1/health');
  request.headers['x-request-id'] = 'forged';
  const response = await handler(request, lambdaContext());
  expect(response.headers?.['x-request-id']).toBe('request-1');
});

test("uses Lambda's id without a gateway", async () => {
  const { requestContext: _none, ...request } = getRequest('/v1/health');
  const response = await handler(request as ReturnType<typeof getRequest>, lambdaContext());
  expect(response.headers?.['x-request-id']).toBe('invocation-1');
});
