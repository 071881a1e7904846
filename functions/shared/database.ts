import postgres from 'postgres';
import * as z from 'zod';
import { ENV } from './constants.ts';
import { readEnvironment } from './environment.ts';
import { DatabaseUnreachableError, StorageError } from './errors.ts';
import { guardedSql, isLostConnection } from './guarded-sql.ts';
import { type DatabaseSecret, readDatabaseSecret } from './secrets.ts';

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;

const Environment = z.object({ [ENV.databaseProxyHost]: z.string().optional() });

const clients = new Map<string, Promise<Sql>>();

/**
 * Returns the client for a secret, one per process and secret: a Lambda container keeps its connection between
 * invocations. Each new connection reads the password again, so a rotated secret needs no restart.
 *
 * @param secretId - a Secrets Manager id or ARN, or a `file:` URL
 * @param options.max - the most connections; the default of one suits a Lambda, which handles one event at a time
 */
export function database(secretId: string, options: { max?: number } = {}): Promise<Sql> {
  let client = clients.get(secretId);
  if (!client) {
    const { DATABASE_PROXY_HOST: host } = readEnvironment(Environment);
    client = readDatabaseSecret(secretId).then((secret) =>
      connect(host ? { ...secret, host } : secret, {
        max: options.max ?? 1,
        pooled: host !== undefined,
        password: async () => (await readDatabaseSecret(secretId)).password,
      }),
    );
    client.catch(() => clients.delete(secretId));
    clients.set(secretId, client);
  }
  return client;
}

/** Closes every client that {@link database} made, after its running queries have finished. */
export async function closeDatabases(): Promise<void> {
  const open = [...clients.values()];
  clients.clear();
  await Promise.allSettled(open.map(async (client) => (await client).end({ timeout: 5 })));
}

/**
 * Makes a client for a login. Sessions are in UTC. Connections use TLS with a verified certificate, unless the login
 * disables it, as it does for a server on a loopback address.
 */
export function connect(
  login: DatabaseSecret,
  options: { max?: number; password?: () => Promise<string>; pooled?: boolean } = {},
): Sql {
  return guardedSql(
    postgres({
      host: login.host,
      port: login.port,
      database: login.dbname,
      username: login.username,
      password: options.password ?? login.password,
      ssl: login.sslmode === 'disable' ? false : { rejectUnauthorized: true },
      max: options.max ?? 1,
      // A named statement would pin a proxy's connection to this client.
      prepare: !options.pooled,
      ...CLIENT_OPTIONS,
    }),
  );
}

/** Options that all clients of this project share. */
export const CLIENT_OPTIONS = {
  connect_timeout: 10,
  connection: { TimeZone: 'UTC', application_name: 'boursomatic' },
  onnotice: () => {},
  // Loading the array types costs a round trip per connection, and no column is an array.
  fetch_types: false,
} as const;

/** Codes of a server that cannot be reached, refuses the login, or is stopping. {@link isLostConnection} has the others. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'CONNECT_TIMEOUT',
  '28P01',
  '28000',
  '3D000',
  '57P03',
  '57P02',
  '57P01',
  '53300',
]);

/** Postgres' code for a full disk. It has no code for a read-only one. */
const DISK_FULL = '53100';
const READ_ONLY = /: Read-only file system$/;

/**
 * Runs work against the database and turns a lost or refused connection into the one error that the state machine
 * retries.
 *
 * @throws DatabaseUnreachableError if the server cannot be reached or refuses the login
 * @throws StorageError if the server's disk is full or read-only
 */
export async function reachingDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = error instanceof Error && error.message ? error.message : code;
    if (code === DISK_FULL || READ_ONLY.test(reason))
      throw new StorageError(`database: ${reason}: its disk has no room or is read-only`, { cause: error });
    if (!UNREACHABLE.has(code) && !isLostConnection(error)) throw error;
    throw new DatabaseUnreachableError(`database: ${reason}`, { cause: error });
  }
}
