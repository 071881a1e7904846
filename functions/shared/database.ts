import postgres from 'postgres';
import * as z from 'zod';
import { ENV } from './constants.ts';
import { readEnvironment } from './environment.ts';
import { DatabaseUnreachableError } from './errors.ts';
import { guardedSql } from './guarded-sql.ts';
import { type DatabaseSecret, readDatabaseSecret } from './secrets.ts';

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;

const Environment = z.object({ [ENV.databaseProxyHost]: z.string().optional() });

const clients = new Map<string, Promise<Sql>>();

/**
 * The client of a secret, one a process and secret: a Lambda container keeps its connection between
 * invocations. The password is read again for each new connection, so a rotated secret heals by itself.
 *
 * @param secretId - a Secrets Manager id or ARN, or a `file:` URL
 * @param options - how many connections at most; one suits a Lambda, which does one thing at a time
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

/** Closes every client that {@link database} made, letting queries under way finish. */
export async function closeDatabases(): Promise<void> {
  const open = [...clients.values()];
  clients.clear();
  await Promise.allSettled(open.map(async (client) => (await client).end({ timeout: 5 })));
}

/**
 * A client for a login. Sessions are in UTC; a server on a loopback address is reached in the clear, any
 * other only over TLS with a certificate that verifies.
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

/** What every client of this project has in common. */
export const CLIENT_OPTIONS = {
  connect_timeout: 10,
  connection: { TimeZone: 'UTC', application_name: 'boursomatic' },
  onnotice: () => {},
  // Fetching the array types of a fresh connection costs a round trip, and no column here is an array.
  fetch_types: false,
} as const;

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  '28P01',
  '28000',
  '3D000',
  '57P03',
  '57P01',
  '53300',
]);

/**
 * Runs work against the database, turning a lost or refused connection into the one error that the state
 * machine retries.
 *
 * @throws DatabaseUnreachableError if the server cannot be reached or refuses the login
 */
export async function reachingDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!UNREACHABLE.has(code)) throw error;
    const reason = error instanceof Error && error.message ? error.message : code;
    throw new DatabaseUnreachableError(`database: ${reason}`, { cause: error });
  }
}
