import { expect, test } from 'vitest';
import { apiHandler } from '../../../../functions/api/core/api-handler.ts';
import { json } from '../../../../functions/api/core/http.ts';
import { getRequest, lambdaContext } from '../support.ts';

const handler = apiHandler(async () => json(200, {}));

test("is the gateway's, whatever the client sent", async () => {
  const request = getRequest('/v1/health');
  request.headers['x-request-id'] = 'forged';
  const response = await handler(request, lambdaContext());
  expect(response.headers?.['x-request-id']).toBe('request-1');
});

test("is Lambda's where the request did not come through a gateway", async () => {
  const { requestContext: _none, ...request } = getRequest('/v1/health');
  const response = await handler(request as ReturnType<typeof getRequest>, lambdaContext());
  expect(response.headers?.['x-request-id']).toBe('invocation-1');
});
