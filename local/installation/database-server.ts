import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect, reachingDatabase } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError, DatabaseUnreachableError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { shownServer } from './data-origin.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { PostgresCluster, type StartOptions } from './postgres-server.ts';
import { watchServer } from './postgres-watch.ts';
import { isRefusedPassword, repeatWhileLost } from './repeat-while-lost.ts';
import { untilAborted } from './until-aborted.ts';

/** The data folder and the database of an installation, and how to open them. */
export interface DatabaseOptions {
  /** Folder of the cluster, the secrets and the objects; created if missing. */
  dataDir: string;
  /** Name of the database in the embedded server. */
  database: string;
  /** URL of a server to use instead of the embedded one; its login must be allowed to create roles. */
  databaseUrl?: string | undefined;
  /** A database of the embedded server to open instead, if it exists. */
  preferred?: string | undefined;
  /** Refuses a database that is missing or empty, instead of creating it, and creates no folder. */
  mustExist?: boolean;
  /** This process owns the data folder until it closes, and a second owner is refused. */
  owner?: boolean;
  /**
   * The installation is opened to write or restore a backup, for which the owner of the tables suffices as the login of
   * the given server. A restore also opens an incomplete installation.
   */
  transfer?: 'backup' | 'restore' | undefined;
  /** Called once this process owns the data folder, before the server starts. */
  whenLocked?: () => Promise<void>;
  /** Ends the opening; everything that it started is stopped before it fails. */
  signal?: AbortSignal;
  /** Receives a line for what its operator should know: a server that ended, a full disk, an unsafe setting. */
  say?: (line: string) => void;
}

/** A database that must exist does not, or has no tables. */
export class NoDatabaseError extends BoursomaticError {
  /** The databases that the server has instead. */
  readonly others: readonly string[];
  constructor(others: readonly string[]) {
    super('no_database', 'the database does not exist');
    this.others = others;
  }
}

/** A server that responds, with a login that may create roles in the database. */
export interface Server {
  admin: DatabaseSecret;
  /** Ends the server if this process started it. */
  stop: (quickly?: boolean) => Promise<void>;
}

/** Databases of every cluster. New databases are copies of a template. */
const OF_POSTGRES = ['postgres', 'template0', 'template1'];

/**
 * Checks the options of a database before anything is written.
 *
 * @throws BadInputError if the name is not allowed: it becomes a part of paths, and Postgres would shorten a longer one
 * @throws NoDatabaseError if the database must exist and there is no server
 */
export function checkDatabase({ dataDir, database, databaseUrl, mustExist }: DatabaseOptions): void {
  if (databaseUrl) return;
  if (!/^[\w-]{1,63}$/.test(database))
    throw new BadInputError(`--database "${database}" is not the name of a database such as boursomatic`);
  if (OF_POSTGRES.includes(database))
    throw new BadInputError(`--database "${database}" belongs to Postgres: use another name`);
  if (mustExist && !existsSync(join(dataDir, 'postgres'))) throw new NoDatabaseError([]);
}

/**
 * Connects to the given server, or starts the embedded one with its database.
 *
 * @param password - of the embedded server's superuser
 */
export function openServer(options: DatabaseOptions, password: string): Promise<Server> {
  return options.databaseUrl
    ? useGiven(options.databaseUrl, options.mustExist)
    : startEmbedded(options, password);
}

/** The most seconds that a given server may take to answer the first question. */
const ANSWER_SECONDS = 10;

/** What a given database has. */
interface TablesFound {
  /** The name of a table, which is not the ledger of migrations; null if there is none. */
  table: string | null;
  /** Whether the ledger of migrations is that of an installation. Other programs name theirs so, too. */
  isOurs: boolean;
}

/** Checks that the server in DATABASE_URL answers as PostgreSQL does, and that the database is of no other program. */
async function useGiven(url: string, mustExist = false): Promise<Server> {
  const admin = parseDatabaseUrl(url);
  const sql = connect(admin);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_SECONDS * 1000);
  try {
    await untilAborted(
      late.signal,
      reachingDatabase(async () => {
        const [{ table, isOurs }] = await sql<[TablesFound]>`
          SELECT min(relname::text) FILTER (WHERE relname <> 'schema_migrations') AS table,
            EXISTS (SELECT FROM pg_attribute
              WHERE attrelid = to_regclass('public.schema_migrations') AND attname = 'md5') AS "isOurs"
          FROM pg_class c
          WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')`;
        // An installation takes the right to connect from all other logins.
        if (table && !isOurs)
          throw new BadInputError(
            `the database ${shownServer(admin)} holds tables of something else, such as ${table}: name a database in DATABASE_URL that belongs to Boursomatic alone`,
          );
        if (mustExist && !isOurs) throw new NoDatabaseError([]);
      }),
    );
  } catch (error) {
    const isSilent =
      late.signal.aborted || (error instanceof DatabaseUnreachableError && isTimeout(error.cause));
    if (!isSilent) throw error;
    throw new DatabaseUnreachableError(
      `database: ${admin.host}:${admin.port} did not answer as PostgreSQL within ${ANSWER_SECONDS} seconds: check the host and the port in DATABASE_URL`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    await sql.end({ timeout: 0 });
  }
  return { admin, stop: async () => {} };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CONNECT_TIMEOUT';
}

/** Starts the embedded server or connects to the one that is running, and creates the missing database. */
async function startEmbedded(options: DatabaseOptions, password: string): Promise<Server> {
  const cluster = new PostgresCluster(join(options.dataDir, 'postgres'), password);
  const how: StartOptions = { owner: options.owner ?? false, signal: options.signal, say: options.say };
  const server = await cluster.start(how);
  const login = { host: '127.0.0.1', port: server.port, username: 'postgres', password, sslmode: 'disable' };
  let dbname = options.database;
  const makeDatabase = async () => {
    dbname = await untilAborted(options.signal, ensureDatabase(login, options));
  };
  /** No watch restarts the server yet. */
  const makeOverRestarts = () =>
    repeatWhileLost(async () => {
      if (!(await cluster.isRunning())) await cluster.start({ ...how, port: server.port });
      await makeDatabase();
    }, options.signal);
  try {
    await makeOverRestarts().catch(async (error) => {
      if (!isRefusedPassword(error.cause)) throw error;
      // The file of the passwords was removed, so that the cluster still has the old one.
      await server.stop();
      await cluster.resetPassword();
      await cluster.start({ ...how, port: server.port });
      await makeDatabase();
    });
    const watch = options.owner ? watchServer(cluster, server.port, options.say) : undefined;
    const stop = async (quickly?: boolean) => {
      await watch?.stop();
      await server.stop(quickly);
    };
    return { admin: { ...login, dbname }, stop };
  } catch (error) {
    await server.stop(options.signal?.aborted);
    throw error;
  }
}

/** @returns the name of the database */
async function ensureDatabase(
  login: Omit<DatabaseSecret, 'dbname'>,
  { database, preferred, mustExist }: DatabaseOptions,
): Promise<string> {
  const admin = connect({ ...login, dbname: 'postgres' });
  try {
    const found = await admin<{ name: string }[]>`
      SELECT datname AS name FROM pg_database WHERE datname NOT IN ${admin(OF_POSTGRES)} ORDER BY 1`;
    const names = found.map(({ name }) => name);
    const existing = [preferred, database].find((name) => name !== undefined && names.includes(name));
    if (existing !== undefined) return existing;
    if (mustExist) throw new NoDatabaseError(names);
    await admin`CREATE DATABASE ${admin(database)}`;
    return database;
  } finally {
    await admin.end({ timeout: 1 });
  }
}
