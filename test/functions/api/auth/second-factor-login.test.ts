import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionAnswer } from '../../../../functions/api/auth/fields.ts';
import { type Answer, expectProblem } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import {
  accountClient,
  codeAt,
  eventsOf,
  type ProtectedUser,
  protectedUser,
  wrongCode,
} from './second-factor-support.ts';
import { authClient, PASSWORD, userWithPassword } from './support.ts';

const db = useApi();
const client = authClient();
const account = accountClient();
let user: ProtectedUser;
beforeEach(async () => {
  await db.sql`TRUNCATE login_attempts`;
  // Ten seconds into a step, so that a slow machine does not reach the next one.
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 10_000 });
  user = await protectedUser(db, account);
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

interface Login {
  email?: string;
  password?: string;
  code?: string;
  address?: string;
}
const login = ({
  email = user.email,
  password = PASSWORD,
  code,
  address = '192.0.2.1',
}: Login = {}): Promise<Answer<SessionAnswer>> =>
  client.ask('POST', '/v1/auth/login', { body: { email, password, ...(code && { code }) }, address });
const failures = async (kind: string) => {
  const [row] = await db.sql`SELECT max(failures) AS most FROM login_attempts WHERE kind = ${kind}`;
  return row?.most ?? 0;
};

describe('a login with a second factor', () => {
  test('requires a code after the correct password, and starts a session with it', async () => {
    const refused = expectProblem(await login(), 401, 'second-factor-required');
    expect(refused.detail).toContain('authenticator app');
    expect((await login({ code: codeAt(user.secret) })).status).toBe(200);
    expect(await eventsOf(db, user)).toContain('login-refused: second-factor-required');
  });

  test('does not reveal the second factor without the correct password', async () => {
    const code = codeAt(user.secret);
    for (const given of [{}, { code }])
      expectProblem(await login({ password: 'not the right one', ...given }), 401, 'wrong-credentials');
    const plain = await userWithPassword(db);
    expectProblem(await login({ email: plain.email, password: 'x' }), 401, 'wrong-credentials');
    // The attempts above did not use up the code.
    expect((await login({ code })).status).toBe(200);
  });

  test('refuses a wrong code, and records the refusal', async () => {
    expectProblem(await login({ code: wrongCode(user.secret) }), 401, 'wrong-code');
    expect(await eventsOf(db, user)).toContain('login-refused: wrong-code');
  });

  test.each([
    ['the step before', -30, 401],
    ['the current step', 0, 200],
    ['the next step', 30, 401],
  ])('answers a code of %s', async (_which, seconds, status) => {
    // Activation has used the step before.
    const code = codeAt(user.secret, new Date(Date.now() + seconds * 1000));
    expect((await login({ code })).status).toBe(status);
  });

  test('accepts a code once, and none of an earlier step', async () => {
    const [before, current] = [codeAt(user.secret, new Date(Date.now() - 30_000)), codeAt(user.secret)];
    expect((await login({ code: current })).status).toBe(200);
    for (const code of [current, before]) expectProblem(await login({ code }), 401, 'wrong-code');
  });

  test('accepts a code once when two logins send it at the same time', async () => {
    const code = codeAt(user.secret);
    const answers = await Promise.all([login({ code }), login({ code }), login({ code })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test('accepts a recovery code once, in any case and without hyphens', async () => {
    const [code = ''] = user.recoveryCodes;
    expect((await login({ code: code.toLowerCase().replaceAll('-', '') })).status).toBe(200);
    expectProblem(await login({ code }), 401, 'wrong-code');
    expect(await eventsOf(db, user)).toContain('recovery-code-used');
    const { body } = await account.ask('GET', '/v1/me', { accessToken: user.accessToken });
    expect(body).toMatchObject({ hasSecondFactor: true, recoveryCodesLeft: 9 });
  });

  test('accepts no code of another user', async () => {
    const other = await protectedUser(db, account);
    const codes = [codeAt(other.secret), ...other.recoveryCodes.slice(0, 1)];
    for (const code of codes) expectProblem(await login({ code }), 401, 'wrong-code');
  });

  test('ignores the code of an account without a second factor', async () => {
    const plain = await userWithPassword(db);
    expect((await login({ email: plain.email, code: '123456' })).status).toBe(200);
  });

  test('rejects a text that is no code before it counts the attempt', async () => {
    const { errors } = expectProblem(await login({ code: 'abc' }), 400, 'invalid-request');
    expect(errors).toEqual([
      { pointer: '#/code', detail: 'must be the six digits of the authenticator app, or a recovery code' },
    ]);
    expect(await failures('pair')).toBe(0);
  });
});

describe('guesses of codes', () => {
  /** Guesses from a new address each time, and returns the delay of the last answer. */
  async function guess(times: number): Promise<number> {
    let delay = 0;
    for (let count = 0; count < times; count += 1) {
      const answer = await login({ code: wrongCode(user.secret), address: `198.51.100.${count}` });
      delay = Number(answer.headers['retry-after'] ?? 0);
    }
    return delay;
  }

  test('are delayed for the account, whatever address they come from', async () => {
    expect(await guess(11)).toBe(0);
    expect(await guess(1)).toBe(30);
    const right = { code: codeAt(user.secret), address: '203.0.113.7' };
    expectProblem(await login(right), 429, 'too-many-attempts');
    wait(30);
    expect((await login({ ...right, code: codeAt(user.secret) })).status).toBe(200);
  });

  test('leave a recovery code to the owner', async () => {
    await guess(12);
    expect((await login({ code: user.recoveryCodes[1] ?? '' })).status).toBe(200);
  });

  test('also count for the address, unlike a login that has yet to send its code', async () => {
    for (let count = 0; count < 8; count += 1) await login();
    expect([await failures('pair'), await failures('code')]).toEqual([0, 0]);
    await login({ code: wrongCode(user.secret) });
    await login();
    expect([await failures('pair'), await failures('code')]).toEqual([1, 1]);
    await login({ code: codeAt(user.secret) });
    expect([await failures('pair'), await failures('code')]).toEqual([0, 0]);
  });
});

test('a change of the password requires the code', async () => {
  const change = (code?: string) =>
    client.ask('POST', '/v1/auth/password', {
      accessToken: user.accessToken,
      body: { currentPassword: PASSWORD, newPassword: 'violet kettle marsh 91', ...(code && { code }) },
    });
  expectProblem(await change(), 401, 'second-factor-required');
  expectProblem(await change(wrongCode(user.secret)), 401, 'wrong-code');
  expect((await change(codeAt(user.secret))).status).toBe(200);
});
