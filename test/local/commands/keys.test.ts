import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Keyring } from '../../../functions/api/auth/keyring.ts';
import { KeyringCipher } from '../../../functions/api/auth/keyring-cipher.ts';
import { SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { Tokens } from '../../../functions/api/auth/tokens.ts';
import { ensureSigningKeys } from '../../../local/installation/local-secrets.ts';
import { type Answer, lastLine, refused, runCommand } from './command-support.ts';

const SUBJECT = {
  userId: '01a2064d-cf1e-7c0b-9190-291d986f647d',
  sessionId: '01a2064d-cf55-75c3-846f-a5f2f4589788',
};
const DAY_MS = 24 * 60 * 60 * 1000;

let dataDir: string;
let path: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-keys-'));
  await mkdir(join(dataDir, 'secrets'));
  path = await ensureSigningKeys(dataDir, true);
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dataDir, { recursive: true });
});

const keys = (args: string[]): Promise<Answer> => runCommand('keys.ts', [...args, '--data-dir', dataDir]);
const stored = async () => SigningKeys.parse(JSON.parse(await readFile(path, 'utf8')));
const wait = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

/** A running service: it reads the keys as the API does, and is never restarted. */
function service() {
  const keyring = new Keyring(pathToFileURL(path).href);
  const tokens = new Tokens(keyring, 'https://api.test');
  const cipher = new KeyringCipher(keyring);
  return {
    issue: () => tokens.issue(SUBJECT, new Date()),
    verify: (token: string) => tokens.verify(token, new Date()),
    kids: async () => (await tokens.publicKeys()).map(({ kid }) => kid),
    encrypt: (text: string) => cipher.encrypt(text, SUBJECT.userId),
    decrypt: async (text: string) => (await cipher.decrypt(text, SUBJECT.userId))?.text,
  };
}

describe('npm run keys -- rotate', () => {
  test('gives a running service a new key, and keeps its tokens valid', async () => {
    const before = await stored();
    const running = service();
    const token = await running.issue();
    const ended = await keys(['rotate', '--json']);
    expect(ended).toMatchObject({ code: 0, error: '' });
    expect(ended.out).toContain('A running service uses the new keys within five minutes');
    const [signs, verifies, encrypts, ...more] = lastLine(ended.out);
    expect(more).toEqual([]);
    expect(signs).toMatchObject({ use: 'signs', until: null });
    expect(verifies).toMatchObject({ id: before.current, use: 'verifies' });
    expect(Math.abs(Date.parse(verifies.until) - Date.now() - DAY_MS)).toBeLessThan(60_000);
    expect(encrypts).toMatchObject({ id: before.encryption?.[0]?.kid, use: 'encrypts' });

    const after = await stored();
    expect(after.current).toBe(signs.id);
    expect(after.keys.map(({ privateJwk }) => privateJwk !== undefined)).toEqual([true, false]);
    expect(after.encryption).toEqual(before.encryption);
    wait(301);
    expect(await running.kids()).toEqual([signs.id, before.current]);
    expect(await running.verify(token)).toMatchObject(SUBJECT);
    const next = await running.issue();
    expect(JSON.parse(Buffer.from(next.split('.')[0] ?? '', 'base64url').toString()).kid).toBe(signs.id);
  });

  test('any number of times keeps every replaced key for a day', async () => {
    for (let count = 0; count < 3; count++) expect((await keys(['rotate'])).code).toBe(0);
    expect((await stored()).keys).toHaveLength(4);
  });

  test('after a leak refuses all earlier tokens, and still decrypts earlier texts', async () => {
    const before = await stored();
    const running = service();
    const [token, text] = [await running.issue(), await running.encrypt('secret of an app')];
    const ended = await keys(['rotate', '--leaked', '--json']);
    expect(lastLine(ended.out).map(({ use }: { use: string }) => use)).toEqual([
      'signs',
      'encrypts',
      'decrypts',
    ]);
    expect(JSON.stringify(await stored())).not.toContain(before.keys[0]?.publicJwk.x);
    wait(301);
    expect(await running.verify(token)).toBeUndefined();
    expect(await running.decrypt(text)).toBe('secret of an app');
    expect(await running.encrypt('x')).not.toBe(text);
  });

  test('shows no secret, and keeps the file unreadable for others', async () => {
    const out = [await keys(['list', '--json']), await keys(['rotate', '--leaked', '--json'])];
    const { keys: signing, encryption = [] } = await stored();
    for (const { d } of signing.flatMap(({ privateJwk }) => privateJwk ?? []))
      for (const ended of out) expect(ended.out).not.toContain(d);
    for (const { key } of encryption) for (const ended of out) expect(ended.out).not.toContain(key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dataDir, 'secrets'))).toEqual(['signing-keys.json']);
  });

  test('by several processes at once loses no key', async () => {
    const before = (await stored()).current;
    const ended = await Promise.all(Array.from({ length: 4 }, () => keys(['rotate'])));
    for (const { code, error } of ended)
      if (code !== 0) expect(error).toMatch(/^boursomatic: .*secrets is in use by process \d+: /);
    const rotated = ended.filter(({ code }) => code === 0).length;
    const after = (await stored()).keys.map(({ kid }) => kid);
    expect(rotated).toBeGreaterThan(0);
    expect(after).toHaveLength(1 + rotated);
    expect(after.at(-1)).toBe(before);
  });
});

test('npm run keys -- list names each key and its use, and changes nothing', async () => {
  const before = await readFile(path, 'utf8');
  const { current, encryption } = await stored();
  const { code, out } = await keys(['list']);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`${current}.* signs `));
  expect(out).toMatch(new RegExp(`${encryption?.[0]?.kid}.* encrypts `));
  expect(await readFile(path, 'utf8')).toBe(before);
});

test.each(['list', 'rotate'])('%s in a folder without keys says so, and makes nothing', async (command) => {
  await rm(join(dataDir, 'secrets'), { recursive: true });
  expect(await keys([command])).toEqual({
    code: 1,
    out: '',
    error: `boursomatic: ${dataDir} has no keys yet: npm start makes them\n`,
  });
  expect(await readdir(dataDir)).toEqual([]);
});

test('rejects a damaged file without its content, and leaves it', async () => {
  await writeFile(path, '{"keys":["a secret"]}');
  const ended = await keys(['rotate']);
  expect(ended.code).toBe(1);
  expect(ended.error).toMatch(/signing-keys\.json is damaged: restore it from a backup, or remove it/);
  expect(ended.error).not.toContain('a secret');
  expect(await readFile(path, 'utf8')).toBe('{"keys":["a secret"]}');
});

test.each([
  [[], 'keys: name a command: list or rotate'],
  [['renew'], 'keys: "renew" is not a command; use list or rotate'],
  [['list', 'all'], 'keys list: unexpected argument "all"'],
  [['list', '--leaked'], '--leaked goes only with rotate'],
])('rejects the arguments %j as bad input', async (args, message) => {
  expect(await keys(args)).toEqual(refused(message));
});
