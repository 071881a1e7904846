import { randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeSigningKeys } from '../../functions/api/auth/signing-keys.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';

/** Logins of the embedded server: its superuser and the project's roles. */
const LOGIN_NAMES = ['postgres', ...Object.values(DATABASE_ROLES)] as const;

const Passwords = z.record(z.enum(LOGIN_NAMES), z.string());
export type Passwords = z.output<typeof Passwords>;

/** Reads the passwords of a data folder's logins; the first call generates them. */
export async function readPasswords(dataDir: string): Promise<Passwords> {
  const path = join(dataDir, 'secrets', 'passwords.json');
  const stored = await readFile(path, 'utf8').catch(() => undefined);
  if (stored) return Passwords.parse(JSON.parse(stored));
  const generated = Passwords.parse(
    Object.fromEntries(LOGIN_NAMES.map((name) => [name, randomBytes(24).toString('base64url')])),
  );
  await writeFile(path, JSON.stringify(generated), { mode: 0o600 });
  return generated;
}

/**
 * Makes sure that a data folder has keys that sign access tokens. If several processes make them at once, all use
 * those of the first.
 *
 * @returns the path of the file
 */
export async function ensureSigningKeys(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secrets', 'signing-keys.json');
  const stored = await stat(path).catch(() => undefined);
  if (stored) return path;
  const keys = JSON.stringify(await makeSigningKeys(new Date()));
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(partial, keys, { mode: 0o600 });
  // A link, unlike a rename, fails if the file exists, and readers never see half a file.
  await link(partial, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(partial);
  return path;
}
