import { connect } from '../shared/database.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { DatabaseSecret } from '../shared/secrets.ts';
import { canLogIn } from './logins.ts';

/** What a rotation needs of Secrets Manager. */
export interface Vault {
  /** The text of a version; undefined where there is none. */
  read(stage: 'AWSCURRENT' | 'AWSPENDING', token?: string): Promise<string | undefined>;
  writePending(token: string, text: string): Promise<void>;
  /** Makes the pending version the current one. */
  finish(token: string): Promise<void>;
  newPassword(): string;
}

export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/**
 * One step of giving a login a new password. Secrets Manager asks for the four in their order, and for any of them
 * again if it failed: each finds what has been done already.
 *
 * @param token - the version that is being made
 */
export async function rotateLogin(step: RotationStep, token: string, vault: Vault): Promise<void> {
  switch (step) {
    case 'createSecret': {
      if (await vault.read('AWSPENDING', token)) return;
      const current = await vault.read('AWSCURRENT');
      parseLogin(current);
      // What else the secret holds stays: RDS and operators add fields of their own.
      const text = JSON.stringify({ ...JSON.parse(current ?? ''), password: vault.newPassword() });
      await vault.writePending(token, text);
      return;
    }
    case 'setSecret': {
      const pending = parseLogin(await vault.read('AWSPENDING', token));
      if (await canLogIn(pending)) return;
      const current = parseLogin(await vault.read('AWSCURRENT'));
      await setPassword(current, pending);
      return;
    }
    case 'testSecret': {
      const pending = parseLogin(await vault.read('AWSPENDING', token));
      if (!(await canLogIn(pending)))
        throw new ConfigurationError(`login ${pending.username}: the new password is refused`);
      return;
    }
    case 'finishSecret':
      await vault.finish(token);
  }
}

async function setPassword(current: DatabaseSecret, pending: DatabaseSecret): Promise<void> {
  if (pending.username !== current.username || pending.host !== current.host) {
    throw new ConfigurationError(`login ${current.username}: the pending version is of another login`);
  }
  const sql = connect(current);
  try {
    // ALTER ROLE takes no parameters; format() quotes both values.
    const [row] = await sql<{ text: string }[]>`
      SELECT format('ALTER ROLE %I PASSWORD %L', current_user::text, ${pending.password}::text) AS text`;
    await sql.unsafe(row?.text ?? '');
  } finally {
    await sql.end();
  }
}

function parseLogin(text: string | undefined): DatabaseSecret {
  const parsed = DatabaseSecret.safeParse(text ? JSON.parse(text) : undefined);
  if (!parsed.success) throw new ConfigurationError('rotation: the secret is no database login');
  return parsed.data;
}
