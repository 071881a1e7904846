import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureLogins } from '../../functions/migration/logins.ts';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError, DatabaseUnreachableError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { dataFolder } from './data-folder.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { lockFolder } from './folder-lock.ts';
import {
  ensureSigningKeys,
  type Passwords,
  readPasswords,
  removePartialSecrets,
  replaceFile,
} from './local-secrets.ts';
import { exists } from './postgres-programs.ts';
import { PostgresCluster, type StartOptions } from './postgres-server.ts';
import { watchServer } from './postgres-watch.ts';
import { isRefusedPassword, repeatWhileLost } from './repeat-while-lost.ts';
import { RESTORE_MARK } from './restore-mark.ts';
import { untilAborted } from './until-aborted.ts';

/** A database with its roles, and a data folder with a secret file for each role. */
export interface Installation {
  /** Folder of everything that belongs to the installation. */
  dataDir: string;
  /** Name of the database. */
  database: string;
  /** `file:` URL of a role's secret, in the format of Secrets Manager. */
  secretUrl(role: RoleName): string;
  /** Login of a role. */
  login(role: RoleName): DatabaseSecret;
  /** `file:` URL of the keys that sign access tokens. */
  signingKeysUrl: string;
  /** Folder of the objects that belong to this database. */
  objects: string;
  /** Folder of the copies of this database's publications. */
  publications: string;
  /**
   * Runs an idempotent step of the start. If the owner's embedded server ends meanwhile and is started again, the step
   * is repeated. With any other server, it runs once.
   *
   * @throws DatabaseUnreachableError if the server cannot be reached within two minutes
   */
  overRestarts<T>(step: () => Promise<T>): Promise<T>;
  /**
   * Stops the server if this process started it, and gives up the data folder.
   *
   * @param quickly - do not wait for a checkpoint
   */
  close(quickly?: boolean): Promise<void>;
}

/** How to open an installation. */
export interface InstallationOptions {
  /** Folder of the cluster, the secrets and the objects; created if missing. */
  dataDir: string;
  /** Name of the database in the embedded server. */
  database: string;
  /** URL of a server to use instead of the embedded one; its login must be allowed to create roles. */
  databaseUrl?: string | undefined;
  /** This process owns the data folder until it closes, and a second owner is refused. */
  owner?: boolean;
  /** Called once this process owns the data folder, before the server starts. */
  whenLocked?: () => Promise<void>;
  /** A backup is being restored into the installation, so that it may be incomplete. */
  restoring?: boolean;
  /** Ends the opening; everything that it started is stopped before it fails. */
  signal?: AbortSignal;
  /** Receives a line when the owner's embedded server ended and was started again. */
  say?: (line: string) => void;
}

/**
 * Opens an installation: starts the embedded server or connects to the given one, creates the missing database and
 * roles, and writes a secret file for each role.
 *
 * @throws BadInputError if the folder cannot be created, or the database's name is not allowed
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 * @throws DatabaseUnreachableError if the given server does not answer
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  if (!options.databaseUrl) checkDatabaseName(options.database);
  await makeFolders(options.dataDir);
  if (!options.restoring) await assertRestored(options.dataDir);
  const unlock = options.owner ? await lockFolder(options.dataDir) : async () => {};
  try {
    if (options.owner) await removePartialSecrets(options.dataDir);
    await options.whenLocked?.();
    const passwords = await readPasswords(options.dataDir);
    const signingKeys = await ensureSigningKeys(options.dataDir, options.owner ?? false);
    const server = options.databaseUrl
      ? await useGiven(options.databaseUrl)
      : await startEmbedded(options, passwords.postgres);
    try {
      const overRestarts = <T>(step: () => Promise<T>) =>
        options.owner && !options.databaseUrl
          ? repeatWhileLost(step, options.signal)
          : reachingDatabase(step);
      const logins = await untilAborted(
        options.signal,
        overRestarts(() => prepareRoles(server.admin, passwords)),
      );
      const folder = join(options.dataDir, 'secrets');
      for (const role of Object.values(DATABASE_ROLES)) {
        await replaceFile(secretPath(folder, server.admin.dbname, role), JSON.stringify(logins[role]));
      }
      return {
        dataDir: options.dataDir,
        database: server.admin.dbname,
        secretUrl: (role) => pathToFileURL(secretPath(folder, server.admin.dbname, role)).href,
        login: (role) => logins[role],
        signingKeysUrl: pathToFileURL(signingKeys).href,
        objects: join(options.dataDir, 'objects', server.admin.dbname),
        publications: join(options.dataDir, 'publications', server.admin.dbname),
        overRestarts,
        close: async (quickly) => {
          try {
            await server.stop(quickly);
          } finally {
            await unlock();
          }
        },
      };
    } catch (error) {
      await server.stop(options.signal?.aborted);
      throw error;
    }
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Databases of every cluster. New databases are copies of a template. */
const OF_POSTGRES = ['postgres', 'template0', 'template1'];

/** The name becomes a part of paths, and Postgres would shorten a longer one. */
function checkDatabaseName(name: string): void {
  if (!/^[\w-]{1,63}$/.test(name))
    throw new BadInputError(`--database "${name}" is not the name of a database such as boursomatic`);
  if (OF_POSTGRES.includes(name))
    throw new BadInputError(`--database "${name}" belongs to Postgres: use another name`);
}

async function assertRestored(dataDir: string): Promise<void> {
  if (!(await exists(join(dataDir, RESTORE_MARK)))) return;
  throw new BoursomaticError(
    'restore',
    `${dataDir} is incomplete, because the restore of a backup did not end: repeat it with npm run restore, or remove the folder with npm run data -- remove`,
  );
}

async function makeFolders(dataDir: string): Promise<void> {
  try {
    await mkdir(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new BadInputError(`--data-dir ${dataDir} cannot be created (${code}): use another folder`, {
      cause,
    });
  }
}

/** Opens the installation that a command's options name, runs the work, and closes it. */
export async function withInstallation<T>(
  options: { database?: string | undefined; 'data-dir'?: string | undefined },
  defaultDatabase: string,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation({
    dataDir: dataFolder(options['data-dir']),
    database: options.database ?? defaultDatabase,
    databaseUrl: process.env.DATABASE_URL,
  });
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

/** Connects to the database as one of its roles, runs the work, and closes the connection. */
export async function withLogin<T>(
  installation: Installation,
  role: keyof typeof DATABASE_ROLES,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const sql = connect(installation.login(DATABASE_ROLES[role]));
  try {
    return await reachingDatabase(() => work(sql));
  } finally {
    await sql.end();
  }
}

/** The most seconds that a given server may take to answer the first question. */
const ANSWER_SECONDS = 10;

/** Checks that the server in DATABASE_URL answers as PostgreSQL does. */
async function useGiven(url: string): Promise<{ admin: DatabaseSecret; stop: () => Promise<void> }> {
  const admin = parseDatabaseUrl(url);
  const sql = connect(admin);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_SECONDS * 1000);
  try {
    await untilAborted(
      late.signal,
      reachingDatabase(async () => sql`SELECT 1`),
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

interface EmbeddedServer {
  admin: DatabaseSecret;
  stop: (quickly?: boolean) => Promise<void>;
}

async function startEmbedded(options: InstallationOptions, password: string): Promise<EmbeddedServer> {
  const cluster = new PostgresCluster(join(options.dataDir, 'postgres'), password);
  const how: StartOptions = { owner: options.owner ?? false, signal: options.signal };
  const server = await cluster.start(how);
  const login = { host: '127.0.0.1', port: server.port, username: 'postgres', password, sslmode: 'disable' };
  const makeDatabase = () => untilAborted(options.signal, ensureDatabase(login, options.database));
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
    return { admin: { ...login, dbname: options.database }, stop };
  } catch (error) {
    await server.stop(options.signal?.aborted);
    throw error;
  }
}

async function ensureDatabase(login: Omit<DatabaseSecret, 'dbname'>, name: string): Promise<void> {
  const admin = connect({ ...login, dbname: 'postgres' });
  try {
    const [existing] = await admin`SELECT 1 FROM pg_database WHERE datname = ${name}`;
    if (!existing) await admin`CREATE DATABASE ${admin(name)}`;
  } finally {
    await admin.end({ timeout: 1 });
  }
}

async function prepareRoles(
  admin: DatabaseSecret,
  passwords: Passwords,
): Promise<Record<RoleName, DatabaseSecret>> {
  const roles = Object.values(DATABASE_ROLES);
  const logins = Object.fromEntries(
    roles.map((role) => [role, { ...admin, username: role, password: passwords[role] }]),
  ) as Record<RoleName, DatabaseSecret>;
  const sql = connect(admin);
  try {
    // Another data folder may have made the roles on this server with other passwords; this resets them.
    await reachingDatabase(() => ensureLogins(sql, logins));
  } finally {
    await sql.end();
  }
  return logins;
}

function secretPath(folder: string, database: string, role: RoleName): string {
  return join(folder, `${database}-${role}.json`);
}
