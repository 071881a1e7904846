import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureLogins } from '../../functions/migration/logins.ts';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import { makeFolder } from '../../functions/shared/durable-files.ts';
import { BadInputError, BoursomaticError, StorageError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { shownFolder, shownServer } from './data-origin.ts';
import { checkDatabase, type DatabaseOptions, openServer } from './database-server.ts';
import { releaseReserve } from './disk-reserve.ts';
import { lockFolder } from './folder-lock.ts';
import {
  ensureSigningKeys,
  type Passwords,
  readLoginNames,
  readPasswords,
  removePartialFiles,
  replaceFile,
} from './local-secrets.ts';
import { exists } from './postgres-programs.ts';
import { repeatWhileLost } from './repeat-while-lost.ts';
import { RESTORE_MARK } from './restore-mark.ts';
import { warnOfUnsafeServer } from './server-durability.ts';
import { untilAborted } from './until-aborted.ts';

const ROLES = Object.values(DATABASE_ROLES);

/** A database with its roles, and a data folder with a secret file for each role. */
export interface Installation {
  /** Folder of everything that belongs to the installation. */
  dataDir: string;
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
  /** The name of the database. */
  database: string;
  /** The data folder or the given database, for a person. */
  place: string;
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

/**
 * Opens an installation: starts the embedded server or connects to the given one, creates the missing database and
 * roles, and writes a secret file for each role.
 *
 * @throws BadInputError if the folder cannot be created, or the database's name is not allowed
 * @throws StorageError if the folder cannot be written: its disk is full or read-only, or this user may not
 * @throws NoDatabaseError if the database must exist and does not
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 * @throws DatabaseUnreachableError if the given server does not answer
 */
export async function openInstallation(options: DatabaseOptions): Promise<Installation> {
  checkDatabase(options);
  await makeFolders(options.dataDir);
  if (options.transfer !== 'restore') await assertRestored(options.dataDir);
  const unlock = options.owner ? await lockWithReserve(options) : async () => {};
  try {
    if (options.owner) await removePartialFiles(options.dataDir);
    await options.whenLocked?.();
    const passwords = await readPasswords(options.dataDir);
    const signingKeys = await ensureSigningKeys(options.dataDir, options.owner ?? false);
    const server = await openServer(options, passwords.postgres);
    try {
      const overRestarts = <T>(step: () => Promise<T>) =>
        options.owner && !options.databaseUrl
          ? repeatWhileLost(step, options.signal)
          : reachingDatabase(step);
      const { owner, say } = options;
      if (owner && say) await overRestarts(() => warnOfUnsafeServer(server.admin, say));
      const folder = join(options.dataDir, 'secrets');
      const isOwner = options.transfer !== undefined && (await ownsTables(server.admin));
      const names = await loginNames(options, server.admin.dbname);
      const logins = isOwner
        ? forAllRoles(() => server.admin)
        : await untilAborted(
            options.signal,
            overRestarts(() => prepareLogins(server.admin, names, passwords)),
          );
      if (!isOwner)
        for (const role of ROLES)
          await replaceFile(secretPath(folder, server.admin.dbname, role), JSON.stringify(logins[role]));
      return {
        dataDir: options.dataDir,
        secretUrl: (role) => pathToFileURL(secretPath(folder, server.admin.dbname, role)).href,
        login: (role) => logins[role],
        signingKeysUrl: pathToFileURL(signingKeys).href,
        objects: join(options.dataDir, 'objects', server.admin.dbname),
        publications: join(options.dataDir, 'publications', server.admin.dbname),
        database: server.admin.dbname,
        place: options.databaseUrl ? shownServer(server.admin) : shownFolder(options.dataDir),
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

async function assertRestored(dataDir: string): Promise<void> {
  if (!(await exists(join(dataDir, RESTORE_MARK)))) return;
  throw new BoursomaticError(
    'restore',
    `${dataDir} is incomplete, because a restore did not finish: repeat it with npm run restore, or remove the folder with npm run data -- remove`,
  );
}

async function makeFolders(dataDir: string): Promise<void> {
  try {
    // As root, the server's user may pass through the data folder, so that each folder in it is closed.
    for (const name of ['secrets', 'objects', 'publications']) await makeFolder(join(dataDir, name), 0o700);
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new BadInputError(`--data-dir ${dataDir} cannot be created (${code}): use another folder`, {
      cause,
    });
  }
}

/** Owns the data folder, if need be with the space that is reserved for a start on a full disk. */
async function lockWithReserve({ dataDir, say }: DatabaseOptions): Promise<() => Promise<void>> {
  try {
    return await lockFolder(dataDir);
  } catch (error) {
    const isFull = error instanceof StorageError && (await releaseReserve(join(dataDir, 'postgres')));
    if (!isFull) throw error;
    say?.(
      `The disk of ${dataDir} is full. Starting in the space that was reserved for this: free some space.`,
    );
    return lockFolder(dataDir);
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

/** The names by which an installation logs in: its roles on the embedded server, which no other installation uses. */
async function loginNames({ dataDir, databaseUrl }: DatabaseOptions, database: string) {
  if (databaseUrl) return readLoginNames(dataDir, database);
  return forAllRoles((role) => role);
}

function forAllRoles<T>(make: (role: RoleName) => T): Record<RoleName, T> {
  return Object.fromEntries(ROLES.map((role) => [role, make(role)])) as Record<RoleName, T>;
}

/** Whether a login owns the tables. On AWS it is the migrator's, and the logins of the functions stay untouched. */
async function ownsTables(login: DatabaseSecret): Promise<boolean> {
  const sql = connect(login);
  try {
    const [found] = await sql`
      SELECT 1 FROM pg_class
      WHERE oid = to_regclass('public.schema_migrations') AND pg_get_userbyid(relowner) = current_user`;
    return found !== undefined;
  } finally {
    await sql.end();
  }
}

async function prepareLogins(
  admin: DatabaseSecret,
  names: Record<RoleName, string>,
  passwords: Passwords,
): Promise<Record<RoleName, DatabaseSecret>> {
  const logins = forAllRoles((role) => ({ ...admin, username: names[role], password: passwords[role] }));
  const sql = connect(admin);
  try {
    await reachingDatabase(() => ensureLogins(sql, logins));
  } finally {
    await sql.end();
  }
  return logins;
}

function secretPath(folder: string, database: string, role: RoleName): string {
  return join(folder, `${database}-${role}.json`);
}
