import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CONTENT_TYPES } from '../../web/files.ts';
import { cacheControl } from '../../web/headers.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';

/** A file of the built page, and how to serve it. */
export interface PageFile {
  /** The path of its URL, such as `/assets/index-1a2b.js`. */
  path: string;
  /** The path of the file on disk. */
  place: string;
  contentType: string;
  cacheControl: string;
}

/** Hidden files and folders, such as the manifest of the build, are not served. */
const HIDDEN = /(^|\/)\./;

/**
 * Lists the files of a built page: assets first, then the documents that load them.
 *
 * @param folder - the output of `npm run build:web`
 * @throws ConfigurationError if a file has an extension without a content type
 */
export async function listPage(folder: string): Promise<PageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !HIDDEN.test(name))
    .sort((a, b) => Number(isDocument(a)) - Number(isDocument(b)) || (a < b ? -1 : 1));
  const unknown = names.filter((name) => !CONTENT_TYPES[extname(name)]);
  if (unknown.length > 0) {
    throw new ConfigurationError(
      `page: no content type for ${unknown.join(', ')}: add the extension to web/files.ts`,
    );
  }
  return names.map((name) => ({
    path: `/${name}`,
    place: join(folder, name),
    contentType: defined(CONTENT_TYPES[extname(name)], `content type of ${name}`),
    cacheControl: cacheControl(`/${name}`),
  }));
}

const isDocument = (name: string): boolean => extname(name) === '.html';
