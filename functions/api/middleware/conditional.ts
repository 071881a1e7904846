import { hash } from 'node:crypto';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { COMPRESSED_MARK } from './compression.ts';

/** Told again with a 304 (RFC 9110), beside what every answer carries. */
const KEPT = ['cache-control', 'vary', 'etag'];

/** Names the content of every successful GET by its hash, and answers 304 to whoever has it. */
export function conditional(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'conditional',
    after: (request) => {
      const { event, response } = request;
      const { method } = event.requestContext.http;
      if (response?.statusCode !== 200 || response.body === undefined || !response.headers) return;
      if (method !== 'GET' && method !== 'HEAD') return;
      const etag = `"${hash('sha256', response.body, 'base64url')}"`;
      response.headers.etag = etag;
      const known = matching(event.headers['if-none-match'], etag);
      if (known === undefined) return;
      const kept = Object.entries(response.headers).filter(([name]) => KEPT.includes(name));
      request.response = { statusCode: 304, headers: { ...Object.fromEntries(kept), etag: known } };
    },
  };
}

/** The tag by which the client has the content, compressed or not. */
function matching(header: string | undefined, etag: string): string | undefined {
  if (!header) return undefined;
  if (header.trim() === '*') return etag;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.find((tag) => tag === etag || tag === etag.replace(/"$/, COMPRESSED_MARK));
}
