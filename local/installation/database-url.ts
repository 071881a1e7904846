import { BadInputError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';

/**
 * Parses a `postgres://user:password@host:port/database?sslmode=…` URL. Without an sslmode, TLS is off on a
 * loopback address and verified in full elsewhere.
 *
 * @throws BadInputError if the URL is malformed; the message never contains the password
 */
export function parseDatabaseUrl(text: string): DatabaseSecret {
  // The errors of URL and decodeURIComponent repeat their input, and so the password: neither is passed on.
  const url = URL.parse(text);
  if (!url) {
    throw new BadInputError('DATABASE_URL is not a URL such as postgres://user:password@host:5432/database');
  }
  const dbname = decode(url.pathname.slice(1));
  if (!['postgres:', 'postgresql:'].includes(url.protocol) || !url.hostname || !dbname || !url.username) {
    throw new BadInputError(
      'DATABASE_URL needs a user, a host and a database: postgres://user:password@host:5432/database',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isLoopback = ['localhost', '127.0.0.1', '::1'].includes(host);
  return {
    host,
    port: Number(url.port || 5432),
    dbname,
    username: decode(url.username),
    password: decode(url.password),
    sslmode: url.searchParams.get('sslmode') ?? (isLoopback ? 'disable' : 'verify-full'),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadInputError('DATABASE_URL contains a % without two hexadecimal digits: write % as %25');
  }
}

/** Formats a login as a URL, for programs that take one; the inverse of {@link parseDatabaseUrl}. */
export function databaseUrl(login: DatabaseSecret): string {
  const { host, port, dbname, username, password, sslmode } = login;
  const credentials = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const query = sslmode ? `?sslmode=${sslmode}` : '';
  return `postgresql://${credentials}@${server}/${encodeURIComponent(dbname)}${query}`;
}
