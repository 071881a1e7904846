import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Entry } from 'yauzl';
import { BadInputError } from '../../shared/errors.ts';
import { quoted } from './text.ts';

/** One file of bars: the file that the user named, or one of a folder or a zip. */
export interface BarsSource {
  /** Its name in messages: its path, and within a zip `bars.zip/AAPL.csv`. */
  readonly name: string;
  /** Its stored size in bytes, before decompression. */
  readonly size: number;
  readonly isInZip: boolean;
  /** Opens its bytes, still compressed where it is a gzip file. */
  open(): Promise<Readable>;
}

/** The files of bars at a path. */
export interface BarsSources {
  readonly sources: readonly BarsSource[];
  /** Files of a folder or a zip whose name has another ending. */
  readonly ignored: number;
  close(): void;
}

/** No folder of bars has more files; every listing of the world has fewer than 100,000 symbols. */
const MOST_FILES = 100_000;

/** Text of prices compresses to a fifth or a tenth. */
const HIGHEST_RATIO = 200;
/** Below this size, any ratio is harmless. */
const HARMLESS_BYTES = 64 * 1024 * 1024;

const ENDING = /\.(?:csv|txt|tsv|parquet)(?:\.gz)?$/i;

/**
 * Finds the files of bars at a path: a file, a folder, or a zip. A folder's files are those that end in `.csv`,
 * `.txt`, `.tsv` (each plain or `.gz`) or `.parquet`, at any depth.
 *
 * @throws BadInputError if there is no such path, it has no file of bars, or a zip is damaged or unreasonably large
 */
export async function findSources(path: string): Promise<BarsSources> {
  const found = await stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (found.isDirectory()) return sourcesOfFolder(path);
  if (!found.isFile())
    throw new BadInputError(`${printable(path)}: is not a regular file: save it to disk first`);
  const magic = await firstBytes(path);
  if (magic.startsWith('PK\x03\x04') || magic.startsWith('PK\x05\x06')) return sourcesOfZip(path, found.size);
  return { sources: [fileSource(path, found.size)], ignored: 0, close: () => {} };
}

/** An error of the file system, as one that names the path. */
export function unreadable(path: string, cause: unknown): BadInputError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  return new BadInputError(`${path}: ${isMissing ? 'no such file or folder' : `cannot be read (${code})`}`, {
    cause,
  });
}

async function firstBytes(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function fileSource(path: string, size: number): BarsSource {
  return {
    name: printable(path),
    size,
    isInZip: false,
    open: async () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  };
}

/** A file of a folder. If it is a pipe, or a link without a target, only this file is refused. */
async function folderSource(path: string): Promise<BarsSource> {
  try {
    const found = await stat(path);
    // Opening a pipe would wait for a writer.
    if (!found.isFile()) throw new BadInputError(`${printable(path)}: is not a regular file`);
    return fileSource(path, found.size);
  } catch (error) {
    const refuse = async () => {
      throw error instanceof BadInputError ? error : unreadable(printable(path), error);
    };
    return { name: printable(path), size: 0, isInZip: false, open: refuse };
  }
}

async function sourcesOfFolder(folder: string): Promise<BarsSources> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause);
  });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isHidden(relative(folder, path).split(sep)))
    .sort();
  const chosen = choose(folder, paths, (path) => path);
  const sources: BarsSource[] = [];
  for (const path of chosen) sources.push(await folderSource(path));
  return { sources, ignored: paths.length - chosen.length, close: () => {} };
}

async function sourcesOfZip(path: string, size: number): Promise<BarsSources> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { autoClose: false }).catch((cause) => {
    throw damagedZip(path, cause);
  });
  try {
    const entries: Entry[] = [];
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || isHidden(entry.fileName.split('/'))) continue;
      entries.push(entry);
      bytes += entry.uncompressedSize;
      if (entries.length > MOST_FILES) throw tooManyFiles(path);
    }
    if (entries.some(({ fileName }) => fileName.startsWith('xl/')))
      throw new BadInputError(`${path}: is an Excel workbook: save the sheet as CSV`);
    assertRatio(path, bytes, size);
    const chosen = choose(path, entries, ({ fileName }) => fileName);
    const sources = chosen.map((entry) => ({
      name: printable(`${path}/${entry.fileName}`),
      size: entry.compressedSize,
      isInZip: true,
      open: () =>
        zip.openReadStreamPromise(entry).catch((cause) => {
          throw damagedZip(printable(`${path}/${entry.fileName}`), cause);
        }),
    }));
    sources.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { sources, ignored: entries.length - chosen.length, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error instanceof BadInputError ? error : damagedZip(path, error);
  }
}

/** An error of the zip library, whose text names no path. */
export function damagedZip(path: string, cause: unknown): BadInputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BadInputError(`${path}: zip cannot be read: ${quoted(reason).slice(1, -1)}`, { cause });
}

const isHidden = (parts: readonly string[]) =>
  parts.some((part) => part.startsWith('.') || part === '__MACOSX');

/** A name of a file without characters that would break a line of a message. */
function printable(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, 1000);
}

/** The files of bars among all files. */
function choose<T>(path: string, files: readonly T[], nameOf: (file: T) => string): T[] {
  const chosen = files.filter((file) => ENDING.test(nameOf(file)));
  if (chosen.length === 0)
    throw new BadInputError(`${path}: has no file that ends in .csv, .txt, .tsv or .parquet`);
  if (chosen.length > MOST_FILES) throw tooManyFiles(path);
  return chosen;
}

function tooManyFiles(path: string): BadInputError {
  return new BadInputError(`${path}: has more than ${MOST_FILES.toLocaleString('en')} files`);
}

function assertRatio(name: string, bytes: number, size: number): void {
  if (bytes > HARMLESS_BYTES && bytes > HIGHEST_RATIO * size)
    throw new BadInputError(
      `${name}: decompresses to more than ${HIGHEST_RATIO} times its size, which a file of prices never does`,
    );
}

/**
 * The symbol that a file's name gives, for a file without a column of symbols: `AAPL` for `AAPL.csv` and for
 * `AAPL Historical Data.csv`.
 */
export function symbolInName(name: string): string {
  const stem = basename(name).replace(ENDING, '').replace(/\.gz$/i, '');
  return stem.replace(/ Historical Data.*$| ?\(\d+\)$/i, '');
}

/**
 * Reads the bytes of a file, decompressed where they are gzip data.
 *
 * @throws BadInputError if the decompressed data is unreasonably large, and the error of the file or of zlib
 */
export async function* readBytes(source: BarsSource): AsyncGenerator<Uint8Array> {
  const stream = await source.open();
  try {
    const stored: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
    const first = await stored.next();
    const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
    if (!isGzip) return yield* startingWith(first, stored);
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    // The loop below receives the error.
    pipeline(startingWith(first, stored), gunzip).catch(() => {});
    let bytes = 0;
    for await (const chunk of gunzip) {
      bytes += chunk.length;
      assertRatio(source.name, bytes, source.size);
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
}

/** The rest of an iteration, after its first result has been taken. */
export async function* startingWith<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}

/**
 * The bytes of a file as they are stored; of a folder, those of each of its files of bars, preceded by its name. Files
 * that cannot be read have only a name.
 */
export async function* storedBytes(path: string): AsyncGenerator<Uint8Array | string> {
  const found = await stat(path);
  if (!found.isDirectory()) return yield* createReadStream(path);
  for (const source of (await sourcesOfFolder(path)).sources) {
    yield relative(path, source.name);
    try {
      yield* await source.open();
    } catch {
      // Reading the bars reports it.
    }
  }
}
