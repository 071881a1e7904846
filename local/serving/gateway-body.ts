import type { IncomingMessage } from 'node:http';
import type { BodyShare } from './gateway-limits.ts';

/** API Gateway's limit for a request body. */
export const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/** Lambda's limit for an event and for a response, as JSON that contains the body as text or base64. */
export const PAYLOAD_LIMIT_BYTES = 6_291_556;

/**
 * Reads a request's body.
 *
 * @param share - memory for the body; the caller releases it
 * @returns undefined without a body; `no-memory` as soon as the memory is full; `too-large` above API Gateway's limit,
 *   after the whole body has been received, because a client that is still sending would not read the response
 * @throws Error if the client disconnects before the end
 */
export function readBody(
  message: IncomingMessage,
  share: BodyShare,
): Promise<Buffer | undefined | 'too-large' | 'no-memory'> | undefined {
  const { headers } = message;
  // Most requests have no body: do not wait for its end.
  if (
    headers['transfer-encoding'] === undefined &&
    (headers['content-length'] === undefined || headers['content-length'] === '0')
  )
    return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) {
        chunks.length = 0;
        share.release();
      } else if (share.grow(chunk.length)) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        message.pause();
        resolve('no-memory');
      }
    });
    message.once('end', () => {
      if (size > BODY_LIMIT_BYTES) resolve('too-large');
      else resolve(size === 0 ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
    });
    message.once('error', reject);
    message.once('close', () => reject(new Error('the client disconnected')));
  });
}

/** Whether an event exceeds Lambda's limit. */
export function isTooLargeForLambda(event: { body?: string }): boolean {
  // JSON escapes a character into at most six, so a body below a sixth of the limit fits unmeasured.
  if (event.body === undefined || event.body.length < PAYLOAD_LIMIT_BYTES / 6 - 65_536) return false;
  return Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT_BYTES;
}
