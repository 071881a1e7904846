import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/** Name of the header that tells a client its request's id, the one that the logs have. */
export const REQUEST_ID_HEADER = 'x-request-id';

type Request = middy.Request<ApiRequest, ApiResponse>;

/** Puts the request's id on every answer. A client's own such header is not believed. */
export function requestId(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const set = (request: Request) => {
    if (!request.response) return;
    request.response.headers = { ...request.response.headers, [REQUEST_ID_HEADER]: requestIdOf(request) };
  };
  return { name: 'request-id', after: set, onError: set };
}

/** The id that API Gateway gave the request; Lambda's own where a request did not come through it. */
export function requestIdOf({ event, context }: Pick<Request, 'event' | 'context'>): string {
  return event.requestContext?.requestId ?? context.awsRequestId;
}
