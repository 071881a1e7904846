import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { expectProblem, type TestUser } from '../api-client.ts';
import { accountClient, codeAt, eventsOf, protectedUser, wrongCode } from '../auth/second-factor-support.ts';
import { authClient, login, PASSWORD, userWithPassword } from '../auth/support.ts';
import { useApi } from '../use-api.ts';

const db = useApi();
const auth = authClient();
const client = accountClient();
let user: TestUser;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 10_000 });
  user = await userWithPassword(db);
});
afterEach(() => {
  vi.useRealTimers();
});

type Made = { secret: string; uri: string };
type Codes = { recoveryCodes: string[] };
const prepare = ({ accessToken }: TestUser = user) =>
  client.ask<Made>('POST', '/v1/me/second-factor', { accessToken });
const activate = (code: string, { accessToken }: TestUser = user) =>
  client.ask<Codes>('POST', '/v1/me/second-factor/activate', { accessToken, body: { code } });
const renew = ({ accessToken }: TestUser) =>
  client.ask<Codes>('POST', '/v1/me/second-factor/recovery-codes', { accessToken });
const remove = ({ accessToken }: TestUser) => client.ask('DELETE', '/v1/me/second-factor', { accessToken });
const me = async ({ accessToken }: TestUser = user) => {
  const { body } = await client.ask('GET', '/v1/me', { accessToken });
  return [body.hasSecondFactor, body.recoveryCodesLeft];
};

describe('setting up a second factor', () => {
  test('takes a secret, its first code, and then protects logins', async () => {
    const { status, body } = await prepare();
    expect(status).toBe(201);
    expect(body.uri).toContain(`secret=${body.secret}`);
    expect(decodeURIComponent(body.uri)).toContain(user.email);
    expect(await me()).toEqual([false, null]);
    expect((await login(auth, user.email)).status).toBe(200);

    const activated = await activate(codeAt(body.secret));
    expect(activated.status).toBe(200);
    expect(activated.body.recoveryCodes).toHaveLength(10);
    expect(await me()).toEqual([true, 10]);
    expectProblem(await login(auth, user.email), 401, 'second-factor-required');
    expect(await eventsOf(db, user)).toContain('second-factor-enabled');
  });

  test('uses up the first code', async () => {
    const { secret } = (await prepare()).body;
    const code = codeAt(secret);
    await activate(code);
    const answer = await auth.ask('POST', '/v1/auth/login', {
      body: { email: user.email, password: PASSWORD, code },
    });
    expectProblem(answer, 401, 'wrong-code');
  });

  test('refuses a wrong code and stays inactive', async () => {
    const { secret } = (await prepare()).body;
    expectProblem(await activate(wrongCode(secret)), 401, 'wrong-code');
    expect(await me()).toEqual([false, null]);
  });

  test('replaces a secret that was not activated', async () => {
    const { secret: first } = (await prepare()).body;
    const { secret: second } = (await prepare()).body;
    expectProblem(await activate(codeAt(first)), 401, 'wrong-code');
    expect((await activate(codeAt(second))).status).toBe(200);
  });

  test('refuses a second one, and an activation without a secret', async () => {
    expectProblem(await activate('123456'), 409, 'conflict');
    const guarded = await protectedUser(db, client);
    expectProblem(await prepare(guarded), 409, 'conflict');
    expectProblem(await activate(codeAt(guarded.secret), guarded), 409, 'conflict');
  });

  test('stores neither the secret nor a recovery code in plain text', async () => {
    const { secret, recoveryCodes } = await protectedUser(db, client);
    const rows = await db.sql`SELECT f.*, c.* FROM second_factors f JOIN recovery_codes c USING (user_id)`;
    const stored = JSON.stringify(rows, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(stored).toContain('eyJ');
    for (const text of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(stored).not.toContain(text);
  });
});

describe('recovery codes', () => {
  test('are replaced by new ones, and the old ones stop working', async () => {
    const guarded = await protectedUser(db, client);
    const [old = ''] = guarded.recoveryCodes;
    const { status, body } = await renew(guarded);
    expect(status).toBe(200);
    expect(body.recoveryCodes).toHaveLength(10);
    const [fresh = ''] = body.recoveryCodes;
    const loginWith = (code: string) =>
      auth.ask('POST', '/v1/auth/login', { body: { email: guarded.email, password: PASSWORD, code } });
    expectProblem(await loginWith(old), 401, 'wrong-code');
    expect((await loginWith(fresh)).status).toBe(200);
    expect(await me(guarded)).toEqual([true, 9]);
    expect(await eventsOf(db, guarded)).toContain('recovery-codes-renewed');
  });

  test('require a second factor', async () => {
    expectProblem(await renew(user), 409, 'conflict');
    await prepare();
    expectProblem(await renew(user), 409, 'conflict');
  });
});

describe('removing a second factor', () => {
  test('makes the password suffice, and removes the recovery codes', async () => {
    const guarded = await protectedUser(db, client);
    expect((await remove(guarded)).status).toBe(204);
    expect(await me(guarded)).toEqual([false, null]);
    expect((await login(auth, guarded.email)).status).toBe(200);
    expect(await db.sql`SELECT FROM recovery_codes WHERE user_id = ${guarded.userId}`).toHaveLength(0);
    expect(await eventsOf(db, guarded)).toContain('second-factor-disabled');
    expect((await prepare(guarded)).status).toBe(201);
  });

  test('changes and records nothing without one', async () => {
    expect((await remove(user)).status).toBe(204);
    expect(await eventsOf(db, user)).toEqual([]);
  });
});

test('every change requires a recent confirmation', async () => {
  const guarded = await protectedUser(db, client);
  vi.setSystemTime(Date.now() + 601_000);
  for (const answer of [
    await prepare(guarded),
    await activate('123456', guarded),
    await renew(guarded),
    await remove(guarded),
  ])
    expectProblem(answer, 403, 'confirmation-required');
});

test('the export has the time at which the second factor was activated', async () => {
  const exported = async ({ accessToken }: TestUser) =>
    (await client.ask<{ user: object }>('GET', '/v1/me/export', { accessToken })).body.user;
  expect(await exported(user)).toMatchObject({ secondFactorSince: null });
  const since = new Date().toISOString();
  expect(await exported(await protectedUser(db, client))).toMatchObject({ secondFactorSince: since });
});
