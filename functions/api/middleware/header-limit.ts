import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { problem } from '../core/problem.ts';

/** Bytes of headers and cookies. API Gateway takes 10,240 with the request's line, and says no in its own words. */
export const HEADER_LIMIT_BYTES = 8 * 1024;

/** Refuses requests with more headers than any client of the API needs. */
export function headerLimit(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'header-limit',
    before: ({ event }) => {
      let size = 0;
      for (const name in event.headers) size += name.length + (event.headers[name]?.length ?? 0);
      for (const cookie of event.cookies ?? []) size += cookie.length;
      if (size > HEADER_LIMIT_BYTES)
        throw problem('headers-too-large', `Headers may have ${HEADER_LIMIT_BYTES} bytes.`);
    },
  };
}
