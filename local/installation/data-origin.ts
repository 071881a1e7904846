import { relative } from 'node:path';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';

/** The data that a database holds: the bundled sample, or everything else. */
export type Data = 'real' | 'sample';

/**
 * Reads which data a database holds.
 *
 * @param sql - a client of the migrator role
 * @returns undefined for an unused database, which may become either, and for one without its tables
 */
export async function readOrigin(sql: Sql): Promise<Data | undefined> {
  const [table] = await sql<
    { exists: boolean }[]
  >`SELECT to_regclass('public.data_origin') IS NOT NULL AS exists`;
  if (!table?.exists) return undefined;
  // Deployments on AWS never decide: they hold real data.
  const [row] = await sql<{ is_sample: boolean | null }[]>`
    SELECT coalesce(is_sample, CASE WHEN EXISTS (SELECT FROM instruments) THEN false END) AS is_sample
    FROM data_origin`;
  if (typeof row?.is_sample !== 'boolean') return undefined;
  return row.is_sample ? 'sample' : 'real';
}

/**
 * Decides which data an unused database holds. Of several processes, the first one decides. Call it before the first
 * instruments are stored.
 *
 * @param sql - a client of the migrator role
 * @param place - the database, for a person
 * @throws BadInputError if the database holds the other data
 */
export async function decideOrigin(sql: Sql, data: Data, place: string): Promise<void> {
  if ((await readOrigin(sql)) === undefined)
    await sql`UPDATE data_origin SET is_sample = ${data === 'sample'} WHERE is_sample IS NULL`;
  assertHolds(data, await readOrigin(sql), place);
}

/**
 * Checks that a database is unused or holds the wanted data.
 *
 * @throws BadInputError that says what to do
 */
export function assertHolds(wanted: Data, origin: Data | undefined, place: string): void {
  if (origin === undefined || origin === wanted) return;
  throw new BadInputError(
    wanted === 'sample'
      ? `${place} holds real data, which never mixes with the sample: for the sample, name another database in DATABASE_URL`
      : `${place} holds the sample, which never mixes with real data: name another database in DATABASE_URL, or use --sample`,
  );
}

/** The line by which a command names the data that it acts on. */
export function dataLine(
  data: Data | 'file',
  { place, database }: { place: string; database: string },
): string {
  if (data === 'file') return `Bars of a file in ${place}, database ${database}`;
  return `${data === 'real' ? 'Real' : 'Sample'} data in ${place}`;
}

/** A data folder as a person reads it: relative to the working folder if it is inside. */
export function shownFolder(dataDir: string): string {
  const path = relative(process.cwd(), dataDir);
  return path === '' || path.startsWith('..') ? dataDir : path;
}

/** A database of a given server as a person reads it, without its login. */
export function shownServer({ host, port, dbname }: DatabaseSecret): string {
  return `${host}:${port}/${dbname}`;
}
