import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Keyring } from '../../../../functions/api/auth/keyring.ts';
import {
  announceKey,
  makeSigningKeys,
  type SigningKeys,
  switchKeys,
} from '../../../../functions/api/auth/signing-keys.ts';
import { Tokens } from '../../../../functions/api/auth/tokens.ts';
import * as secrets from '../../../../functions/shared/secrets.ts';

vi.mock(import('../../../../functions/shared/secrets.ts'), { spy: true });

const subject = {
  userId: '01a2064d-cf1e-7c0b-9190-291d986f647d',
  sessionId: '01a2064d-cf55-75c3-846f-a5f2f4589788',
};
const START = Date.UTC(2026, 2, 1);

let folder: string;
let path: string;
let first: SigningKeys;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  vi.clearAllMocks();
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-keys-'));
  path = join(folder, 'keys.json');
  first = await makeSigningKeys(new Date());
  await write(first);
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const rotate = async (keys: SigningKeys) => switchKeys(await announceKey(keys, new Date()), new Date());
const write = (keys: unknown) => writeFile(path, JSON.stringify(keys));
const container = () => {
  const tokens = new Tokens(new Keyring(pathToFileURL(path).href), 'https://api.test');
  return {
    issue: () => tokens.issue(subject, new Date()),
    verify: (token: string) => tokens.verify(token, new Date()),
    keys: async () => (await tokens.publicKeys()).map(({ kid }) => kid),
  };
};
const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const reads = () => vi.mocked(secrets.readJsonSecret).mock.calls.length;

describe('a key rotation', () => {
  test('keeps tokens of the previous key valid until it is dropped', async () => {
    const one = container();
    const token = await one.issue();
    const second = await rotate(first);
    await write(second);
    wait(301);
    expect(await one.verify(token)).toMatchObject(subject);
    expect(await one.keys()).toEqual([second.current, first.current]);
    await write({ ...second, keys: second.keys.slice(0, 1) });
    wait(301);
    expect(await one.verify(token)).toBeUndefined();
  });

  test('publishes a key before it signs', async () => {
    const one = container();
    const announced = await announceKey(first, new Date());
    await write(announced);
    const token = await one.issue();
    expect(await one.keys()).toEqual(announced.keys.map(({ kid }) => kid));
    const [header = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: first.current });
  });

  test('is noticed by a container that receives a token of the new key', async () => {
    const [signing, verifying] = [container(), container()];
    await verifying.issue();
    await write(await rotate(first));
    const token = await signing.issue();
    wait(61);
    expect(await verifying.verify(token)).toMatchObject(subject);
  });

  test('makes every container sign with the new key within five minutes', async () => {
    const one = container();
    await one.issue();
    const second = await rotate(first);
    await write(second);
    wait(301);
    const [header = ''] = (await one.issue()).split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: second.current });
  });
});

test("reads CloudFront's proof from the same secret", async () => {
  const proof = () => new Keyring(pathToFileURL(path).href).edgeProof();
  expect(await proof()).toBeUndefined();
  const edge = 'CloudFrontShowsThisToTheApi';
  await write({ ...first, edge });
  expect(await proof()).toBe(edge);
  // Without a proof, no request may match.
  await write({ ...first, edge: '' });
  await expect(proof()).rejects.toThrow('malformed: edge');
});

describe('reading the secret', () => {
  test('happens once for concurrent requests', async () => {
    const one = container();
    await Promise.all(Array.from({ length: 20 }, one.issue));
    expect(reads()).toBe(1);
  });

  test('happens at most once a minute for unknown key ids', async () => {
    const one = container();
    const [, ...rest] = (await one.issue()).split('.');
    const made = (kid: number) => {
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: `k${kid}` }));
      return [header.toString('base64url'), ...rest].join('.');
    };
    for (let kid = 0; kid < 50; kid += 1) expect(await one.verify(made(kid))).toBeUndefined();
    expect(reads()).toBe(1);
    wait(61);
    for (let kid = 0; kid < 50; kid += 1) expect(await one.verify(made(kid))).toBeUndefined();
    expect(reads()).toBe(2);
  });

  test('repeats after five minutes and keeps the old keys if it fails', async () => {
    const one = container();
    const token = await one.issue();
    await rm(path);
    wait(301);
    expect(await one.verify(token)).toMatchObject(subject);
    expect(await one.verify(token)).toMatchObject(subject);
    expect(reads()).toBe(2);
  });
});

test.each([
  ['does not exist', undefined],
  ['is empty', {}],
  ['has no keys yet', { keys: [], current: 'x' }],
  ['holds another kind of key', { current: 'a', keys: [{ kid: 'a', publicJwk: { kty: 'RSA' } }] }],
])('names a secret that %s without its values', async (_what, content) => {
  if (content) await write(content);
  else await rm(path);
  await expect(container().issue()).rejects.toThrow(/^secret file:.*keys\.json: /);
});

test('reports a key that is not on the curve without revealing it', async () => {
  const [key] = first.keys;
  const x = Buffer.alloc(32, 7).toString('base64url');
  await write({ ...first, keys: [{ ...key, publicJwk: { ...key?.publicJwk, x } }] });
  await expect(container().issue()).rejects.toThrow('signing keys: one of them is not a P-256 key');
});
