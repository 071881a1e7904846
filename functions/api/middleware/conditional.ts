import { hash } from 'node:crypto';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { COMPRESSED_MARK } from './compression.ts';

/** Headers that a 304 response repeats (RFC 9110). */
const KEPT = ['cache-control', 'vary', 'etag'];

/** Adds an ETag to every successful GET that has none, and answers 304 if the client already has the content. */
export function conditional(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'conditional',
    after: (request) => {
      const { event, response } = request;
      const { method } = event.requestContext.http;
      if (response?.statusCode !== 200 || response.body === undefined || !response.headers) return;
      if (method !== 'GET' && method !== 'HEAD') return;
      const etag = String(response.headers.etag ?? `"${hash('sha256', response.body, 'base64url')}"`);
      response.headers.etag = etag;
      const known = matching(event.headers['if-none-match'], etag);
      if (known === undefined) return;
      const kept = Object.entries(response.headers).filter(([name]) => KEPT.includes(name));
      request.response = { statusCode: 304, headers: { ...Object.fromEntries(kept), etag: known } };
    },
  };
}

/** The client's tag of the content, compressed or not; undefined if the client does not have it. */
function matching(header: string | undefined, etag: string): string | undefined {
  if (!header) return undefined;
  if (header.trim() === '*') return etag;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.find((tag) => tag === etag || tag === etag.replace(/"$/, COMPRESSED_MARK));
}
