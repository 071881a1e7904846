import { gzipSync } from 'node:zlib';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { problem } from '../core/problem.ts';
import { addVary } from './vary.ts';

/** Smaller bodies fit into one packet without compression. */
const MIN_COMPRESSED_BYTES = 1024;

/** Lambda returns at most 6 MB as JSON, in which each quotation mark of a text takes two bytes. */
const MAX_UNCOMPRESSED_BYTES = 5_000_000;

/** Ends the ETag of a compressed body, whose bytes differ from the uncompressed one's. */
export const COMPRESSED_MARK = '-gzip"';

/**
 * Compresses larger answers for clients that accept gzip. It does so synchronously, because a Lambda function serves one
 * request at a time.
 *
 * @throws ApiError (406, compression-required) if an answer is too large for a client that does not accept gzip
 */
export function compression(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'compression',
    after: ({ event, response }) => {
      if (!response?.headers || !response.body || response.isBase64Encoded) return;
      if (response.body.length < MIN_COMPRESSED_BYTES || response.headers['content-encoding']) return;
      addVary(response, 'accept-encoding');
      if (!acceptsGzip(event.headers['accept-encoding'])) {
        if (response.body.length <= MAX_UNCOMPRESSED_BYTES) return;
        const megabytes = (response.body.length / 1e6).toFixed(1);
        throw problem('compression-required', `The answer has ${megabytes} MB. Send Accept-Encoding: gzip.`);
      }
      response.body = gzipSync(response.body).toString('base64');
      response.isBase64Encoded = true;
      response.headers['content-encoding'] = 'gzip';
      const { etag } = response.headers;
      if (typeof etag === 'string') response.headers.etag = etag.replace(/"$/, COMPRESSED_MARK);
    },
  };
}

/** Whether an Accept-Encoding header allows gzip. */
export function acceptsGzip(accepted: string | undefined): boolean {
  if (!accepted) return false;
  const offers = accepted.toLowerCase().split(',');
  for (const offer of offers) {
    const [coding = '', ...parameters] = offer.split(';').map((part) => part.trim());
    if (coding !== 'gzip') continue;
    return !parameters.some((parameter) => /^q\s*=\s*0(\.0{0,3})?$/.test(parameter));
  }
  return false;
}
