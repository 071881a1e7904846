import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSigningKeys } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { accountClient, codeAt, protectedUser, wrongCode } from './second-factor-support.ts';
import { authClient, login, PASSWORD } from './support.ts';

const EMAIL = 'ada.lovelace@example.com';

const db = useApi();
const client = authClient();
let written: string;
beforeEach(() => {
  vi.stubEnv('LOG_LEVEL', 'debug');
  written = '';
  for (const stream of [process.stderr, process.stdout]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('never logs credentials', async () => {
  const next = 'battery horse correct';
  await client.ask('POST', '/v1/auth/register', { body: { email: EMAIL, password: PASSWORD } });
  await login(client, EMAIL, { password: 'a wrong password' });
  const { body: session } = await login(client, EMAIL);
  const { body: second } = await client.ask('POST', '/v1/auth/refresh', {
    body: { refreshToken: session.refreshToken },
  });
  const changed = await client.ask('POST', '/v1/auth/password', {
    accessToken: String(second.accessToken),
    body: { currentPassword: PASSWORD, newPassword: next },
  });
  const { refreshToken } = changed.body;
  const { body: third } = await client.ask('POST', '/v1/auth/refresh', { body: { refreshToken } });
  await client.ask('POST', '/v1/auth/refresh', { body: { refreshToken: third.refreshToken } });
  await client.ask('POST', '/v1/auth/refresh', { body: { refreshToken } });
  for (let count = 0; count < 8; count += 1) await login(client, EMAIL, { password: 'a wrong password' });
  // Postgres repeats values in the message of a violated constraint.
  await db.sql`ALTER TABLE users ADD CONSTRAINT nobody CHECK (email = '') NOT VALID`;
  const failed = await client.ask('POST', '/v1/auth/register', {
    body: { email: `another.${EMAIL}`, password: PASSWORD },
  });
  await db.sql`ALTER TABLE users DROP CONSTRAINT nobody`;
  vi.restoreAllMocks();

  expect(failed.status).toBe(500);
  for (const event of ['LoginRefused', 'AttemptThrottled', 'RefreshTokenReused', 'api request failed'])
    expect(written).toContain(event);
  const { keys } = await readSigningKeys(db);
  const [user] = await db.sql`SELECT password_hash FROM users WHERE email = ${EMAIL}`;
  const secrets = {
    EMAIL,
    PASSWORD,
    next,
    wrong: 'a wrong password',
    hash: user?.password_hash,
    accessToken: session.accessToken,
    signature: session.accessToken.split('.')[2],
    refreshToken: session.refreshToken,
    changedToken: refreshToken,
    secondToken: second.refreshToken,
    key: keys[0]?.privateJwk?.d,
    address: '192.0.2.1',
  };
  for (const [what, secret] of Object.entries(secrets)) {
    expect(String(secret).length, what).toBeGreaterThan(5);
    expect(written, what).not.toContain(String(secret));
  }
});

test('never logs the secret, a code or a recovery code of a second factor', async () => {
  const account = accountClient();
  const user = await protectedUser(db, account);
  const wrong = wrongCode(user.secret);
  const code = codeAt(user.secret);
  const [recoveryCode = ''] = user.recoveryCodes;
  for (const given of [wrong, code, code, recoveryCode])
    await client.ask('POST', '/v1/auth/login', {
      body: { email: user.email, password: PASSWORD, code: given },
    });
  vi.restoreAllMocks();
  const [row] = await db.sql`SELECT encrypted_secret FROM second_factors WHERE user_id = ${user.userId}`;
  const { encryption = [] } = await readSigningKeys(db);
  expect(written).toContain('wrong-code');
  // An id may contain the same six digits.
  for (const digits of [wrong, code]) expect(written).not.toMatch(new RegExp(`\\b${digits}\\b`));
  const secrets = [user.secret, recoveryCode, row?.encrypted_secret, encryption[0]?.key];
  for (const secret of secrets) {
    expect(String(secret).length).toBeGreaterThan(5);
    expect(written).not.toContain(String(secret));
  }
});
