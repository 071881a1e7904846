import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { BadInputError } from '../../shared/errors.ts';
import { quoted } from './text.ts';

/** A table of bars is small: ten years of 10,000 symbols take 800 MB. Reading a Parquet file needs it in memory. */
const LARGEST_FILE = 1024 ** 3;
/** Rows of one group, which are decoded at once. Programs write a hundred thousand to a million. */
const LARGEST_GROUP = 4_000_000;

/**
 * Reads a Parquet file with flat columns, compressed with Snappy, gzip, Zstandard or Brotli.
 *
 * @param onRow - called with the header first, then with each row; a time zone that pandas has recorded decides the day
 * of a timestamp
 * @throws BadInputError if it is not such a file
 */
export async function readParquet(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  onRow: (fields: string[], row: number) => void,
): Promise<void> {
  const file = await wholeFile(name, chunks);
  const { parquetMetadata, parquetRead, parquetSchema } = await import('hyparquet');
  const refused: { by?: unknown } = {};
  try {
    const metadata = parquetMetadata(file);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    const zones = timeZones(metadata.key_value_metadata);
    const days = columns.map((column) => dayWriter(zones.get(column)));
    let row = 0;
    const deliver = (fields: string[]) => {
      try {
        onRow(fields, row++);
      } catch (error) {
        refused.by = error;
        throw error;
      }
    };
    deliver(columns);
    let start = 0;
    for (const { num_rows: rows } of metadata.row_groups) {
      const end = start + Number(rows);
      if (!(rows >= 0 && rows <= LARGEST_GROUP)) throw new Error(`a group of ${rows} rows`);
      await parquetRead({
        file,
        metadata,
        columns,
        compressors: COMPRESSORS,
        rowStart: start,
        rowEnd: end,
        onComplete: (read: unknown[][]) => {
          for (const values of read) deliver(values.map((value, i) => written(value, days[i])));
        },
      });
      start = end;
    }
  } catch (error) {
    if (refused.by !== undefined) throw refused.by;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInputError(`${name}: Parquet cannot be read: ${quoted(reason).slice(1, -1)}`, {
      cause: error,
    });
  }
}

const COMPRESSORS = {
  GZIP: (input: Uint8Array, size: number) => gunzipSync(input, { maxOutputLength: Math.max(1, size) }),
  ZSTD: (input: Uint8Array, size: number) =>
    zstdDecompressSync(input, { maxOutputLength: Math.max(1, size) }),
  BROTLI: (input: Uint8Array, size: number) =>
    brotliDecompressSync(input, { maxOutputLength: Math.max(1, size) }),
};

async function wholeFile(name: string, chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > LARGEST_FILE) throw new BadInputError(`${name}: is larger than 1 GB: split it, or use CSV`);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

/** The time zones of columns, as pandas records them. */
function timeZones(pairs: readonly { key: string; value?: string }[] = []): Map<string, string> {
  const zones = new Map<string, string>();
  const text = pairs.find(({ key }) => key === 'pandas')?.value;
  if (text === undefined) return zones;
  const { columns } = JSON.parse(text) as {
    columns?: { field_name?: string; metadata?: { timezone?: string } | null }[];
  };
  for (const { field_name: column, metadata } of columns ?? []) {
    if (column !== undefined && metadata?.timezone !== undefined) zones.set(column, metadata.timezone);
  }
  return zones;
}

/** Writes the day of an instant in a time zone, `YYYY-MM-DD`. */
function dayWriter(zone: string | undefined): (instant: Date) => string {
  if (zone === undefined || zone === 'UTC') return (instant) => instant.toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return (instant) => format.format(instant);
}

function written(value: unknown, dayOf: ((instant: Date) => string) | undefined): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date && dayOf ? dayOf(value) : String(value);
}

/** Whether a stream begins as a Parquet file does. */
export function isParquet(chunk: Uint8Array): boolean {
  return Buffer.from(chunk.subarray(0, 4)).toString('latin1') === 'PAR1';
}
