import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureLogins } from '../../functions/migration/logins.ts';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { lockFolder } from './folder-lock.ts';
import { ensureSigningKeys, type Passwords, readPasswords } from './local-secrets.ts';
import { PostgresCluster } from './postgres-server.ts';

/** A database with its roles, and a data folder with a secret file for each role. */
export interface Installation {
  /** `file:` URL of a role's secret, in the format of Secrets Manager. */
  secretUrl(role: RoleName): string;
  /** Login of a role. */
  login(role: RoleName): DatabaseSecret;
  /** `file:` URL of the keys that sign access tokens. */
  signingKeysUrl: string;
  /** Folder of the objects that belong to this database. */
  objects: string;
  /** Stops the server if this process started it, and gives up the data folder. */
  close(): Promise<void>;
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
}

/**
 * Opens an installation: starts the embedded server or connects to the given one, creates the missing database and
 * roles, and writes a secret file for each role.
 *
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 * @throws DatabaseUnreachableError if the given server does not answer
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  await mkdir(join(options.dataDir, 'secrets'), { recursive: true, mode: 0o700 });
  const unlock = options.owner ? await lockFolder(options.dataDir) : async () => {};
  try {
    const passwords = await readPasswords(options.dataDir);
    const signingKeys = await ensureSigningKeys(options.dataDir);
    const server = options.databaseUrl
      ? { admin: parseDatabaseUrl(options.databaseUrl), stop: async () => {} }
      : await startEmbedded(options, passwords.postgres);
    try {
      const logins = await prepareRoles(server.admin, passwords);
      const folder = join(options.dataDir, 'secrets');
      for (const role of Object.values(DATABASE_ROLES)) {
        const path = secretPath(folder, server.admin.dbname, role);
        await writeFile(path, JSON.stringify(logins[role]), { mode: 0o600 });
      }
      return {
        secretUrl: (role) => pathToFileURL(secretPath(folder, server.admin.dbname, role)).href,
        login: (role) => logins[role],
        signingKeysUrl: pathToFileURL(signingKeys).href,
        objects: join(options.dataDir, 'objects', server.admin.dbname),
        close: async () => {
          await server.stop();
          await unlock();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Opens the installation that a command's options name, runs the work, and closes it. */
export async function withInstallation<T>(
  options: { database?: string | undefined; 'data-dir'?: string | undefined },
  defaultDatabase: string,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation({
    dataDir: resolve(options['data-dir'] ?? '.boursomatic'),
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

async function startEmbedded(options: InstallationOptions, password: string) {
  const cluster = new PostgresCluster(join(options.dataDir, 'postgres'), password);
  const server = await cluster.start({ owner: options.owner ?? false });
  const login = { host: '127.0.0.1', port: server.port, username: 'postgres', password, sslmode: 'disable' };
  const admin = connect({ ...login, dbname: 'postgres' });
  try {
    const [existing] = await admin`SELECT 1 FROM pg_database WHERE datname = ${options.database}`;
    if (!existing) await admin`CREATE DATABASE ${admin(options.database)}`;
  } finally {
    await admin.end();
  }
  return { admin: { ...login, dbname: options.database }, stop: server.stop };
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
