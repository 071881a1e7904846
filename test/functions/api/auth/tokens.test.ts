import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeAll, expect, inject, test } from 'vitest';
import { Keyring } from '../../../../functions/api/auth/keyring.ts';
import { ACCESS_TOKEN_SECONDS, Tokens } from '../../../../functions/api/auth/tokens.ts';

const subject = {
  userId: '01a2064d-cf1e-7c0b-9190-291d986f647d',
  sessionId: '01a2064d-cf55-75c3-846f-a5f2f4589788',
};
const at = new Date('2026-03-01T12:00:00.900Z');
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);

let tokens: Tokens;
beforeAll(() => {
  const keys = pathToFileURL(join(inject('dataDir'), 'secrets', 'signing-keys.json')).href;
  tokens = new Tokens(new Keyring(keys), 'https://api.test');
});

test('issues a token with user, session, issuer, audience and lifetime', async () => {
  const token = await tokens.issue(subject, at);
  const keys = createLocalJWKSet({ keys: await tokens.publicKeys() });
  const { payload, protectedHeader } = await jwtVerify(token, keys, { currentDate: at });
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
  expect(payload).toEqual({
    iss: 'https://api.test',
    aud: 'boursomatic',
    sub: subject.userId,
    sid: subject.sessionId,
    iat: 1_772_366_400,
    exp: 1_772_366_400 + ACCESS_TOKEN_SECONDS,
  });
});

test('accepts a token from its first second to its end', async () => {
  const token = await tokens.issue(subject, at);
  expect(await tokens.verify(token, at)).toMatchObject(subject);
  expect(await tokens.verify(token, after(899))).toMatchObject(subject);
  expect(await tokens.verify(token, after(910))).toBeUndefined();
});

test('bounds the cache of verified tokens and still accepts all of them', async () => {
  const first = await tokens.issue(subject, at);
  expect(await tokens.verify(first, at)).toMatchObject(subject);
  for (let count = 0; count < 1_010; count += 1)
    await tokens.verify(await tokens.issue(subject, after(count % 60)), at);
  expect(await tokens.verify(first, at)).toMatchObject(subject);
});
