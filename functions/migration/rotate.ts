import { connect } from '../shared/database.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { DatabaseSecret } from '../shared/secrets.ts';
import { canLogIn } from './logins.ts';

/** The operations of Secrets Manager that a rotation needs. */
export interface Vault {
  /** Reads the text of a version; undefined where there is none. */
  read(stage: 'AWSCURRENT' | 'AWSPENDING', token?: string): Promise<string | undefined>;
  writePending(token: string, text: string): Promise<void>;
  /** Makes the pending version current. */
  finish(token: string): Promise<void>;
  newPassword(): string;
}

export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/**
 * Performs one step of a password rotation. Secrets Manager calls the four steps in order and retries a failed one, so
 * each step can be repeated.
 *
 * @param token - the id of the new version
 * @throws ConfigurationError if a version of the secret is no login of the same user, or its new password is refused
 */
export async function rotateLogin(step: RotationStep, token: string, vault: Vault): Promise<void> {
  switch (step) {
    case 'createSecret': {
      if (await vault.read('AWSPENDING', token)) return;
      const current = await vault.read('AWSCURRENT');
      parseLogin(current);
      // Other fields of the secret stay: RDS and operators add some.
      const fields = JSON.parse(defined(current, 'text of the current version'));
      const text = JSON.stringify({ ...fields, password: vault.newPassword() });
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
        throw new ConfigurationError(`login ${pending.username}: the server refuses the new password`);
      return;
    }
    case 'finishSecret':
      await vault.finish(token);
  }
}

async function setPassword(current: DatabaseSecret, pending: DatabaseSecret): Promise<void> {
  if (pending.username !== current.username || pending.host !== current.host) {
    throw new ConfigurationError(
      `login ${current.username}: the pending version of the secret belongs to another login`,
    );
  }
  const sql = connect(current);
  try {
    // ALTER ROLE takes no parameters; format() quotes both values.
    const [row] = await sql<{ text: string }[]>`
      SELECT format('ALTER ROLE %I PASSWORD %L', current_user::text, ${pending.password}::text) AS text`;
    await sql.unsafe(defined(row, 'ALTER ROLE statement').text);
  } finally {
    await sql.end();
  }
}

function parseLogin(text: string | undefined): DatabaseSecret {
  const parsed = DatabaseSecret.safeParse(text ? JSON.parse(text) : undefined);
  if (!parsed.success) throw new ConfigurationError('rotation: the secret is not a database login');
  return parsed.data;
}
