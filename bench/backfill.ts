import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate } from '../functions/migration/migrate.ts';
import type { Sql } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import { openInstallation, withLogin } from '../local/installation/installation.ts';
import { removeDataFolder } from '../local/installation/scratch-installation.ts';
import { databaseOfFile } from '../local/installation/source.ts';
import { timed } from './ingest-steps.ts';

const RUN = fileURLToPath(new URL('backfill-run.ts', import.meta.url));

/** The tables whose rows are nearly all that a backfill stores, and their columns without those of defaults. */
const TABLES = ['price_bars', 'features'] as const;
const DEFAULTED = ['id', 'created_at'];
const INSTRUMENT_COLUMNS = 'id, symbol, exchange';

/** What `npm start -- --once --json` prints, and its peak memory. */
interface Run {
  counts: { instruments: number; bars: number; features: number };
  seconds: Record<string, number>;
  peakMb: number;
}

/**
 * Compares a backfill with the disk's limit: `npm start -- --once --provider csv` from the bars file to published calls,
 * against one bare COPY of the very rows that it stored, in the text format, on one connection, into the same tables
 * with the same partitions, indexes and constraints, in a second database of the same server.
 *
 * @param barsFile - path of the bars, as for `npm start -- --provider csv`
 * @returns `ratio` of the times; seconds of each step; bytes of the two tables with their indexes; WAL written; peak
 *   memory of the process without the database's
 * @throws BadInputError if the bars file is missing or malformed
 */
export async function benchBackfill(barsFile: string): Promise<Record<string, number>> {
  const stored = await databaseOfFile(barsFile);
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  try {
    // The cluster exists before, because creating it says nothing of a backfill.
    const before = await inDatabase(folder, stored, walPosition);
    const { counts, seconds, peakMb } = await runBackfill(barsFile, folder);
    const wal = (await inDatabase(folder, stored, walPosition)) - before;
    const bytes = await inDatabase(folder, stored, async (sql) => {
      await exportRows(sql, folder);
      return storedBytes(sql);
    });
    const copy = await inDatabase(folder, 'copied', (sql) => copyRows(sql, folder));
    const { total, ...steps } = seconds;
    const all = defined(total, 'total of the seconds');
    return {
      ratio: all / (copy.price_bars + copy.features),
      seconds: all,
      bytes,
      ...named(steps, 'Seconds'),
      copyBarsSeconds: copy.price_bars,
      copyFeaturesSeconds: copy.features,
      walBytes: wal,
      peakMb,
      ...counts,
    };
  } finally {
    await removeDataFolder(folder);
  }
}

/** Opens a migrated database of the folder's server as its owner. */
async function inDatabase<T>(folder: string, database: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const installation = await openInstallation({ dataDir: folder, database, owner: true });
  try {
    await withLogin(installation, 'migrator', migrate);
    return await withLogin(installation, 'migrator', work);
  } finally {
    await installation.close();
  }
}

async function runBackfill(barsFile: string, folder: string): Promise<Run> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [RUN, '--once', '--json', '--provider', 'csv', '--bars', barsFile, '--data-dir', folder],
    { maxBuffer: 1 << 26 },
  );
  const [result = '', memory = ''] = stdout.trimEnd().split('\n').slice(-2);
  return { ...JSON.parse(result), ...JSON.parse(memory) };
}

/** Bytes of write-ahead log since the server was created. */
async function walPosition(sql: Sql): Promise<number> {
  const [row] = await sql<[{ bytes: number }]>`
    SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS bytes`;
  return row.bytes;
}

/** Bytes of the tables and their indexes. */
async function storedBytes(sql: Sql): Promise<number> {
  const [row] = await sql<[{ bytes: number }]>`
    SELECT sum(pg_total_relation_size(relid))::float8 AS bytes
    FROM jsonb_array_elements_text(${sql.json([...TABLES])}) AS t(name), pg_partition_tree(name::regclass)`;
  return row.bytes;
}

async function columnsOf(sql: Sql, table: string): Promise<string> {
  const columns = await sql<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;
  return columns
    .map(({ name }) => name)
    .filter((name) => !DEFAULTED.includes(name))
    .join(', ');
}

/** Writes the instruments and the rows of each table to files in COPY's text format. */
async function exportRows(sql: Sql, folder: string): Promise<void> {
  const columns = await Promise.all(
    TABLES.map(async (table) => [table, await columnsOf(sql, table)] as const),
  );
  for (const [table, names] of [['instruments', INSTRUMENT_COLUMNS] as const, ...columns]) {
    const values = names.split(', ').map((name) => `coalesce(${name}::text, '\\N')`);
    const query = sql.unsafe(`SELECT concat_ws(E'\\t', ${values.join(', ')}) AS line FROM ${table}`);
    const file = createWriteStream(join(folder, `${table}.copy`));
    await query.cursor(10_000, (rows) => {
      file.write(rows.map(({ line }) => `${line}\n`).join(''));
    });
    file.end();
    await finished(file);
  }
}

/** Copies the files into the tables of an empty database. @returns the seconds of each table */
async function copyRows(sql: Sql, folder: string): Promise<Record<(typeof TABLES)[number], number>> {
  const copy = async (table: string, columns: string) => {
    const rows = await sql.unsafe(`COPY ${table} (${columns}) FROM STDIN`).writable();
    await pipeline(createReadStream(join(folder, `${table}.copy`)), rows);
  };
  await copy('instruments', INSTRUMENT_COLUMNS);
  await sql`SELECT ensure_partitions('daily', date '1990-01-01', current_date)`;
  const seconds = { price_bars: 0, features: 0 };
  for (const table of TABLES) {
    const columns = await columnsOf(sql, table);
    seconds[table] = await timed(() => copy(table, columns));
  }
  return seconds;
}

/** The numbers under their names with an ending. */
function named(numbers: Record<string, number>, ending: string): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${name}${ending}`, value]));
}
