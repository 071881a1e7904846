import { gzipSync } from 'node:zlib';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { addVary } from './vary.ts';

/** Below this, a packet carries the text as it is. */
export const LEAST_COMPRESSED_BYTES = 1024;

/** The ETag of a compressed text is another than that of the text itself: they are not the same bytes. */
export const COMPRESSED_MARK = '-gzip"';

/**
 * Compresses larger answers for clients that take gzip. At once and not in a thread: a function answers one request
 * at a time, and has nothing else to do.
 */
export function compression(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'compression',
    after: ({ event, response }) => {
      if (!response?.headers || !response.body || response.isBase64Encoded) return;
      if (response.body.length < LEAST_COMPRESSED_BYTES || response.headers['content-encoding']) return;
      addVary(response, 'accept-encoding');
      if (!takesGzip(event.headers['accept-encoding'])) return;
      response.body = gzipSync(response.body).toString('base64');
      response.isBase64Encoded = true;
      response.headers['content-encoding'] = 'gzip';
      const { etag } = response.headers;
      if (typeof etag === 'string') response.headers.etag = etag.replace(/"$/, COMPRESSED_MARK);
    },
  };
}

/** Whether an Accept-Encoding header allows gzip. */
export function takesGzip(accepted: string | undefined): boolean {
  if (!accepted) return false;
  const offers = accepted.toLowerCase().split(',');
  for (const offer of offers) {
    const [coding = '', ...parameters] = offer.split(';').map((part) => part.trim());
    if (coding !== 'gzip') continue;
    return !parameters.some((parameter) => /^q\s*=\s*0(\.0{0,3})?$/.test(parameter));
  }
  return false;
}
