import { COPY_SIGNATURE, POSTGRES_EPOCH } from './copy.ts';
import type { Transaction } from './database.ts';

/** The signature, the flags and the length of the extension, which Postgres leaves empty. */
const HEADER_BYTES = COPY_SIGNATURE.length;
/** Stands in place of the number of fields after the last row. */
const TRAILER = -1;

/**
 * Reads the rows of a query through a COPY in Postgres's binary format: a fifth of the work of parsing text, and
 * numbers keep all bits.
 *
 * @param query - the query, never with user input: COPY takes no parameters
 * @param read - reads one value per column of a row, in the order of the columns and in their exact types
 * @throws Error if the stream ends early; the server's error if the query fails
 */
export async function eachCopiedRow(
  tx: Transaction,
  query: string,
  read: (from: RowReader) => void,
): Promise<void> {
  const stream = await tx.unsafe(`COPY (${query}) TO STDOUT (FORMAT binary)`).readable();
  const parser = new RowParser(read);
  let fault: unknown;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (fault !== undefined) continue;
    try {
      parser.add(chunk);
    } catch (error) {
      // The connection is usable again only after the last chunk.
      fault = error;
    }
  }
  // The driver stops reading from its socket when the stream is full, and does not start again at the stream's end.
  stream._read(0);
  if (fault !== undefined) throw fault;
  parser.end();
}

/** Splits a stream into rows, which may begin in one chunk and end in another. */
class RowParser {
  readonly #read: (from: RowReader) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isHeader = true;
  #isComplete = false;

  constructor(read: (from: RowReader) => void) {
    this.#read = read;
  }

  add(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    if (this.#isHeader && bytes.length >= HEADER_BYTES) {
      this.#isHeader = false;
      at = HEADER_BYTES;
    }
    if (!this.#isHeader) {
      const reader = new RowReader(bytes);
      for (let end = endOfRow(bytes, at); end !== undefined; end = endOfRow(bytes, at)) {
        if (bytes.readInt16BE(at) === TRAILER) this.#isComplete = true;
        else this.#read(reader.from(at));
        at = end;
      }
    }
    this.#rest = bytes.subarray(at);
  }

  /** Checks that no row is missing. */
  end(): void {
    if (!this.#isComplete) throw new Error('the database ended a COPY before its last row');
  }
}

/** Where a row ends, or the trailer; undefined if its last bytes are still to come. */
function endOfRow(bytes: Buffer, start: number): number | undefined {
  if (start + 2 > bytes.length) return undefined;
  let at = start + 2;
  for (let fields = bytes.readInt16BE(start); fields > 0; fields--) {
    if (at + 4 > bytes.length) return undefined;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
  }
  return at <= bytes.length ? at : undefined;
}

/** Values of a row in COPY's binary format. Each method reads the next column of the row; a null number is NaN. */
export class RowReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  #id = '';
  #idBytes: Buffer = Buffer.alloc(0);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Begins the row at an offset. */
  from(offset: number): this {
    this.#at = offset + 2;
    return this;
  }

  /** A `timestamptz` as milliseconds since the epoch. */
  instant(): number {
    const at = this.#next(8);
    const micros = this.#view.getInt32(at) * 2 ** 32 + this.#view.getUint32(at + 4);
    return POSTGRES_EPOCH + micros / 1000;
  }

  real(): number {
    const at = this.#next(4);
    return at < 0 ? Number.NaN : this.#view.getFloat32(at);
  }

  /** A `double precision`. */
  double(): number {
    const at = this.#next(8);
    return at < 0 ? Number.NaN : this.#view.getFloat64(at);
  }

  uuid(): string {
    const bytes = this.#bytes.subarray(this.#at + 4, this.#at + 20);
    this.#at += 20;
    // Rows of one instrument follow each other.
    if (!bytes.equals(this.#idBytes)) {
      this.#idBytes = bytes;
      this.#id = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    }
    return this.#id;
  }

  /** A `text` that is not null. */
  text(): string {
    const length = this.#view.getInt32(this.#at);
    const start = this.#at + 4;
    this.#at = start + length;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  /** A `text` that may be null. */
  nullableText(): string | null {
    if (this.#view.getInt32(this.#at) >= 0) return this.text();
    this.#at += 4;
    return null;
  }

  /** Where the next value begins, which has a fixed width; -1 for null. */
  #next(width: number): number {
    const length = this.#view.getInt32(this.#at);
    this.#at += 4;
    if (length < 0) return -1;
    if (length !== width) throw new Error(`a column of ${length} bytes is read as one of ${width}`);
    const at = this.#at;
    this.#at += width;
    return at;
  }
}
