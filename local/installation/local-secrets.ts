import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { addEncryptionKey } from '../../functions/api/auth/encryption-keys.ts';
import { makeSigningKeys, SigningKeys } from '../../functions/api/auth/signing-keys.ts';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { createDurably, replaceDurably } from '../../functions/shared/durable-files.ts';
import { BoursomaticError, ConfigurationError } from '../../functions/shared/errors.ts';
import { lockFolder } from './folder-lock.ts';

/** Logins of the embedded server: its superuser and the project's roles. */
const LOGIN_NAMES = ['postgres', ...Object.values(DATABASE_ROLES)] as const;

const SIGNING_KEYS = 'signing-keys.json';

const Passwords = z.record(z.enum(LOGIN_NAMES), z.string());
export type Passwords = z.output<typeof Passwords>;

/**
 * Reads the passwords of a data folder's logins; the first call generates them.
 *
 * @throws ConfigurationError if the file is damaged; the message says what to do
 */
export async function readPasswords(dataDir: string): Promise<Passwords> {
  const generated = Object.fromEntries(
    LOGIN_NAMES.map((name) => [name, randomBytes(24).toString('base64url')]),
  );
  const path = await ensureSecret(dataDir, 'passwords.json', async () => generated);
  return parseSecret(path, Passwords, 'remove it: the next start sets new passwords and keeps all data');
}

/**
 * The names by which a data folder logs in to a database of a given server, where other folders have logins too. The
 * first call makes the folder's id.
 *
 * @throws ConfigurationError if the file of the id is damaged; the message says what to do
 */
export async function readLoginNames(dataDir: string, database: string): Promise<Record<RoleName, string>> {
  const path = await ensureSecret(dataDir, 'login-id.json', async () => ({
    id: randomBytes(16).toString('hex'),
  }));
  const { id } = await parseSecret(
    path,
    z.object({ id: z.string().min(1) }),
    'remove it: the next start makes new logins and keeps all data',
  );
  // The name of each database is part of its logins, so that those of one cannot connect to another.
  const suffix = createHash('sha256').update(`${id} ${database}`).digest('hex').slice(0, 8);
  return Object.fromEntries(
    Object.values(DATABASE_ROLES).map((role) => [role, `${role}_${suffix}`]),
  ) as Record<RoleName, string>;
}

/**
 * Makes sure that a data folder has keys that sign access tokens, and one that encrypts secrets in the database. If
 * several processes make them at once, all use those of the first.
 *
 * @param owner - whether this process owns the folder; only the owner adds an encryption key to a file that has none
 * @returns the path of the file
 * @throws ConfigurationError if the file is damaged; the message says what to do
 */
export async function ensureSigningKeys(dataDir: string, owner: boolean): Promise<string> {
  const path = await ensureSecret(dataDir, SIGNING_KEYS, async () => ({
    ...(await makeSigningKeys(new Date())),
    encryption: addEncryptionKey(),
  }));
  const keys = await parseSigningKeys(path);
  if (owner && !keys.encryption)
    await replaceFile(path, JSON.stringify({ ...keys, encryption: addEncryptionKey() }));
  return path;
}

/**
 * Reads the keys of a data folder that sign access tokens and encrypt secrets in the database.
 *
 * @throws BoursomaticError (`no_keys`) if the folder has none yet
 * @throws ConfigurationError if the file is damaged; the message says what to do
 */
export async function readSigningKeys(dataDir: string): Promise<SigningKeys> {
  const path = secretPath(dataDir, SIGNING_KEYS);
  if (!(await stat(path).catch(() => undefined)))
    throw new BoursomaticError('no_keys', `${dataDir} has no keys yet: npm start makes them`);
  return parseSigningKeys(path);
}

/** Changes the keys of a data folder. Of several processes that change them at once, all but one are refused. */
export async function changeSigningKeys(
  dataDir: string,
  change: (keys: SigningKeys) => Promise<SigningKeys>,
): Promise<SigningKeys> {
  // The order matters: a folder without keys must not get a lock.
  await readSigningKeys(dataDir);
  const unlock = await lockFolder(join(dataDir, 'secrets'));
  try {
    const changed = await change(await readSigningKeys(dataDir));
    await replaceFile(secretPath(dataDir, SIGNING_KEYS), JSON.stringify(changed));
    return changed;
  } finally {
    await unlock();
  }
}

function parseSigningKeys(path: string): Promise<SigningKeys> {
  return parseSecret(
    path,
    SigningKeys,
    'remove it: the next start makes new keys, users must sign in again, and those with a second factor need a recovery code',
  );
}

function secretPath(dataDir: string, name: string): string {
  return join(dataDir, 'secrets', name);
}

/** Writes a file durably that only this user can read. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replaceDurably(path, { body: text, mode: 0o600 });
}

/** Removes incomplete small files that killed processes left in a data folder. */
export async function removePartialFiles(dataDir: string): Promise<void> {
  for (const folder of [dataDir, join(dataDir, 'secrets')]) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (/\.[0-9a-f]{12}(\.partial)?$/.test(name) && Date.now() - (await modified(path)) > WRITING_MS)
        await rm(path, { force: true });
    }
  }
}

/** No process takes longer to write such a file. */
const WRITING_MS = 10_000;

async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
}

async function ensureSecret(dataDir: string, name: string, make: () => Promise<unknown>): Promise<string> {
  const path = secretPath(dataDir, name);
  if (await stat(path).catch(() => undefined)) return path;
  await createDurably(path, { body: JSON.stringify(await make()), mode: 0o600 });
  return path;
}

async function parseSecret<T>(path: string, schema: z.ZodType<T>, remedy: string): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // The errors of JSON and zod repeat their input, and so the secret: neither is passed on.
    throw new ConfigurationError(`${path} is damaged: restore it from a backup, or ${remedy}`);
  }
}
