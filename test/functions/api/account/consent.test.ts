import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { CONSENT_TEXT } from '../../../../functions/api/account/consent-text.ts';
import { CONSENT_VERSION } from '../../../../functions/api/account/consent-version.ts';
import { endpoints } from '../../../../functions/api/account/endpoints.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import { ApiClient, expectProblem, signedInUser, type TestUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';

/** The hashes of all texts by version. A changed text needs a new version and a new line here. */
const SHA256: Record<string, string> = {
  '2026-11-23': 'bc48baf98d2499d901bf1a420f331914dd10d8131a9793df256d67edd770103e',
  '2026-11-29': '141348fdcb2d00968d8206429111ed166c9259c7803d59049ecd143eb45bd684',
};

const db = useApi();
const client = new ApiClient(groupHandler('account', endpoints, servicesOnce()), endpoints);
let user: TestUser;
beforeEach(async () => {
  user = await signedInUser(db);
});

const as = ({ accessToken }: { accessToken: string } = user) => ({
  accept: (version = CONSENT_VERSION) =>
    client.ask('POST', '/v1/me/consent', { accessToken, body: { version } }),
  withdraw: () => client.ask('DELETE', '/v1/me/consent', { accessToken }),
  history: async () =>
    (await client.ask<{ items: object[] }>('GET', '/v1/me/consents', { accessToken })).body.items,
  hasConsented: async () => (await client.ask('GET', '/v1/me', { accessToken })).body.hasConsented,
});
const settings = async () => {
  const [row] = await db.sql`
    SELECT risk_consent_accepted AS accepted, risk_consent_accepted_at AS at
    FROM user_settings WHERE user_id = ${user.userId}`;
  return row;
};

describe('GET /v1/consent', () => {
  test('returns the text with its version and hash to anyone', async () => {
    const { status, body, headers } = await client.ask('GET', '/v1/consent');
    expect(status).toBe(200);
    expect(body).toEqual({
      version: CONSENT_VERSION,
      text: CONSENT_TEXT,
      sha256: createHash('sha256').update(CONSENT_TEXT).digest('hex'),
    });
    expect(headers['cache-control']).toBe('public, max-age=300');
  });

  test('never changes the text of a version', () => {
    const sha256 = createHash('sha256').update(CONSENT_TEXT).digest('hex');
    expect(sha256, 'a new text needs a new CONSENT_VERSION').toBe(SHA256[CONSENT_VERSION]);
  });

  test('explains the risks in its text', () => {
    for (const phrase of [
      'information, not advice',
      'lose all the money you invest',
      'often wrong',
      'withdraw',
    ])
      expect(CONSENT_TEXT).toContain(phrase);
  });
});

describe('accepting the risk notice', () => {
  test('records the text and the time, and takes effect at once', async () => {
    const { status, body } = await as().accept();
    expect(status).toBe(200);
    expect(body).toEqual({
      version: CONSENT_VERSION,
      textSha256: SHA256[CONSENT_VERSION],
      acceptedAt: expect.stringMatching(/Z$/),
      withdrawnAt: null,
    });
    expect(await as().hasConsented()).toBe(true);
    expect(await settings()).toEqual({ accepted: true, at: new Date(String(body.acceptedAt)) });
  });

  test('keeps the first acceptance when it is repeated', async () => {
    const first = await as().accept();
    expect((await as().accept()).body).toEqual(first.body);
    expect(await as().history()).toHaveLength(1);
    expect(await settings()).toEqual({ accepted: true, at: new Date(String(first.body.acceptedAt)) });
  });

  test('stores one consent for concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => as().accept()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await as().history()).toHaveLength(1);
  });

  test('refuses an outdated version and names the current one', async () => {
    const problem = expectProblem(await as().accept('2020-01-01'), 409, 'outdated-consent');
    expect(problem.consentVersion).toBe(CONSENT_VERSION);
    expect(await as().hasConsented()).toBe(false);
    expect(await settings()).toEqual({ accepted: false, at: null });
  });

  test.each(['', 'latest', '2026-1-1', 7, null, undefined])('refuses %j as a version', async (version) => {
    const { accessToken } = user;
    const answer = await client.ask('POST', '/v1/me/consent', { accessToken, body: { version } });
    expect(expectProblem(answer, 400, 'invalid-request').errors).toEqual([
      { pointer: '#/version', detail: 'must be a version such as 2026-11-23' },
    ]);
  });

  test('adds the settings row if a user has none', async () => {
    await db.sql`DELETE FROM user_settings WHERE user_id = ${user.userId}`;
    expect((await as().accept()).status).toBe(200);
    expect(await settings()).toMatchObject({ accepted: true });
  });
});

describe('withdrawing a consent', () => {
  test('takes effect at once and keeps the history', async () => {
    await as().accept();
    expect((await as().withdraw()).status).toBe(204);
    expect(await as().hasConsented()).toBe(false);
    expect(await settings()).toEqual({ accepted: false, at: null });
    expect(await as().history()).toEqual([
      expect.objectContaining({ version: CONSENT_VERSION, withdrawnAt: expect.stringMatching(/Z$/) }),
    ]);
  });

  test('changes nothing without a valid consent', async () => {
    expect((await as().withdraw()).status).toBe(204);
    expect(await as().history()).toEqual([]);
  });

  test('allows a new consent afterwards', async () => {
    await as().accept();
    await as().withdraw();
    await as().accept();
    expect(await as().hasConsented()).toBe(true);
    expect(await as().history()).toEqual([
      expect.objectContaining({ withdrawnAt: null }),
      expect.objectContaining({ withdrawnAt: expect.any(String) }),
    ]);
  });

  test("neither withdraws nor shows another user's consent", async () => {
    const stranger = await signedInUser(db, { consented: true });
    await as().accept();
    await as().withdraw();
    expect(await as(stranger).hasConsented()).toBe(true);
    expect(await as(stranger).history()).toHaveLength(1);
  });
});
