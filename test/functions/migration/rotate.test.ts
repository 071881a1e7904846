import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canLogIn } from '../../../functions/migration/logins.ts';
import { type RotationStep, rotateLogin, type Vault } from '../../../functions/migration/rotate.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { DatabaseSecret } from '../../../functions/shared/secrets.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const STEPS: RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const TOKEN = 'token-of-the-new-version';

/** A role for this test only: other tests use the passwords of the shared roles. */
let login: DatabaseSecret;
let database: TestDatabase;
let admin: Sql;
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  const shared: DatabaseSecret = JSON.parse(await readFile(new URL(database.url('migrator')), 'utf8'));
  const passwords = JSON.parse(
    await readFile(new URL('passwords.json', database.url('migrator')), 'utf8'),
  ) as Record<string, string>;
  admin = connect({
    ...shared,
    username: 'postgres',
    password: defined(passwords.postgres, 'password of postgres'),
  });
  login = { ...shared, username: `rotated_${randomBytes(4).toString('hex')}`, password: "old'pass" };
  await admin.unsafe(`CREATE ROLE ${login.username} LOGIN PASSWORD 'old''pass'`);
});
afterEach(async () => {
  await admin.unsafe(`DROP ROLE ${login.username}`);
  await admin.end();
  await database.close();
});

/** A fake of the operations of Secrets Manager that a rotation uses. */
class TestVault implements Vault {
  current: string;
  pending: string | undefined;
  made = 0;
  constructor(current: object) {
    this.current = JSON.stringify(current);
  }
  async read(stage: 'AWSCURRENT' | 'AWSPENDING') {
    return stage === 'AWSCURRENT' ? this.current : this.pending;
  }
  async writePending(token: string, text: string) {
    expect(token).toBe(TOKEN);
    this.pending = text;
  }
  async finish() {
    this.current = this.pending ?? this.current;
  }
  newPassword() {
    this.made += 1;
    return `new'pass "${this.made}`;
  }
}

test('gives a login a new password and invalidates the old one', async () => {
  const vault = new TestVault({ ...login, engine: 'postgres' });
  for (const step of STEPS) await rotateLogin(step, TOKEN, vault);
  const rotated = JSON.parse(vault.current);
  expect(rotated).toEqual({ ...login, engine: 'postgres', password: `new'pass "1` });
  expect(await canLogIn(rotated)).toBe(true);
  expect(await canLogIn(login)).toBe(false);
});

test('repeats each step without effect', async () => {
  const vault = new TestVault(login);
  for (const step of STEPS) for (let time = 0; time < 2; time++) await rotateLogin(step, TOKEN, vault);
  expect(vault.made).toBe(1);
  expect(await canLogIn(JSON.parse(vault.current))).toBe(true);
});

test('fails the test step when the password was not set, and keeps the current one', async () => {
  const vault = new TestVault(login);
  await rotateLogin('createSecret', TOKEN, vault);
  await expect(rotateLogin('testSecret', TOKEN, vault)).rejects.toThrow(
    'the server refuses the new password',
  );
  expect(await canLogIn(login)).toBe(true);
});

test('refuses a pending version of another login', async () => {
  const vault = new TestVault(login);
  vault.pending = JSON.stringify({ ...login, username: 'postgres' });
  await expect(rotateLogin('setSecret', TOKEN, vault)).rejects.toThrow('belongs to another login');
});

test('refuses a secret that is not a login without repeating its content', async () => {
  const vault = new TestVault({ key: 'value-of-something-else' });
  await expect(rotateLogin('createSecret', TOKEN, vault)).rejects.toThrow(
    /^rotation: the secret is not a database login$/,
  );
});
