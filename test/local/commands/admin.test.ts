import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { isPassword } from '../../../functions/api/auth/passwords.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type Answer, lastLine, refused, runAtTerminal, runCommand } from './command-support.ts';

const PASSWORD = 'correct horse battery';

const db = useTestDatabase();
let name: string;
beforeAll(async () => {
  const [row] = await db.sql<[{ name: string }]>`SELECT current_database() AS name`;
  name = row.name;
});
beforeEach(async () => {
  await db.sql`TRUNCATE users CASCADE`;
});

function admin(args: string[], input = ''): Promise<Answer> {
  const where = ['--data-dir', inject('dataDir'), '--database', name];
  return runCommand('admin.ts', [...args, ...where], { env: { LOG_LEVEL: 'warn' }, input });
}

const users = () => db.sql`
  SELECT u.email, u.is_admin, u.password_hash, u.password_expires_at, s.preferred_profile
  FROM users u LEFT JOIN user_settings s ON s.user_id = u.id ORDER BY u.email`;

describe('npm run admin -- create', () => {
  test('creates an administrator with the password from standard input', async () => {
    const ended = await admin(['create', 'Ada@Example.com'], `${PASSWORD}\nanother line\n`);
    expect(ended).toEqual({ code: 0, out: 'ada@example.com is an administrator\n', error: '' });
    const [user] = await users();
    expect(user).toMatchObject({
      email: 'ada@example.com',
      is_admin: true,
      password_expires_at: null,
      preferred_profile: 'conservative',
    });
    expect(await isPassword(PASSWORD, user?.password_hash)).toBe(true);
  });

  test('generates a one-time password and prints it once', async () => {
    const ended = await admin(['create', 'ada@example.com', '--generate', '--json']);
    const { password, passwordExpiresAt, ...rest } = lastLine(ended.out);
    expect(rest).toEqual({ email: 'ada@example.com', isAdmin: true });
    expect(Date.parse(passwordExpiresAt)).toBeGreaterThan(Date.now() + 86_000_000);
    expect(ended.out).toContain(`password: ${password}\n`);
    const [user] = await users();
    expect(await isPassword(password, user?.password_hash)).toBe(true);
    expect(user?.password_expires_at?.toISOString()).toBe(passwordExpiresAt);
  });

  describe('for an existing address', () => {
    const refusedWith = (message: string) => ({ code: 1, out: '', error: `boursomatic: ${message}\n` });
    const isAdmin = async () => (await users())[0]?.is_admin;
    beforeEach(async () => {
      await db.sql`
        INSERT INTO users (email, password_hash, created_at) VALUES ('ada@example.com', 'kept', '2026-03-02')`;
    });

    test('names the command that makes it an administrator, before it reads a password', async () => {
      const ended = await admin(['create', 'ADA@example.com', '--generate']);
      const command = `grant ADA@example.com --data-dir ${inject('dataDir')} --database ${name}`;
      expect(ended).toEqual(
        refusedWith(
          `ada@example.com already has an account, registered on 2026-03-02: to make it an administrator, with its present password, run npm run admin -- ${command}`,
        ),
      );
      expect(await isAdmin()).toBe(false);
      expect((await admin(command.split(' ').slice(0, 2))).code).toBe(0);
      expect(await isAdmin()).toBe(true);
    });

    test('makes it an administrator with --promote, any number of times, and keeps its password', async () => {
      for (let count = 0; count < 2; count++) {
        const ended = await admin(['create', 'ada@example.com', '--promote', '--generate', '--json']);
        expect(ended).toEqual({
          code: 0,
          out: 'ada@example.com is an administrator, with the present password\n{"email":"ada@example.com","isAdmin":true}\n',
          error: '',
        });
      }
      expect(await users()).toMatchObject([{ is_admin: true, password_hash: 'kept' }]);
      expect(await db.sql`SELECT type FROM security_events`).toEqual([{ type: 'admin-granted' }]);
    });

    test('refuses an administrator, and a deleted account', async () => {
      await db.sql`UPDATE users SET is_admin = true`;
      expect(await admin(['create', 'ada@example.com'])).toEqual(
        refusedWith(
          'ada@example.com is an administrator already: use reset-password if the password is forgotten',
        ),
      );
      await db.sql`UPDATE users SET is_admin = false, is_deleted = true`;
      expect(await admin(['create', 'ada@example.com', '--promote'])).toEqual(
        refusedWith(
          'the account ada@example.com is deleted: an administrator can restore it on the page for 30 days',
        ),
      );
      expect(await isAdmin()).toBe(false);
    });

    test.runIf(process.platform === 'linux').each([
      ['y\n', true],
      ['YES\n', true],
      ['n\n', false],
      ['\n', false],
      ['maybe\n', false],
      // Ctrl-D ends the input.
      ['\u0004', false],
    ])('asks at a terminal, where the answer %j means %s', async (answer, promotes) => {
      const where = ['--data-dir', inject('dataDir'), '--database', name];
      const { code, out } = await runAtTerminal('admin.ts', ['create', 'ada@example.com', ...where], {
        prompt: '[y/N] ',
        typed: answer,
      });
      expect(out).toContain(
        'ada@example.com already has an account, registered on 2026-03-02. Make it an administrator, with its present password? [y/N] ',
      );
      expect(out).toContain(
        promotes
          ? 'ada@example.com is an administrator'
          : 'boursomatic: ada@example.com stays an ordinary user',
      );
      expect(code).toBe(promotes ? 0 : 1);
      expect(await isAdmin()).toBe(promotes);
    });
  });

  test('with --promote creates a user who does not exist', async () => {
    const ended = await admin(['create', 'ada@example.com', '--promote'], `${PASSWORD}\n`);
    expect(ended).toEqual({ code: 0, out: 'ada@example.com is an administrator\n', error: '' });
  });

  test.each([
    ['a short password', 'short\n', 'must have 12 to 128 characters'],
    [
      'a common password',
      'Qwerty123456!\n',
      'is easy to guess, because it is built from a common word or password and a few characters. Choose a longer one: four or more unrelated words, or let a password manager generate it',
    ],
    [
      'the e-mail address',
      'ada@example.com\n',
      'is easy to guess, because it is built from your e-mail address. Choose a longer one: four or more unrelated words, or let a password manager generate it',
    ],
    ['no password', '', 'must have 12 to 128 characters'],
  ])('rejects %s as the password', async (_what, input, reason) => {
    const ended = await admin(['create', 'ada@example.com'], input);
    expect(ended).toEqual(refused(`the password ${reason}`));
    expect(await users()).toEqual([]);
  });
});

test('grants and revokes the administrator role, and lists it', async () => {
  await db.sql`INSERT INTO users (email, password_hash) VALUES ('bob@example.com', 'x'), ('gone@example.com', 'x')`;
  await db.sql`UPDATE users SET is_deleted = true WHERE email = 'gone@example.com'`;
  expect((await admin(['grant', 'bob@example.com'])).out).toBe('bob@example.com is an administrator\n');
  expect((await admin(['list'])).out).toBe('admin  bob@example.com\nuser   gone@example.com  (deleted)\n');
  const revoked = await admin(['revoke', 'bob@example.com', '--json']);
  expect(revoked.out).toBe(
    'bob@example.com is an ordinary user\n{"email":"bob@example.com","isAdmin":false}\n',
  );
  for (const email of ['nobody@example.com', 'gone@example.com']) {
    const ended = await admin(['grant', email]);
    expect(ended).toEqual({ code: 1, out: '', error: `boursomatic: there is no user ${email}\n` });
  }
  await db.sql`TRUNCATE users CASCADE`;
  expect((await admin(['list', '--json'])).out).toBe('there are no users\n[]\n');
});

test('removes the second factor of a user who lost the app and the recovery codes', async () => {
  const [ada] = await db.sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash) VALUES ('ada@example.com', 'x') RETURNING id`;
  await db.sql`
    INSERT INTO second_factors (user_id, encrypted_secret, created_at, activated_at)
    VALUES (${ada.id}, 'eyJ', now(), now())`;
  await db.sql`
    INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES (${ada.id}, sha256('x'), now())`;
  const removed = await admin(['remove-second-factor', 'Ada@example.com', '--json']);
  expect(removed.out).toBe(
    'ada@example.com has no second factor; the password suffices to log in\n{"email":"ada@example.com","hasSecondFactor":false}\n',
  );
  expect(await db.sql`SELECT FROM second_factors`).toHaveLength(0);
  expect(await db.sql`SELECT FROM recovery_codes`).toHaveLength(0);
  const events = () => db.sql`SELECT type, user_id, actor_id, network_address, detail FROM security_events`;
  const event = { type: 'second-factor-disabled', user_id: ada.id, detail: { by: 'operator' } };
  expect(await events()).toEqual([{ ...event, actor_id: null, network_address: null }]);
  expect((await admin(['remove-second-factor', 'ada@example.com'])).code).toBe(0);
  expect(await events()).toHaveLength(1);
  expect(await admin(['remove-second-factor', 'bob@example.com'])).toEqual({
    code: 1,
    out: '',
    error: 'boursomatic: there is no user bob@example.com\n',
  });
});

test('resets a forgotten password to a one-time password, and ends all sessions and API keys', async () => {
  const [ada] = await db.sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash) VALUES ('ada@example.com', 'x') RETURNING id`;
  await db.sql`
    INSERT INTO sessions (user_id, started_at, confirmed_at, last_used_at, expires_at)
    VALUES (${ada.id}, now(), now(), now(), now() + interval '1 day')`;
  await db.sql`
    INSERT INTO api_keys (user_id, name, key_hash, ending, created_at, expires_at)
    VALUES (${ada.id}, 'bot', sha256('x'), 'abcd', now(), now() + interval '1 day')`;
  const reset = await admin(['reset-password', 'Ada@example.com', '--json']);
  const { email, password, passwordExpiresAt } = lastLine(reset.out);
  expect(email).toBe('ada@example.com');
  expect(reset.out).toContain(
    `ada@example.com is signed out everywhere, and all API keys are revoked\npassword: ${password}\nIt expires at ${passwordExpiresAt}. The first login must replace it.\n`,
  );
  const [user] = await users();
  expect(await isPassword(password, user?.password_hash)).toBe(true);
  expect(user?.password_expires_at?.toISOString()).toBe(passwordExpiresAt);
  expect(await db.sql`SELECT end_reason FROM sessions`).toEqual([{ end_reason: 'password-reset' }]);
  expect(await db.sql`SELECT id FROM api_keys WHERE revoked_at IS NULL`).toEqual([]);
  expect(await db.sql`SELECT type, user_id, detail FROM security_events`).toEqual([
    { type: 'password-reset', user_id: ada.id, detail: { by: 'operator', sessions: 1, apiKeys: 1 } },
  ]);
  expect(await admin(['reset-password', 'bob@example.com'])).toEqual({
    code: 1,
    out: '',
    error: 'boursomatic: there is no user bob@example.com\n',
  });
});

test.each([
  [
    ['frob'],
    'admin: "frob" is not a command; use list, create, grant, revoke, remove-second-factor or reset-password',
  ],
  [[], 'admin: name a command: list, create, grant, revoke, remove-second-factor or reset-password'],
  [['create'], 'admin create: needs an EMAIL'],
  [['create', 'ada'], 'admin create: "ada" is not an e-mail address'],
  [['grant', 'a@example.com', 'b@example.com'], 'admin grant: unexpected argument "b@example.com"'],
  [['list', 'ada'], 'admin list: unexpected argument "ada"'],
  [['grant', 'ada@example.com', '--generate'], '--generate goes only with create'],
  [['grant', 'ada@example.com', '--promote'], '--promote goes only with create'],
])('rejects the arguments %j as bad input', async (args, message) => {
  expect(await admin(args)).toEqual(refused(message));
});

test.each([
  [['--data-dir', ''], '--data-dir is empty'],
  [['--database', ''], '--database "" is not the name of a database such as boursomatic'],
  [['--database', '../away'], '--database "../away" is not the name of a database such as boursomatic'],
  [['--database', 'template1'], '--database "template1" belongs to Postgres: use another name'],
])('rejects the place %j before it writes anything', async (args, message) => {
  const cwd = await mkdtemp(join(tmpdir(), 'boursomatic-admin-'));
  try {
    expect(await runCommand('admin.ts', ['list', ...args], { cwd })).toEqual(refused(message));
    expect(await readdir(cwd)).toEqual([]);
  } finally {
    await rm(cwd, { recursive: true });
  }
});

test('rejects a data folder that cannot be created', async () => {
  expect(await runCommand('admin.ts', ['create', 'ada@example.com', '--data-dir', '/dev/null'])).toEqual(
    refused('--data-dir /dev/null cannot be created (ENOTDIR): use another folder'),
  );
});

test('rejects an unknown option, and lists the known ones with --help', async () => {
  expect(await admin(['list', '--loud'])).toMatchObject({
    code: 2,
    error: expect.stringContaining('--help'),
  });
  expect((await admin(['--help'])).out).toMatch(/create EMAIL[\s\S]*--generate/);
});
