import { Email } from '../../functions/api/auth/fields.ts';
import { NewPassword, weaknessOfNew } from '../../functions/api/auth/new-password.ts';
import { makeOneTimePassword, type OneTimePassword } from '../../functions/api/auth/one-time-password.ts';
import { hashPassword } from '../../functions/api/auth/passwords.ts';
import { addUser } from '../../functions/api/auth/register.ts';
import { recordSecurityEvent } from '../../functions/api/core/security-events.ts';
import { setAdmin } from '../../functions/operate/admins.ts';
import { resetPassword } from '../../functions/operate/passwords.ts';
import { removeSecondFactorOf } from '../../functions/operate/second-factors.ts';
import { wallClock } from '../../functions/shared/clock.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import { type Answer, runProgram, type Work } from '../installation/subcommands.ts';
import { exitOnError } from '../terminal/exit.ts';
import { readPassword } from '../terminal/password-prompt.ts';
import { askYesNo } from '../terminal/yes-no.ts';

const HELP = `Usage: npm run admin -- COMMAND [options]

  list            list the users, each with the role admin or user
  create EMAIL    create an administrator; prompts for the password, or reads it from standard input (one line).
                  At a terminal, it offers to make an existing user an administrator
  grant EMAIL     make a user an administrator
  revoke EMAIL    make an administrator an ordinary user
  remove-second-factor EMAIL
                  let a user log in with the password alone, after losing the authenticator app
  reset-password EMAIL
                  print a one-time password for a user who forgot theirs, end all their sessions and revoke
                  their API keys

  --generate        with create: print a one-time password instead of prompting
  --promote         with create: make an existing user an administrator, who keeps the password
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

A one-time password works for 24 hours, and the first login must replace it.
Set DATABASE_URL to use another server. Pending migrations are applied first. The command works while npm start
runs; a change applies from the next request. Exit codes: 1 refused or failed, 2 bad input.
`;

interface UserRow {
  email: string;
  is_admin: boolean;
  is_deleted: boolean;
}

async function listUsers(sql: Sql): Promise<Answer> {
  const users = await sql<
    UserRow[]
  >`SELECT email, is_admin, is_deleted FROM users WHERE NOT is_erased ORDER BY id`;
  const lines = users.map(
    ({ email, is_admin, is_deleted }) =>
      `${is_admin ? 'admin' : 'user '}  ${email}${is_deleted ? '  (deleted)' : ''}`,
  );
  const value = users.map((user) => ({
    email: user.email,
    isAdmin: user.is_admin,
    isDeleted: user.is_deleted,
  }));
  return { text: lines.join('\n') || 'there are no users', value };
}

/** How `create` treats a password and an existing user. */
interface Creation {
  generate: boolean;
  promote: boolean;
}

async function create(sql: Sql, email: string, { generate, promote }: Creation): Promise<Answer> {
  // Check before the prompt, so that nobody types a password for nothing.
  const [known] = await sql<KnownUser[]>`
    SELECT email, is_admin, is_deleted, created_at FROM users WHERE email = ${email}`;
  if (known) return promoteKnown(sql, known, promote);
  const made = generate ? makeOneTimePassword(wallClock()) : undefined;
  const passwordHash = await hashPassword(made?.password ?? (await askPassword(email)));
  await sql.begin(async (tx) => {
    const userId = await addUser(tx, {
      email,
      passwordHash,
      passwordExpiresAt: made?.passwordExpiresAt ?? null,
      isAdmin: true,
    });
    if (userId === undefined) throw refused(`${email} has just registered an account: repeat the command`);
    for (const type of ['registered', 'admin-granted'] as const)
      await recordSecurityEvent(tx, { type, userId, origin: null, detail: { by: 'operator' } });
  });
  const shown = made ? `\n${describePassword(made)}` : '';
  return {
    text: `${email} is an administrator${shown}`,
    value: { email, isAdmin: true, ...made },
  };
}

async function removeFactor(sql: Sql, email: string): Promise<Answer> {
  const value = await removeSecondFactorOf(sql, email);
  return { text: `${email} has no second factor; the password suffices to log in`, value };
}

async function reset(sql: Sql, email: string): Promise<Answer> {
  const value = await resetPassword(sql, email);
  return {
    text: `${email} is signed out everywhere, and all API keys are revoked\n${describePassword(value)}`,
    value,
  };
}

function describePassword({ password, passwordExpiresAt }: OneTimePassword): string {
  return `password: ${password}\nIt expires at ${passwordExpiresAt.toISOString()}. The first login must replace it.`;
}

async function grant(sql: Sql, email: string, isAdmin: boolean): Promise<Answer> {
  const value = await setAdmin(sql, email, isAdmin);
  return { text: `${email} is ${isAdmin ? 'an administrator' : 'an ordinary user'}`, value };
}

interface KnownUser extends UserRow {
  created_at: Date;
}

/** Makes an existing user an administrator: with `--promote`, or if the operator says so at the terminal. */
async function promoteKnown(
  sql: Sql,
  { email, is_admin, is_deleted, created_at }: KnownUser,
  promote: boolean,
): Promise<Answer> {
  if (is_deleted)
    throw refused(`the account ${email} is deleted: an administrator can restore it on the page for 30 days`);
  if (is_admin && !promote)
    throw refused(`${email} is an administrator already: use reset-password if the password is forgotten`);
  // Addresses are not verified, so another person may have registered this one.
  const known = `${email} already has an account, registered on ${created_at.toISOString().slice(0, 10)}`;
  const agreed =
    promote || (await askYesNo(`${known}. Make it an administrator, with its present password?`));
  if (agreed === undefined)
    throw refused(
      `${known}: to make it an administrator, with its present password, run npm run admin -- ${grantCommand()}`,
    );
  if (!agreed) throw refused(`${email} stays an ordinary user`);
  const { value } = await grant(sql, email, true);
  return { text: `${email} is an administrator, with the present password`, value };
}

/** The arguments of this `create` as those of `grant`, for a shell. */
function grantCommand(): string {
  const [, , ...typed] = process.argv;
  return typed
    .filter((argument) => !['--generate', '--promote', '--json'].includes(argument))
    .map((argument) => (argument === 'create' ? 'grant' : argument))
    .map((argument) =>
      /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`,
    )
    .join(' ');
}

function refused(message: string): BoursomaticError {
  return new BoursomaticError('user_exists', message);
}

async function askPassword(email: string): Promise<string> {
  const parsed = NewPassword.safeParse(await readPassword(`Password for ${email}: `));
  if (!parsed.success) throw new BadInputError(`the password ${parsed.error.issues[0]?.message}`);
  const weakness = await weaknessOfNew(parsed.data, email);
  if (weakness !== undefined) throw new BadInputError(`the password ${weakness}`);
  return parsed.data;
}

/** Checks the e-mail address, and binds a command's work to it. */
function forUser(
  command: string,
  operand: string | undefined,
  work: (sql: Sql, email: string) => Promise<Answer>,
): Work {
  const { success, data: email } = Email.safeParse(operand);
  if (!success) throw new BadInputError(`admin ${command}: "${operand}" is not an e-mail address`);
  return (sql) => work(sql, email);
}

await exitOnError(() =>
  runProgram({
    name: 'admin',
    help: HELP,
    role: 'api',
    options: {
      generate: { type: 'boolean', with: 'create' },
      promote: { type: 'boolean', with: 'create' },
    },
    commands: {
      list: { read: () => listUsers },
      create: {
        use: 'create',
        needs: 'an EMAIL',
        read: ([operand], { generate = false, promote = false }) =>
          forUser('create', operand, (sql, email) => create(sql, email, { generate, promote })),
      },
      grant: {
        needs: 'an EMAIL',
        read: ([operand]) => forUser('grant', operand, (sql, email) => grant(sql, email, true)),
      },
      revoke: {
        needs: 'an EMAIL',
        read: ([operand]) => forUser('revoke', operand, (sql, email) => grant(sql, email, false)),
      },
      'remove-second-factor': {
        needs: 'an EMAIL',
        read: ([operand]) => forUser('remove-second-factor', operand, removeFactor),
      },
      'reset-password': {
        needs: 'an EMAIL',
        read: ([operand]) => forUser('reset-password', operand, reset),
      },
    },
  }),
);
