import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cacheControl, HASHED_FILES, PAGE_HEADERS } from '../web/headers.ts';
import { readTarget } from './gateway-routes.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What is of the API, and never the page's. */
const API_PATHS = /^\/(v1|\.well-known)(\/|$)/;

interface PageFile {
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
 */
export async function openPage(folder: string): Promise<Page> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const place = join(entry.parentPath, entry.name);
    const path = place.slice(folder.length).replaceAll('\\', '/').replace(/^\/?/, '/');
    // The build's own notes, such as its manifest, are nobody's business.
    if (!entry.isFile() || path.startsWith('/.')) continue;
    files.set(path, toFile(path, await readFile(place)));
  }
  return (request, response) => {
    const { method = 'GET' } = request;
    const path = readTarget(request.url ?? '/')?.path;
    if (path === undefined || API_PATHS.test(path) || !['GET', 'HEAD'].includes(method)) return false;
    const file = files.get(path) ?? (isView(path) ? files.get('/index.html') : undefined);
    if (!file) return false;
    answer(request, response, file);
    return true;
  };
}

/** A path that may be a view of the page. One that names a file that is not there is an error instead. */
function isView(path: string): boolean {
  return !path.startsWith(HASHED_FILES) && !(extname(path) in TYPES);
}

function toFile(path: string, body: Buffer): PageFile {
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const packed = type.startsWith('font/') ? undefined : gzipSync(body, { level: 9 });
  const headers = {
    ...PAGE_HEADERS,
    'content-type': type,
    'cache-control': cacheControl(path),
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    vary: 'accept-encoding',
  };
  return { body, gzip: packed && packed.length < body.length ? packed : undefined, headers };
}

function answer(request: IncomingMessage, response: ServerResponse, { body, gzip, headers }: PageFile): void {
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
