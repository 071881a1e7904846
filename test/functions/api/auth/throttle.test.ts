import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { countAttempt, countCode, countRegistration } from '../../../../functions/api/auth/throttle.ts';
import { ApiError } from '../../../../functions/api/core/problem.ts';
import { EDGE_HEADERS } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { expectProblem, readSigningKeys, type TestUser } from '../api-client.ts';
import { ORIGIN } from '../support.ts';
import { useApi } from '../use-api.ts';
import { authClient, login, PASSWORD, userWithPassword } from './support.ts';

const START = Date.UTC(2026, 2, 2, 8);
const ADA = 'ada@example.com';
const PROOF = 'CloudFrontShowsThisToTheApi';

const db = useApi();
const client = authClient();
let api: Sql;
beforeAll(async () => {
  api = db.client('api');
  const keys = { ...(await readSigningKeys(db)), edge: PROOF };
  await writeFile(fileURLToPath(db.signingKeysUrl), JSON.stringify(keys));
});
beforeEach(async () => {
  await db.sql`TRUNCATE users, login_attempts CASCADE`;
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** Counts an attempt, and returns the delay in seconds if it is refused. */
async function attempt(email: string, address: string): Promise<number | 'counted'> {
  try {
    await countAttempt(api, { email, origin: { ...ORIGIN, address } }, new Date());
    return 'counted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error).toMatchObject({ status: 429, code: 'too-many-attempts' });
    expect(error.members.retryAfter).toBe(Number(error.headers['retry-after']));
    return Number(error.headers['retry-after']);
  }
}

describe('one account from one address', () => {
  test('allows five failures, then doubles the delay up to 15 minutes', async () => {
    for (let count = 0; count < 5; count += 1) expect(await attempt(ADA, 'one')).toBe('counted');
    const waits: number[] = [];
    for (let count = 0; count < 13; count += 1) {
      expect(await attempt(ADA, 'one')).toBe('counted');
      const seconds = Number(await attempt(ADA, 'one'));
      waits.push(seconds);
      wait(seconds - 1);
      expect(await attempt(ADA, 'one')).toBe(1);
      wait(1);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('starts again after a day', async () => {
    for (let count = 0; count < 8; count += 1) {
      await attempt(ADA, 'one');
      wait(10);
    }
    wait(86_401);
    for (let count = 0; count < 5; count += 1) expect(await attempt(ADA, 'one')).toBe('counted');
  });

  test('does not extend the delay for a refused attempt', async () => {
    for (let count = 0; count < 8; count += 1) {
      await attempt(ADA, 'one');
      wait(10);
    }
    expect(await attempt(ADA, 'one')).toBe('counted');
    for (let count = 0; count < 50; count += 1) expect(await attempt(ADA, 'one')).toBe(8);
  });

  test('refuses during a delay without waiting for a lock', async () => {
    for (let count = 0; count < 6; count += 1) await attempt(ADA, 'one');
    const refused = await db.sql.begin(async (tx) => {
      await tx`SELECT FROM login_attempts FOR UPDATE`;
      const late = new Promise((resolve) => setTimeout(resolve, 3_000, 'waited'));
      return Promise.race([attempt(ADA, 'one'), late]);
    });
    expect(refused).toBe(1);
  });

  test('lets no more attempts through when they are concurrent', async () => {
    const attempts = await Promise.all(Array.from({ length: 40 }, () => attempt(ADA, 'one')));
    expect(attempts.filter((result) => result === 'counted')).toHaveLength(6);
  });
});

describe("codes of one account's authenticator app", () => {
  const userId = randomUUID();
  const guess = () => countCode(api, { userId, origin: ORIGIN }, new Date());

  test('allow about a hundred guesses a day', async () => {
    const waits: number[] = [];
    let guesses = 0;
    while (Date.now() < START + 86_400_000) {
      const refused = await guess().catch((error: unknown) => error);
      if (refused instanceof ApiError) {
        waits.push(Number(refused.members.retryAfter));
        wait(Number(refused.members.retryAfter));
      } else guesses += 1;
    }
    expect(waits.slice(0, 8)).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(guesses).toBeGreaterThan(90);
    expect(guesses).toBeLessThan(125);
  });
});

describe('security events', () => {
  const recorded = () => db.sql`SELECT type, user_id FROM security_events ORDER BY occurred_at, id`;

  test('record the first refusal of each delay, however many follow', async () => {
    const { userId } = await userWithPassword(db, { email: ADA });
    for (let count = 0; count < 6; count += 1) await attempt(ADA, 'one');
    expect(await recorded()).toEqual([]);
    for (let count = 0; count < 20; count += 1) await attempt(ADA, 'one');
    expect(await recorded()).toEqual([{ type: 'login-throttled', user_id: userId }]);
    wait(1);
    expect(await attempt(ADA, 'one')).toBe('counted');
    for (let count = 0; count < 20; count += 1) await attempt(ADA, 'one');
    expect(await recorded()).toHaveLength(2);
  });

  test('record one refusal of concurrent ones', async () => {
    for (let count = 0; count < 6; count += 1) await attempt(ADA, 'one');
    await Promise.all(Array.from({ length: 20 }, () => attempt(ADA, 'one')));
    expect(await recorded()).toEqual([{ type: 'login-throttled', user_id: null }]);
  });

  test('of a flood are bounded by the attempts that the throttle counts', async () => {
    await userWithPassword(db, { email: ADA });
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        Array.from({ length: 10 }, () => login(client, ADA, { password: 'not the right one' })),
      );
    expect((await recorded()).length).toBeLessThanOrEqual(6 + 1);
  });

  test('of many addresses that guess codes of one account are one for each delay', async () => {
    const { userId } = await userWithPassword(db, { email: ADA });
    for (let count = 0; count < 30; count += 1)
      await countCode(api, { userId, origin: { ...ORIGIN, address: `192.0.2.${count}` } }, new Date()).catch(
        () => {},
      );
    expect(await recorded()).toEqual([{ type: 'login-throttled', user_id: userId }]);
  });
});

describe('a stranger', () => {
  test('does not delay the owner of an account at another address', async () => {
    for (let count = 0; count < 40; count += 1) await attempt(ADA, 'stranger');
    expect(await attempt(ADA, 'one')).toBe('counted');
    expect(await attempt('bob@example.com', 'one')).toBe('counted');
  });

  test('is delayed by address after trying many accounts', async () => {
    for (let count = 0; count < 31; count += 1)
      expect(await attempt(`user${count}@x.test`, 'one')).toBe('counted');
    expect(await attempt('another@x.test', 'one')).toBe(1);
    wait(1);
    expect(await attempt('another@x.test', 'one')).toBe('counted');
    expect(await attempt('yet-another@x.test', 'one')).toBe(2);
    wait(3_602);
    expect(await attempt('yet-another@x.test', 'one')).toBe('counted');
  });

  test('delays an account by at most a few seconds with many addresses', async () => {
    for (let count = 0; count < 101; count += 1)
      expect(await attempt(ADA, `address${count}`)).toBe('counted');
    expect(await attempt(ADA, 'yet another')).toBe(5);
    for (let count = 0; count < 20; count += 1) {
      wait(5);
      expect(await attempt(ADA, `late${count}`)).toBe('counted');
      expect(await attempt(ADA, `late${count}`)).toBe(5);
    }
  });
});

describe('a login', () => {
  let user: TestUser;
  beforeEach(async () => {
    user = await userWithPassword(db, { email: ADA });
  });
  const right = (address?: string) => login(client, user.email, address ? { address } : {});
  const wrong = (address?: string) =>
    login(client, user.email, { password: 'not the right one', ...(address && { address }) });

  test('is delayed after some wrong passwords, even with the right one, and returns the delay', async () => {
    for (let count = 0; count < 6; count += 1) expect((await wrong()).status).toBe(401);
    const refused = await right();
    expect(expectProblem(refused, 429, 'too-many-attempts')).toMatchObject({
      detail: 'There were too many attempts. Try again in 1 second.',
      retryAfter: 1,
    });
    expect(refused.headers['retry-after']).toBe('1');
    wait(1);
    expect((await right()).status).toBe(200);
  });

  test('is delayed in the same way for an unknown account', async () => {
    const nobody = () => login(client, 'nobody@example.com', { password: 'not the right one' });
    for (let count = 0; count < 6; count += 1) expect((await nobody()).status).toBe(401);
    expectProblem(await nobody(), 429, 'too-many-attempts');
  });

  test('resets the counter with the right password', async () => {
    for (let count = 0; count < 5; count += 1) await wrong();
    expect((await right()).status).toBe(200);
    for (let count = 0; count < 5; count += 1) expect((await wrong()).status).toBe(401);
    expect((await right()).status).toBe(200);
  });

  test("removes only its own attempt from the address's counter", async () => {
    for (let count = 0; count < 29; count += 1) await attempt(`user${count}@x.test`, '192.0.2.1');
    expect((await right()).status).toBe(200);
    const [row] = await db.sql`SELECT failures FROM login_attempts WHERE kind = 'address'`;
    expect(row?.failures).toBe(29);
  });

  test('is not delayed by strangers at a familiar address', async () => {
    expect((await right('192.0.2.7')).status).toBe(200);
    for (let count = 0; count < 120; count += 1) {
      if (count > 100) wait(5);
      await attempt(user.email, `address${count}`);
    }
    expectProblem(await right('192.0.2.8'), 429, 'too-many-attempts');
    for (let count = 0; count < 3; count += 1) expect((await right('192.0.2.7')).status).toBe(200);
    expect((await wrong('192.0.2.7')).status).toBe(401);
    expect((await right('192.0.2.7')).status).toBe(200);
  });

  test('shares the counter of its IPv6 network', async () => {
    for (let count = 0; count < 6; count += 1) await wrong(`2001:db8:1:2::${count + 1}`);
    expectProblem(await right('2001:db8:1:2:ffff::1'), 429, 'too-many-attempts');
    expect((await right('2001:db8:1:3::1')).status).toBe(200);
  });

  describe('through CloudFront', () => {
    const through = (viewer: string, password: string, proof = PROOF) =>
      login(client, user.email, {
        password,
        address: '130.176.0.1',
        headers: { [EDGE_HEADERS.proof]: proof, [EDGE_HEADERS.viewer]: viewer },
      });

    test("is delayed by the viewer's address alone", async () => {
      for (let count = 0; count < 6; count += 1)
        expect((await through('192.0.2.7', 'not the right one')).status).toBe(401);
      expectProblem(await through('192.0.2.7', PASSWORD), 429, 'too-many-attempts');
      expect((await through('192.0.2.8', PASSWORD)).status).toBe(200);
    });

    test("is delayed by the source address without CloudFront's proof", async () => {
      for (let count = 0; count < 6; count += 1)
        expect((await through(`192.0.2.${count}`, 'not the right one', 'a guess of mine')).status).toBe(401);
      expectProblem(await through('192.0.2.8', PASSWORD, 'a guess of mine'), 429, 'too-many-attempts');
    });
  });
});

describe('stored counters', () => {
  test('contain neither an address nor an account', async () => {
    await attempt(ADA, '192.0.2.1');
    const rows = await db.sql`SELECT a::text AS row FROM login_attempts a`;
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/ada|example|192\.0/);
  });

  test('are deleted a few at a time, except for familiar addresses', async () => {
    await userWithPassword(db, { email: ADA });
    expect((await login(client, ADA)).status).toBe(200);
    for (let count = 0; count < 10; count += 1) await attempt(`user${count}@x.test`, `address${count}`);
    const kept = async () => Number((await db.sql`SELECT count(*) AS n FROM login_attempts`)[0]?.n);
    const before = await kept();
    wait(86_401);
    await attempt('new@x.test', 'new');
    expect(await kept()).toBe(before + 3 - 10);
    for (let count = 0; count < 5; count += 1) await attempt('new@x.test', 'new');
    expect(await db.sql`SELECT 1 FROM login_attempts WHERE succeeded_at IS NOT NULL`).toHaveLength(1);
    expect(await kept()).toBe(1 + 3);
    wait(90 * 86_400);
    await attempt('new@x.test', 'new');
    expect(await db.sql`SELECT 1 FROM login_attempts WHERE succeeded_at IS NOT NULL`).toEqual([]);
  });
});

test('delays registrations of an address after fifty', async () => {
  for (let count = 0; count < 51; count += 1) await countRegistration(api, 'one', new Date());
  await expect(countRegistration(api, 'one', new Date())).rejects.toMatchObject({ status: 429 });
  await countRegistration(api, 'another', new Date());
  const answer = await client.ask('POST', '/v1/auth/register', {
    address: 'one',
    body: { email: ADA, password: 'correct horse battery' },
  });
  expectProblem(answer, 429, 'too-many-attempts');
  expect(await db.sql`SELECT 1 FROM users`).toEqual([]);
});
