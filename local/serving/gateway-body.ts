import type { IncomingMessage } from 'node:http';

/** Largest body that API Gateway takes. */
export const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/** Largest event that Lambda takes, and largest answer that it hands over: JSON, the body in it as text or base64. */
export const PAYLOAD_LIMIT_BYTES = 6_291_556;

/**
 * Reads a request's body.
 *
 * @returns undefined where there is none, and `too-large` for one that API Gateway refuses, whose rest is read too so
 *   that the client gets to the answer
 * @throws Error if the client goes away before its end
 */
export function readBody(message: IncomingMessage): Promise<Buffer | undefined | 'too-large'> | undefined {
  const { headers } = message;
  // Most requests have none, and need not wait for its end.
  if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0')
    return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.once('end', () => {
      if (size > BODY_LIMIT_BYTES) resolve('too-large');
      else resolve(size === 0 ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
    });
    message.once('error', reject);
    message.once('close', () => reject(new Error('the client went away')));
  });
}

/** Whether an event with a body is larger than what Lambda takes. */
export function isTooLargeForLambda(event: { body?: string }): boolean {
  // Escaping at most doubles plain text, and turns a control character into six.
  if ((event.body?.length ?? 0) < PAYLOAD_LIMIT_BYTES / 6 - 65_536) return false;
  return Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT_BYTES;
}
