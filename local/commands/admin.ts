import { randomBytes } from 'node:crypto';
import { Email } from '../../functions/api/auth/fields.ts';
import { isOwnEmail, NewPassword } from '../../functions/api/auth/new-password.ts';
import { hashPassword } from '../../functions/api/auth/passwords.ts';
import { addUser } from '../../functions/api/auth/register.ts';
import { setAdmin } from '../../functions/operate/admins.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { type Answer, runProgram, type Work } from '../installation/installation-program.ts';
import { exitOnError } from '../terminal/exit.ts';
import { readPassword } from '../terminal/password-prompt.ts';

const HELP = `Usage: npm run admin -- COMMAND [options]

  list            the users, and who is an administrator
  create EMAIL    make an administrator; the password is asked for, or read from standard input (one line)
  grant EMAIL     make a user an administrator
  revoke EMAIL    make an administrator a user like others

  --generate        with create: make a password up, and print it this once
  --json            end stdout with one JSON value
  --data-dir DIR    where the embedded server's data is (default .boursomatic)
  --database NAME   database of the embedded server (default boursomatic_sample)
  --help            this text

DATABASE_URL names another server. A running npm start is joined, not disturbed: changes count from the next request
on. Pending migrations are applied. Exit 1: refused or failed; 2: bad input.
`;

interface UserRow {
  email: string;
  is_admin: boolean;
  is_deleted: boolean;
}

async function listUsers(sql: Sql): Promise<Answer> {
  const users = await sql<UserRow[]>`SELECT email, is_admin, is_deleted FROM users ORDER BY id`;
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

async function create(sql: Sql, email: string, generate: boolean): Promise<Answer> {
  // Known before the password is asked for, which nobody likes to type in vain.
  const [known] = await sql`SELECT 1 FROM users WHERE email = ${email}`;
  if (known) throw taken(email);
  const password = generate ? randomBytes(18).toString('base64url') : await askPassword(email);
  const added = await addUser(sql, { email, passwordHash: await hashPassword(password), isAdmin: true });
  if (!added) throw taken(email);
  const shown = generate ? `\npassword: ${password}` : '';
  return {
    text: `${email} is an administrator${shown}`,
    value: { email, isAdmin: true, ...(generate && { password }) },
  };
}

async function grant(sql: Sql, email: string, isAdmin: boolean): Promise<Answer> {
  const value = await setAdmin(sql, email, isAdmin);
  return { text: `${email} is ${isAdmin ? 'an administrator' : 'a user like others'}`, value };
}

function taken(email: string): BoursomaticError {
  return new BoursomaticError(
    'user_exists',
    `there is a user ${email} already: grant makes an administrator`,
  );
}

async function askPassword(email: string): Promise<string> {
  const parsed = NewPassword.safeParse(await readPassword(`Password for ${email}: `));
  if (!parsed.success) throw new BadInputError(`the password ${parsed.error.issues[0]?.message}`);
  if (isOwnEmail(parsed.data, email)) throw new BadInputError('the password is the e-mail address');
  return parsed.data;
}

/** What a command does to a user, once the e-mail that is given is known to be one. */
function toUser(
  command: string,
  given: string | undefined,
  work: (sql: Sql, email: string) => Promise<Answer>,
): Work {
  const { success, data: email } = Email.safeParse(given);
  if (!success) throw new BadInputError(`admin ${command}: "${given}" is not an e-mail address`);
  return (sql) => work(sql, email);
}

await exitOnError(() =>
  runProgram({
    name: 'admin',
    help: HELP,
    database: 'boursomatic_sample',
    role: 'api',
    options: { generate: { type: 'boolean', with: 'create' } },
    commands: {
      list: { read: () => listUsers },
      create: {
        needs: 'an EMAIL',
        read: ([given], { generate = false }) =>
          toUser('create', given, (sql, email) => create(sql, email, generate)),
      },
      grant: {
        needs: 'an EMAIL',
        read: ([given]) => toUser('grant', given, (sql, email) => grant(sql, email, true)),
      },
      revoke: {
        needs: 'an EMAIL',
        read: ([given]) => toUser('revoke', given, (sql, email) => grant(sql, email, false)),
      },
    },
  }),
);
