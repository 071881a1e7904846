import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addEncryptionKey, type EncryptionKeys } from '../../../../functions/api/auth/encryption-keys.ts';
import { Keyring } from '../../../../functions/api/auth/keyring.ts';
import { KeyringCipher } from '../../../../functions/api/auth/keyring-cipher.ts';
import { makeSigningKeys } from '../../../../functions/api/auth/signing-keys.ts';
import { expectProblem } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { accountClient, codeAt, protectedUser } from './second-factor-support.ts';
import { authClient, PASSWORD } from './support.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
const BOB = '00000000-0000-4000-8000-00000000000b';

let folder: string;
let url: string;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-keys-'));
  url = pathToFileURL(join(folder, 'keys.json')).href;
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const store = async (encryption?: EncryptionKeys) => {
  const keys = { ...(await makeSigningKeys(new Date())), encryption };
  await writeFile(new URL(url), JSON.stringify(keys));
};
const cipherOf = () => new KeyringCipher(new Keyring(url));

describe('KeyringCipher', () => {
  test('decrypts its own texts, and encrypts a text differently each time', async () => {
    await store(addEncryptionKey());
    const cipher = cipherOf();
    const [one, other] = [await cipher.encrypt('a secret', ADA), await cipher.encrypt('a secret', ADA)];
    expect(one).not.toBe(other);
    expect(one).not.toContain(Buffer.from('a secret').toString('base64url'));
    expect(decodeProtectedHeader(one)).toMatchObject({ alg: 'dir', enc: 'A256GCM', sub: ADA });
    expect(await cipher.decrypt(one, ADA)).toEqual({ text: 'a secret', isCurrent: true });
  });

  test('decrypts nothing for another owner, even with a forged header', async () => {
    await store(addEncryptionKey());
    const cipher = cipherOf();
    const encrypted = await cipher.encrypt('a secret', ADA);
    expect(await cipher.decrypt(encrypted, BOB)).toBeUndefined();
    const [header = '', ...rest] = encrypted.split('.');
    const forged = Buffer.from(Buffer.from(header, 'base64url').toString().replace(ADA, BOB));
    expect(await cipher.decrypt([forged.toString('base64url'), ...rest].join('.'), BOB)).toBeUndefined();
  });

  test('decrypts no changed text', async () => {
    await store(addEncryptionKey());
    const cipher = cipherOf();
    const parts = (await cipher.encrypt('a secret', ADA)).split('.');
    const bytes = Buffer.from(parts[3] ?? '', 'base64url');
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    parts[3] = bytes.toString('base64url');
    expect(await cipher.decrypt(parts.join('.'), ADA)).toBeUndefined();
  });

  test('decrypts with an older key, encrypts with the newest, and says which needs to be renewed', async () => {
    const first = addEncryptionKey();
    await store(first);
    const old = await cipherOf().encrypt('a secret', ADA);
    await store(addEncryptionKey(first));
    const cipher = cipherOf();
    expect(await cipher.decrypt(old, ADA)).toEqual({ text: 'a secret', isCurrent: false });
    const renewed = await cipher.encrypt('a secret', ADA);
    expect(decodeProtectedHeader(renewed).kid).not.toBe(first[0]?.kid);
    await store(first.slice(0, 1));
    expect(await cipherOf().decrypt(renewed, ADA)).toBeUndefined();
  });

  test('says what to do if there is no key', async () => {
    await store();
    await expect(cipherOf().encrypt('a secret', ADA)).rejects.toThrow(
      'signing keys: their secret has no encryption keys. Invoke the function that renews keys.',
    );
    expect(await cipherOf().decrypt('eyJraWQiOiJ4In0....', ADA)).toBeUndefined();
  });
});

describe('the second factor of a user', () => {
  const db = useApi();
  const login = (email: string, code: string) =>
    authClient().ask('POST', '/v1/auth/login', { body: { email, password: PASSWORD, code } });
  const kid = async () => {
    const [row] = await db.sql<[{ encrypted_secret: string }]>`SELECT encrypted_secret FROM second_factors`;
    return decodeProtectedHeader(row.encrypted_secret).kid;
  };

  beforeEach(async () => {
    vi.stubEnv('SIGNING_KEYS_SECRET', url);
    await db.sql`TRUNCATE users, login_attempts CASCADE`;
  });

  test('survives a new key, and moves to it with the next code', async () => {
    const first = addEncryptionKey();
    await store(first);
    const user = await protectedUser({ ...db, sql: db.sql, signingKeysUrl: url }, accountClient());
    expect(await kid()).toBe(first[0]?.kid);
    const second = addEncryptionKey(first);
    await store(second);
    expect((await login(user.email, codeAt(user.secret))).status).toBe(200);
    expect(await kid()).toBe(second[0]?.kid);
  });

  test('leaves the recovery codes if the key is lost', async () => {
    await store(addEncryptionKey());
    const user = await protectedUser({ ...db, sql: db.sql, signingKeysUrl: url }, accountClient());
    await store(addEncryptionKey());
    const refused = expectProblem(await login(user.email, codeAt(user.secret)), 401, 'wrong-code');
    expect(refused.detail).toContain('Use a recovery code');
    expect((await login(user.email, user.recoveryCodes[0] ?? '')).status).toBe(200);
  });
});
