import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listPage, type PageFile } from '../../functions/web/page-files.ts';
import { DOCUMENT, isView } from '../../web/files.ts';
import { PAGE_HEADERS } from '../../web/headers.ts';
import { readTarget } from './gateway-routes.ts';

interface Served {
  body: Buffer;
  /** Undefined where it would not be smaller. */
  gzip: Buffer | undefined;
  headers: Record<string, string>;
}

/** Answers requests for the page; says false for what is not its own. */
export type Page = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Reads a built page into memory, and serves it: its files by their names, and itself for every other path, because
 * its views have paths of their own.
 *
 * @param folder - what `npm run build:web` made
 * @throws ConfigurationError if a file is of a kind that no page has
 */
export async function openPage(folder: string): Promise<Page> {
  const files = new Map<string, Served>();
  for (const file of await listPage(folder)) files.set(file.path, toServed(file, await readFile(file.place)));
  return (request, response) => {
    const { method = 'GET' } = request;
    const path = readTarget(request.url ?? '/')?.path;
    if (path === undefined || !['GET', 'HEAD'].includes(method)) return false;
    const file = files.get(isView(path) ? DOCUMENT : path);
    if (!file) return false;
    answer(request, response, file);
    return true;
  };
}

function toServed({ contentType, cacheControl }: PageFile, body: Buffer): Served {
  const packed = contentType.startsWith('font/') ? undefined : gzipSync(body, { level: 9 });
  const headers = {
    ...PAGE_HEADERS,
    'content-type': contentType,
    'cache-control': cacheControl,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    vary: 'accept-encoding',
  };
  return { body, gzip: packed && packed.length < body.length ? packed : undefined, headers };
}

function answer(request: IncomingMessage, response: ServerResponse, { body, gzip, headers }: Served): void {
  if (request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const sent = takesGzip && gzip ? gzip : body;
  const encoding = sent === gzip ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(200, { ...headers, ...encoding, 'content-length': String(sent.length) });
  response.end(request.method === 'HEAD' ? undefined : sent);
}
