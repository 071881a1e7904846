import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { extract, type Pack, pack } from 'tar-stream';
import { syncFolder } from '../../functions/shared/durable-files.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { partialOf } from '../installation/partial-files.ts';
import { FORMAT, Manifest } from './manifest.ts';

/**
 * A backup is a tar archive, compressed with Zstandard. A skippable frame follows, with the length of all bytes before
 * it, so that a truncated file is recognised at once, and their SHA-256.
 */
const END_BYTES = 48;
const SKIPPABLE_FRAME = 0x184d2a50;

/** Tables are split into entries of this size, because tar needs the size of an entry before its content. */
const PIECE_BYTES = 1 << 22;

/** Folders of an archive: rows of tables, and files of the data folder. */
const TABLES = 'tables/';
const FILES = 'files/';
const MANIFEST = 'manifest.json';

/** Rows, bytes and hash of a table's content. */
export interface Digest {
  rows: number;
  bytes: number;
  sha256: string;
}

/** The sum of hashes stays below this. */
const MODULUS = 2n ** 256n;

/**
 * Computes a {@link Digest} of chunks in COPY's text format, in which every row ends with a line feed. The hash is the
 * sum of the rows' hashes, so that their order does not matter: Postgres puts a row where a page has room for it.
 */
export class ContentHash {
  #sum = 0n;
  #rows = 0;
  #bytes = 0;
  /** The beginning of a row whose end is in a later chunk. */
  #begun: Buffer[] = [];

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const row = chunk.subarray(from, end + 1);
      this.#addRow(this.#begun.length > 0 ? Buffer.concat([...this.#begun.splice(0), row]) : row);
      from = end + 1;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
  }

  end(): Digest {
    if (this.#begun.length > 0) this.#addRow(Buffer.concat(this.#begun.splice(0)));
    const sha256 = this.#sum.toString(16).padStart(64, '0');
    return { rows: this.#rows, bytes: this.#bytes, sha256 };
  }

  #addRow(row: Buffer): void {
    this.#sum = (this.#sum + BigInt(`0x${hash('sha256', row)}`)) % MODULUS;
    this.#rows++;
  }
}

/** Number, bytes and common hash of files. */
class FilesHash {
  readonly #hash = createHash('sha256');
  #count = 0;
  #bytes = 0;

  begin(path: string, size: number): void {
    this.#hash.update(`${path}\0${size}\0`);
    this.#count++;
    this.#bytes += size;
  }

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
  }

  end(): Manifest['files'] {
    return { count: this.#count, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** Writes an archive next to its place; {@link finish} moves it there when it is complete and on disk. */
export class ArchiveWriter {
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  readonly #pack: Pack = pack();
  readonly #written: Promise<void>;
  readonly #files = new FilesHash();
  readonly #hash = createHash('sha256');
  #size = 0;

  private constructor(path: string, partial: string, file: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#file = file;
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    this.#written = pipeline(
      Readable.from(this.#pack, { objectMode: false }),
      compress,
      async (compressed: AsyncIterable<Buffer>) => {
        // Writes on, where the chunk before it ended.
        for await (const chunk of compressed) {
          this.#hash.update(chunk);
          this.#size += chunk.length;
          await file.writeFile(chunk);
        }
      },
    );
    // Each step waits for it as well; before the first one, nothing does.
    this.#written.catch(() => {});
  }

  /** Creates the file, which only this user can read. */
  static async create(path: string): Promise<ArchiveWriter> {
    const partial = partialOf(path);
    return new ArchiveWriter(path, partial, await open(partial, 'w', 0o600));
  }

  /**
   * Writes the content of a table.
   *
   * @param produce - calls its argument with each chunk, and waits for it
   */
  async addTable(
    name: string,
    produce: (add: (chunk: Buffer) => Promise<void>) => Promise<void>,
  ): Promise<Digest> {
    const content = new ContentHash();
    let pending: Buffer[] = [];
    let size = 0;
    let piece = 0;
    const flush = async () => {
      const body = Buffer.concat(pending, size);
      pending = [];
      size = 0;
      await this.#addEntry(`${TABLES}${name}/${String(++piece).padStart(6, '0')}`, body);
    };
    await produce(async (chunk) => {
      content.add(chunk);
      pending.push(chunk);
      size += chunk.length;
      if (size >= PIECE_BYTES) await flush();
    });
    if (size > 0) await flush();
    return content.end();
  }

  /**
   * Writes a file.
   *
   * @param path - its path in the archive, with slashes
   * @param from - its path on disk
   * @returns whether the file was there
   */
  async addFile(path: string, from: string): Promise<boolean> {
    const body = await readFile(from).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!body) return false;
    this.#files.begin(path, body.length);
    this.#files.add(body);
    await this.#addEntry(`${FILES}${path}`, body);
    return true;
  }

  /**
   * Writes the manifest, and moves the archive to its place.
   *
   * @param manifest - without the files, which the archive itself has counted
   * @returns the manifest and the size of the archive in bytes
   */
  async finish(content: Omit<Manifest, 'files' | 'format'>): Promise<{ manifest: Manifest; size: number }> {
    const manifest: Manifest = { format: FORMAT, ...content, files: this.#files.end() };
    await this.#addEntry(MANIFEST, Buffer.from(JSON.stringify(manifest)));
    this.#pack.finalize();
    await this.#written;
    await this.#file.writeFile(endFrame(this.#size, this.#hash.digest()));
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#partial, this.#path);
    await syncFolder(dirname(this.#path));
    return { manifest, size: this.#size + END_BYTES };
  }

  /** Removes the incomplete archive. */
  async abort(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => {});
    await this.#file.close().catch(() => {});
    await rm(this.#partial, { force: true });
  }

  async #addEntry(name: string, body: Buffer): Promise<void> {
    const step = new Promise<void>((resolve, reject) => {
      const entry = this.#pack.entry({ name, mode: 0o600 }, body, (error) =>
        error ? reject(error) : resolve(),
      );
      // Without a listener, the failure of the file would end the process.
      entry.on('error', reject);
    });
    // A step that waits for room in the file never ends once the file has failed.
    await Promise.race([step, this.#written]).catch(async (error) => {
      // The file's failure is the reason; the step only says that the archive has ended.
      await this.#written;
      throw error;
    });
  }
}

/** The frame after an archive of some bytes. */
function endFrame(size: number, sha256: Buffer): Buffer {
  const end = Buffer.alloc(16);
  end.writeUInt32LE(SKIPPABLE_FRAME, 0);
  end.writeUInt32LE(END_BYTES - 8, 4);
  end.writeBigUInt64LE(BigInt(size), 8);
  return Buffer.concat([end, sha256]);
}

/** Receives the content of an archive. */
export interface ArchiveVisitor {
  /** A chunk of a table's rows. The chunks of a table follow each other. */
  rows?(table: string, chunk: Buffer): Promise<void>;
  /** A file, with its path in the data folder. */
  file?(path: string, content: AsyncIterable<Buffer>): Promise<void>;
}

/**
 * Reads an archive, and checks every byte against its manifest.
 *
 * @param visitor - receives the content before the checks are complete
 * @throws BadInputError if the file is no backup, is incomplete, or was altered
 */
export async function readArchive(path: string, visitor: ArchiveVisitor = {}): Promise<Manifest> {
  const frame = await readEnd(path);
  const bytesHash = createHash('sha256');
  const size = Number(frame.readBigUInt64LE(8));
  const source = extract();
  const reading = pipeline(
    createReadStream(path, { end: size - 1 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytesHash.update(chunk);
        yield chunk;
      }
    },
    createZstdDecompress(),
    source,
  );
  reading.catch(() => {});
  const found: { name: string; digest: Digest }[] = [];
  const files = new FilesHash();
  let open: { name: string; hash: ContentHash } | undefined;
  let text: string | undefined;
  const closeTable = () => {
    if (open) found.push({ name: open.name, digest: open.hash.end() });
    open = undefined;
  };
  try {
    for await (const entry of source) {
      const { name, size = 0 } = entry.header;
      const content = entry as AsyncIterable<Buffer>;
      if (text !== undefined) throw damaged(path, `${name} follows the manifest`);
      if (name === MANIFEST) {
        text = (await buffer(content)).toString();
      } else if (name.startsWith(TABLES)) {
        const table = name.slice(TABLES.length).replace(/\/\d+$/, '');
        if (open?.name !== table) {
          closeTable();
          open = { name: table, hash: new ContentHash() };
        }
        for await (const chunk of content) {
          open.hash.add(chunk);
          await visitor.rows?.(table, chunk);
        }
      } else if (name.startsWith(FILES)) {
        const file = name.slice(FILES.length);
        files.begin(file, size);
        const counted = counting(content, files);
        if (visitor.file) await visitor.file(file, counted);
        for await (const _ of counted);
      } else throw damaged(path, `${name} is unknown`);
    }
    await reading;
    closeTable();
  } catch (error) {
    source.destroy();
    throw isOfCompression(error) ? damaged(path, error.message, error) : error;
  }
  // Not every changed byte changes the content, and Node.js does not check the checksum of the last frame.
  if (!endFrame(size, bytesHash.digest()).equals(frame)) throw damaged(path, 'its bytes were changed');
  const manifest = parseManifest(path, text);
  const written = manifest.tables.filter(({ bytes }) => bytes > 0);
  for (const [i, { name, rows, bytes, sha256 }] of written.entries()) {
    const table = found[i];
    const isSame =
      table?.name === name &&
      table.digest.rows === rows &&
      table.digest.bytes === bytes &&
      table.digest.sha256 === sha256;
    if (!isSame) throw damaged(path, `the rows of ${name} are not those of its manifest`);
  }
  if (found.length > written.length) throw damaged(path, 'it has a table that its manifest lacks');
  const { count, bytes, sha256 } = files.end();
  if (count !== manifest.files.count || bytes !== manifest.files.bytes || sha256 !== manifest.files.sha256)
    throw damaged(path, 'its files are not those of its manifest');
  return manifest;
}

async function* counting(content: AsyncIterable<Buffer>, files: FilesHash): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    files.add(chunk);
    yield chunk;
  }
}

/** Reads the frame at the end of an archive. */
async function readEnd(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new BadInputError(`${path} cannot be read (${error.code})`, { cause: error });
  });
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(END_BYTES);
    if (size > END_BYTES) await file.read(end, 0, END_BYTES, size - END_BYTES);
    if (end.readUInt32LE(0) === SKIPPABLE_FRAME && end.readBigUInt64LE(8) === BigInt(size - END_BYTES))
      return end;
    throw new BadInputError(`${basename(path)} is not a complete backup: use another file, or copy it again`);
  } finally {
    await file.close();
  }
}

function parseManifest(path: string, text: string | undefined): Manifest {
  if (text === undefined) throw damaged(path, 'it has no manifest');
  const format: unknown = JSON.parse(text).format;
  if (typeof format === 'number' && format > FORMAT)
    throw new BadInputError(
      `${basename(path)} was written by a newer version of the program: update the program, then restore`,
    );
  const { data, error } = Manifest.safeParse(JSON.parse(text));
  if (!data) throw damaged(path, `its manifest is malformed: ${error.issues[0]?.message}`);
  return data;
}

function isOfCompression(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /^(?:ZSTD_|Z_)/.test(code) || /^(?:Unexpected end of data|Invalid tar header)/.test(error.message);
}

function damaged(path: string, reason: string, cause?: unknown): BadInputError {
  return new BadInputError(`${basename(path)} is damaged: ${reason}; use another backup`, { cause });
}
