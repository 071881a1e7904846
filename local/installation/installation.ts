import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeSigningKeys } from '../../functions/api/auth/signing-keys.ts';
import { ensureLogins } from '../../functions/migration/logins.ts';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { PostgresCluster } from './postgres-server.ts';

/** A database that is ready for the migrator, and a secret file for each role. */
export interface Installation {
  /** `file:` URL of a role's secret, in the shape that Secrets Manager would give it. */
  secretUrl(role: RoleName): string;
  /** A role's login. */
  login(role: RoleName): DatabaseSecret;
  /** `file:` URL of the keys that sign access tokens. */
  signingKeysUrl: string;
  /** A folder for objects that belong to this database. */
  objects: string;
  /** Stops what was started. */
  close(): Promise<void>;
}

/** How to open an installation. */
export interface InstallationOptions {
  /** Folder for the cluster, the secrets and the objects; made if missing. */
  dataDir: string;
  /** Name of the database in the embedded server. */
  database: string;
  /** A server to use instead of the embedded one; its login may create roles. */
  databaseUrl?: string | undefined;
  /** This process owns the data folder until it closes: a second owner is refused. */
  owner?: boolean;
}

/**
 * Opens an installation: starts the embedded server (or uses the given one), makes the database and the
 * roles where they are missing, and writes a secret file for each role.
 *
 * @throws BoursomaticError if another process owns the folder
 * @throws DatabaseUnreachableError if a given server does not answer
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  await mkdir(join(options.dataDir, 'secrets'), { recursive: true, mode: 0o700 });
  const release = options.owner ? await own(options.dataDir) : async () => {};
  try {
    const passwords = await readPasswords(options.dataDir);
    const signingKeys = await ensureSigningKeys(options.dataDir);
    const server = options.databaseUrl
      ? { admin: parseDatabaseUrl(options.databaseUrl), stop: async () => {} }
      : await startEmbedded(options, passwords.postgres ?? '');
    try {
      const logins = await prepareRoles(server.admin, passwords as Record<RoleName, string>);
      const folder = join(options.dataDir, 'secrets');
      for (const [role, login] of logins) {
        await writeFile(secretPath(folder, login.dbname, role), JSON.stringify(login), { mode: 0o600 });
      }
      return {
        secretUrl: (role) => pathToFileURL(secretPath(folder, server.admin.dbname, role)).href,
        login: (role) => logins.get(role) as DatabaseSecret,
        signingKeysUrl: pathToFileURL(signingKeys).href,
        objects: join(options.dataDir, 'objects', server.admin.dbname),
        close: async () => {
          await server.stop();
          await release();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}

/** Works with the database as one of its roles, and closes the connection after the work. */
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
    const [found] = await admin`SELECT 1 FROM pg_database WHERE datname = ${options.database}`;
    if (!found) await admin`CREATE DATABASE ${admin(options.database)}`;
  } finally {
    await admin.end();
  }
  return { admin: { ...login, dbname: options.database }, stop: server.stop };
}

async function prepareRoles(
  admin: DatabaseSecret,
  passwords: Record<RoleName, string>,
): Promise<Map<RoleName, DatabaseSecret>> {
  const logins = new Map<RoleName, DatabaseSecret>();
  for (const role of Object.values(DATABASE_ROLES)) {
    logins.set(role, { ...admin, username: role, password: passwords[role] });
  }
  const sql = connect(admin);
  try {
    // A role that another data folder made on the same server has another password; ours wins.
    await reachingDatabase(() =>
      ensureLogins(sql, Object.fromEntries(logins) as Record<RoleName, DatabaseSecret>),
    );
  } finally {
    await sql.end();
  }
  return logins;
}

/** Marks the folder as this process's own; the mark of a process that is gone does not count. */
async function own(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'owner.pid');
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder && holder !== process.pid && isAlive(holder)) {
    throw new BoursomaticError(
      'in_use',
      `${dataDir} is in use by process ${holder}: stop it, or give another --data-dir`,
    );
  }
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Passwords of this data folder's roles, made once, outside git. */
async function readPasswords(dataDir: string): Promise<Record<string, string>> {
  const path = join(dataDir, 'secrets', 'passwords.json');
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found) return JSON.parse(found);
  const names = ['postgres', ...Object.values(DATABASE_ROLES)];
  const made = Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')]));
  await writeFile(path, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** The file of this data folder's signing keys, made once, outside git. Of two processes that make it, one does. */
async function ensureSigningKeys(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secrets', 'signing-keys.json');
  const found = await stat(path).catch(() => undefined);
  if (found) return path;
  const keys = JSON.stringify(await makeSigningKeys(new Date()));
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(partial, keys, { mode: 0o600 });
  // A link, unlike a rename, leaves what another process has made in the meantime, and is never half a file.
  await link(partial, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(partial);
  return path;
}

function secretPath(folder: string, database: string, role: RoleName): string {
  return join(folder, `${database}-${role}.json`);
}

/**
 * Splits a `postgres://user:password@host:port/database?sslmode=…` URL.
 *
 * @throws BadInputError if it is not one; the message does not repeat the password
 */
export function parseDatabaseUrl(text: string): DatabaseSecret {
  // No error is passed on: those of URL and decodeURIComponent repeat what they were given.
  const url = URL.parse(text);
  if (!url) {
    throw new BadInputError('DATABASE_URL is not a URL such as postgres://user:password@host:5432/database');
  }
  const dbname = decoded(url.pathname.slice(1));
  if (!['postgres:', 'postgresql:'].includes(url.protocol) || !url.hostname || !dbname || !url.username) {
    throw new BadInputError(
      'DATABASE_URL needs a user, a host and a database: postgres://user:password@host:5432/database',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const loopback = ['localhost', '127.0.0.1', '::1'].includes(host);
  return {
    host,
    port: Number(url.port || 5432),
    dbname,
    username: decoded(url.username),
    password: decoded(url.password),
    sslmode: url.searchParams.get('sslmode') ?? (loopback ? 'disable' : 'verify-full'),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadInputError('DATABASE_URL has a % that begins no %xx: write % itself as %25');
  }
}

/** The URL of a login, for programs that take one; the way back from {@link parseDatabaseUrl}. */
export function databaseUrl(login: DatabaseSecret): string {
  const { host, port, dbname, username, password, sslmode } = login;
  const credentials = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const query = sslmode ? `?sslmode=${sslmode}` : '';
  return `postgresql://${credentials}@${server}/${encodeURIComponent(dbname)}${query}`;
}
