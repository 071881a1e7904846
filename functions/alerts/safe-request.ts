import { lookup as systemLookup } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SendResult } from './contracts.ts';
import { isReachable } from './reachable-address.ts';

const DEADLINE_MS = 10_000;

/** How much of an answer is read. */
const MOST_BODY_BYTES = 64 * 1024;

/** What the operator lets requests reach. */
export interface Reach {
  /** Whether requests may go to loopback and private addresses, and over plain HTTP. */
  reachPrivate: boolean;
  /** Resolves names; the system's resolver unless a test replaces it. */
  lookup?: LookupFunction | undefined;
  /** How long a request may take, from the resolution of the name to the last byte; 10 seconds unless a test changes it. */
  deadlineMs?: number | undefined;
}

/** An answer. The body may be cut: its first 64 KiB, or what arrived in time. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** Either the server answered, or the request failed. */
export type Exchange = { answer: Answer } | { failure: SendResult };

/**
 * Sends a POST request to an address that a user chose. The name is resolved once, and the connection goes to an address
 * of that answer, so that no second resolution can lead elsewhere. If any address of the name is one that the operator
 * does not let requests reach, the request fails without a connection. Redirects are not followed. The request uses no
 * proxy of the environment, no cookies and no kept connection.
 *
 * Once the status has arrived, the server has received the message. A body that is too long or never ends is then cut,
 * because a retry would send the message twice.
 *
 * No failure's reason contains the address.
 */
export async function post(
  url: URL,
  request: { headers: Record<string, string>; body: string },
  reach: Reach,
): Promise<Exchange> {
  const objection = objectionTo(url, reach.reachPrivate);
  if (objection !== undefined)
    return { failure: { status: 'refused', reason: objection, disableChannel: true } };
  const signal = AbortSignal.timeout(reach.deadlineMs ?? DEADLINE_MS);
  try {
    return { answer: await exchange(url, request, reach, signal) };
  } catch (error) {
    return { failure: failureOf(error, signal.aborted) };
  }
}

/**
 * Why requests never go to an address, in one sentence; undefined if they may. It judges the text alone: the addresses
 * of a name are judged at each request.
 */
export function objectionTo(url: URL, reachPrivate: boolean): string | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && reachPrivate))
    return 'The address must begin with https://.';
  if (url.username !== '' || url.password !== '')
    return 'The address must not contain a user name or a password.';
  // The parser has already turned forms such as 0x7f.1 or 2130706433 into 127.0.0.1.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = /(^|\.)localhost\.?$/.test(host) && !reachPrivate;
  return isLocal || (isIP(host) !== 0 && !isReachable(host, reachPrivate))
    ? new ForbiddenAddressError().message
    : undefined;
}

/** The name resolves to an address that requests may not reach. */
class ForbiddenAddressError extends Error {
  constructor() {
    super(
      'The address leads to a private network or to this machine. The operator of this service does not allow that.',
    );
  }
}

/** Resolves a name, and fails if any of its addresses may not be reached. */
function guarded({ lookup = systemLookup, reachPrivate }: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      // Against its type, the system's resolver passes no list with an error.
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) callback(error, []);
      else if (!first || !addresses.every(({ address }) => isReachable(address, reachPrivate)))
        callback(new ForbiddenAddressError(), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function exchange(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  reach: Reach,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, {
      method: 'POST',
      headers: { 'user-agent': 'Boursomatic', 'content-length': Buffer.byteLength(body), ...headers },
      lookup: guarded(reach),
      // A new agent: the shared one keeps connections, and may use a proxy of the environment.
      agent: false,
      signal,
    });
    sent.on('error', reject);
    // An answer that switches to another protocol ends without an error and without a response.
    sent.on('close', () => reject(new Error('The connection ended without an answer.')));
    // From now on, an error of the connection only cuts the body.
    sent.on('response', (response) => resolve(readBody(response).then((text) => answerOf(response, text))));
    sent.end(body);
  });
}

function answerOf(response: IncomingMessage, body: string): Answer {
  const headers = new Headers();
  for (const name of ['date', 'retry-after']) {
    const value = response.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return { status: response.statusCode ?? 0, headers, body };
}

/** Reads a body up to its end, to the limit, or until the connection breaks or the deadline ends it. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_BODY_BYTES) break;
    }
  } catch {
    // The status has arrived, and decides alone.
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES).toString();
}

/** Codes of TLS failures, as OpenSSL and Node name them. */
const TLS_CODE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$)/;

function failureOf(error: unknown, isLate: boolean): SendResult {
  if (error instanceof ForbiddenAddressError)
    return { status: 'refused', reason: error.message, disableChannel: false };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return {
    status: 'retry',
    reason: isLate ? 'The server did not answer in time.' : reasonOf(code),
  };
}

function reasonOf(code: string): string {
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return `The server's name cannot be resolved (${code}).`;
  if (TLS_CODE.test(code)) return `The server's TLS certificate or connection is not valid (${code}).`;
  if (code.startsWith('HPE_')) return `The server's answer is not HTTP (${code}).`;
  return `The server cannot be reached${code && ` (${code})`}.`;
}
