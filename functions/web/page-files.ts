import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CONTENT_TYPES } from '../../web/files.ts';
import { cacheControl } from '../../web/headers.ts';
import { ConfigurationError } from '../shared/errors.ts';

/** A file of the built page, as whoever serves it has to. */
export interface PageFile {
  /** Where a browser asks for it, such as `/assets/index-1a2b.js`. */
  path: string;
  /** Where it is. */
  place: string;
  contentType: string;
  cacheControl: string;
}

/** The build's own notes, such as its manifest, are nobody's business. */
const HIDDEN = /(^|\/)\./;

/**
 * The files of a built page: first what documents load, then the documents that name it.
 *
 * @param folder - what `npm run build:web` made
 * @throws ConfigurationError if a file is of a kind that no page has
 */
export async function listPage(folder: string): Promise<PageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !HIDDEN.test(name))
    .sort((a, b) => Number(isDocument(a)) - Number(isDocument(b)) || (a < b ? -1 : 1));
  const unknown = names.filter((name) => !CONTENT_TYPES[extname(name)]);
  if (unknown.length > 0) throw new ConfigurationError(`page: no content type for ${unknown.join(', ')}`);
  return names.map((name) => ({
    path: `/${name}`,
    place: join(folder, name),
    contentType: CONTENT_TYPES[extname(name)] ?? '',
    cacheControl: cacheControl(`/${name}`),
  }));
}

const isDocument = (name: string): boolean => extname(name) === '.html';
