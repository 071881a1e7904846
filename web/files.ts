import { HASHED_FILES } from './headers.ts';

/** What a browser is told that a file is, by the end of its name. A kind that is not here is no part of the page. */
export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The document that every view begins with. */
export const DOCUMENT = '/index.html';

const ENDINGS = Object.keys(CONTENT_TYPES).map((ending) => ending.slice(1));

/**
 * Paths that are no view of the page: those of the API, and those that name a file, which is an error where it is not
 * there. One expression, because CloudFront runs it too, where nothing of this project can be imported.
 */
export const NO_VIEW = new RegExp(
  `^/(?:v1|\\.well-known)(?:/|$)|^${HASHED_FILES}|\\.(?:${ENDINGS.join('|')})$`,
);

/** Whether a decoded path may be a view of the page: the page itself says which there are. */
export const isView = (path: string): boolean => !NO_VIEW.test(path);
