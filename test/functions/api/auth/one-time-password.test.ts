import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { resetPassword } from '../../../../functions/operate/passwords.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { expectProblem, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { accountClient, codeAt, eventsOf, protectedUser } from './second-factor-support.ts';
import { authClient, PASSWORD, userWithPassword } from './support.ts';

const NEXT = 'violet kettle marsh 91';

const db = useApi();
const client = authClient();
const account = accountClient();
/** The role with which the operator's function connects. */
let operator: Sql;
beforeAll(() => {
  operator = db.client('api');
});
let user: TestUser;
let password: string;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  vi.useFakeTimers({ toFake: ['Date'] });
  user = await userWithPassword(db);
  // The database's clock dates the account.
  vi.setSystemTime(Date.now() + 1000);
  ({ password } = await resetPassword(operator, user.email));
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (hours: number) => vi.setSystemTime(Date.now() + hours * 3_600_000);
const login = (body: object, { email } = user) =>
  client.ask('POST', '/v1/auth/login', { body: { email, ...body } });

describe('a one-time password', () => {
  test('starts a session only with a new password, which replaces it', async () => {
    expectProblem(await login({ password }), 401, 'password-change-required');
    expect(await db.sql`SELECT FROM sessions WHERE user_id = ${user.userId} AND ended_at IS NULL`).toEqual(
      [],
    );
    const started = await login({ password, newPassword: NEXT });
    expect(started.status).toBe(200);
    const accessToken = String(started.body.accessToken);
    expect((await account.ask('GET', '/v1/me', { accessToken })).body).toMatchObject({
      notices: [{ type: 'password-reset' }],
    });
    expectProblem(await login({ password }), 401, 'wrong-credentials');
    expect((await login({ password: NEXT })).status).toBe(200);
    expect(await eventsOf(db, user)).toEqual([
      'password-reset',
      'login-refused: password-change-required',
      'password-changed',
      'login',
      'login-refused: wrong-credentials',
      'login',
    ]);
  });

  test('is refused after 24 hours', async () => {
    wait(24);
    for (const body of [{ password }, { password, newPassword: NEXT }])
      expectProblem(await login(body), 401, 'wrong-credentials');
  });

  test('works until then', async () => {
    wait(23.99);
    expect((await login({ password, newPassword: NEXT })).status).toBe(200);
  });

  test.each([
    ['a weak password', 'Qwerty123456!', 'is easy to guess'],
    ['a short password', 'short', 'must have 12 to 128 characters'],
  ])('is not replaced by %s', async (_what, newPassword, reason) => {
    const { errors } = expectProblem(await login({ password, newPassword }), 400, 'invalid-request');
    expect(errors).toEqual([{ pointer: '#/newPassword', detail: expect.stringContaining(reason) }]);
    expectProblem(await login({ password }), 401, 'password-change-required');
  });

  test('is not replaced by itself', async () => {
    const { errors } = expectProblem(
      await login({ password, newPassword: password }),
      400,
      'invalid-request',
    );
    expect(errors).toEqual([{ pointer: '#/newPassword', detail: 'must differ from the current password' }]);
  });

  test('delays nobody who has yet to choose a new password', async () => {
    for (let count = 0; count < 12; count += 1)
      expectProblem(await login({ password }), 401, 'password-change-required');
    expect((await login({ password, newPassword: NEXT })).status).toBe(200);
  });
});

test('a reset ends all sessions and the old password', async () => {
  expectProblem(await account.ask('GET', '/v1/me', user), 401, 'not-signed-in');
  expectProblem(await login({ password: PASSWORD }), 401, 'wrong-credentials');
  expectProblem(await login({ password: PASSWORD, newPassword: NEXT }), 401, 'wrong-credentials');
});

test('a reset keeps the second factor, whose code the login requires', async () => {
  const guarded = await protectedUser(db, account);
  ({ password } = await resetPassword(operator, guarded.email));
  const body = { password, newPassword: NEXT };
  expectProblem(await login({ password }, guarded), 401, 'password-change-required');
  expectProblem(await login(body, guarded), 401, 'second-factor-required');
  expectProblem(await login({ password: NEXT }, guarded), 401, 'wrong-credentials');
  const started = await login({ ...body, code: codeAt(guarded.secret) }, guarded);
  expect(started.status).toBe(200);
});

test('a login with a password that the user chose accepts no new one', async () => {
  const { email } = await userWithPassword(db);
  const answer = await login({ password: PASSWORD, newPassword: NEXT }, { ...user, email });
  const { detail } = expectProblem(answer, 409, 'conflict');
  expect(detail).toBe(
    'newPassword is accepted only with a one-time password. Log in without it, then change the password.',
  );
  expect((await login({ password: PASSWORD }, { ...user, email })).status).toBe(200);
});
