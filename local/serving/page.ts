import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { acceptsGzip } from '../../functions/api/middleware/compression.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { listPage, type PageFile } from '../../functions/web/page-files.ts';
import { DOCUMENT, isView } from '../../web/files.ts';
import { PAGE_HEADERS } from '../../web/headers.ts';
import type { Progress } from '../terminal/progress.ts';
import { readTarget } from './gateway-routes.ts';
import { buildPage, isPageOutdated, PAGE_FOLDER } from './page-build.ts';

interface StoredFile {
  body: Buffer;
  /** Undefined if compression would not make it smaller. */
  gzip: Buffer | undefined;
  headers: Record<string, string>;
}

/** Answers a request for the page and returns true; returns false for a path that is not the page's. */
export type Page = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Opens the page, after a build if it is missing or older than its sources.
 *
 * @param signal - ends a build
 * @throws BoursomaticError with the output of a failed build
 */
export async function preparePage(progress: Progress, signal?: AbortSignal): Promise<Page> {
  if (await isPageOutdated()) {
    progress.update('Building the page…');
    await buildPage(signal);
  }
  return openPage(PAGE_FOLDER);
}

/**
 * Reads a built page into memory and serves its files by name. The path of a view is answered with the document.
 *
 * @param folder - output of `npm run build:web`
 * @throws ConfigurationError if the folder holds a file of an unexpected type
 */
export async function openPage(folder: string): Promise<Page> {
  const files = new Map<string, StoredFile>();
  for (const file of await listPage(folder))
    files.set(file.path, toStoredFile(file, await readFile(file.place)));
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = readTarget(defined(request.url, 'URL of a request'))?.path;
    if (path === undefined) return false;
    const file = files.get(isView(path) ? DOCUMENT : path);
    if (!file) return false;
    answer(request, response, file);
    return true;
  };
}

function toStoredFile({ contentType, cacheControl }: PageFile, body: Buffer): StoredFile {
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

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { body, gzip, headers }: StoredFile,
): void {
  if (request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const isPacked = gzip !== undefined && acceptsGzip(request.headers['accept-encoding']);
  const sent = isPacked ? gzip : body;
  const encoding = isPacked ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(200, { ...headers, ...encoding, 'content-length': String(sent.length) });
  response.end(request.method === 'HEAD' ? undefined : sent);
}
