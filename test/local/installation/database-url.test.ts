import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { databaseUrl, parseDatabaseUrl } from '../../../local/installation/database-url.ts';

test.each([
  {
    host: 'db.example.com',
    port: 5432,
    dbname: 'stocks',
    username: 'me',
    password: 'p@ss/w:o%rd',
    sslmode: 'verify-full',
  },
  { host: '::1', port: 6543, dbname: 'a/b', username: 'm e', password: '', sslmode: 'disable' },
])('formats %j so that parsing returns the same login', (login) => {
  expect(parseDatabaseUrl(databaseUrl(login))).toEqual(login);
});

describe('parseDatabaseUrl', () => {
  test.each([
    [
      'postgres://me:pass@localhost:6543/db',
      { host: 'localhost', port: 6543, dbname: 'db', username: 'me', password: 'pass', sslmode: 'disable' },
    ],
    [
      'postgresql://me:p%40ss%2Fw@db.example.com/stocks',
      {
        host: 'db.example.com',
        port: 5432,
        dbname: 'stocks',
        username: 'me',
        password: 'p@ss/w',
        sslmode: 'verify-full',
      },
    ],
    [
      'postgres://me@127.0.0.1/db?sslmode=verify-full',
      { host: '127.0.0.1', port: 5432, dbname: 'db', username: 'me', password: '', sslmode: 'verify-full' },
    ],
    [
      'postgres://me:pass@[::1]:5432/db',
      { host: '::1', port: 5432, dbname: 'db', username: 'me', password: 'pass', sslmode: 'disable' },
    ],
  ])('reads %s', (url, secret) => {
    expect(parseDatabaseUrl(url)).toEqual(secret);
  });

  test.each([
    'hunter2',
    'postgres://me:hunter2@host:port/db',
    'postgres://me:hunter2@/db',
    'postgres://me:hunter2@host',
    'postgres://:hunter2@host/db',
    'mysql://me:hunter2@host/db',
    'postgres://me:hunter2%zz@host/db',
    'me:hunter2@host/db',
  ])('rejects %s without showing the password', (url) => {
    let error: unknown;
    try {
      parseDatabaseUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(BadInputError);
    expect(inspect(error, { showHidden: true, depth: 5 })).not.toContain('hunter2');
    expect(String(error)).toContain('DATABASE_URL');
  });
});
