import { HASHED_FILES } from './headers.ts';

/** Content types by file extension. Files with other extensions are not part of the page. */
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

/** The HTML document that the server returns for every view. */
export const DOCUMENT = '/index.html';

const EXTENSIONS = Object.keys(CONTENT_TYPES).map((extension) => extension.slice(1));

/**
 * Matches paths that are not views: API paths, and paths of files, for which a missing file is a 404. It is a single
 * regular expression because a CloudFront function, which cannot import modules, runs it too.
 */
export const NO_VIEW = new RegExp(
  `^/(?:v1|mcp|\\.well-known)(?:/|$)|^${HASHED_FILES}|\\.(?:${EXTENSIONS.join('|')})$`,
);

/** Whether a decoded path may be a view. The page's router decides whether the view exists. */
export const isView = (path: string): boolean => !NO_VIEW.test(path);
