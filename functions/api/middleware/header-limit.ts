import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { problem } from '../core/problem.ts';

/**
 * The most bytes of headers and cookies. It is below API Gateway's 10,240 bytes with the request line, whose refusal is not
 * problem+json.
 */
const HEADER_LIMIT_BYTES = 8 * 1024;

/** Refuses requests whose headers are too large. */
export function headerLimit(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'header-limit',
    before: ({ event }) => {
      let size = 0;
      for (const name in event.headers) size += name.length + (event.headers[name]?.length ?? 0);
      for (const cookie of event.cookies ?? []) size += cookie.length;
      if (size > HEADER_LIMIT_BYTES)
        throw problem(
          'headers-too-large',
          `The headers are too large. The limit is ${HEADER_LIMIT_BYTES} bytes.`,
        );
    },
  };
}
