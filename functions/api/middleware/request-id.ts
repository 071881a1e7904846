import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/** The response header with the request's id, under which the logs can be searched. */
const REQUEST_ID_HEADER = 'x-request-id';

type Request = middy.Request<ApiRequest, ApiResponse>;

/** Adds the request's id to every answer. It ignores the same header in the request. */
export function requestId(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const set = (request: Request) => {
    if (!request.response) return;
    request.response.headers = { ...request.response.headers, [REQUEST_ID_HEADER]: requestIdOf(request) };
  };
  return { name: 'request-id', after: set, onError: set };
}

/** API Gateway's id of the request; Lambda's id if there is none. */
export function requestIdOf({ event, context }: Pick<Request, 'event' | 'context'>): string {
  return event.requestContext?.requestId ?? context.awsRequestId;
}
