import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Email } from '../functions/api/auth/fields.ts';
import { isOwnEmail, NewPassword } from '../functions/api/auth/new-password.ts';
import { hashPassword } from '../functions/api/auth/passwords.ts';
import { addUser } from '../functions/api/auth/register.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { setAdmin } from '../functions/operate/admins.ts';
import type { Sql } from '../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../functions/shared/errors.ts';
import { exitOnError } from './exit.ts';
import { openInstallation, withLogin } from './installation.ts';
import { readPassword } from './password-prompt.ts';

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

/** What a command says, and the same as a value. */
interface Answer {
  text: string;
  value: unknown;
}

interface Command {
  takesEmail: boolean;
  run(sql: Sql, email: string, options: { generate: boolean }): Promise<Answer>;
}

interface UserRow {
  email: string;
  is_admin: boolean;
  is_deleted: boolean;
}

const COMMANDS: Record<string, Command> = {
  list: {
    takesEmail: false,
    run: async (sql) => {
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
    },
  },
  create: {
    takesEmail: true,
    run: async (sql, email, { generate }) => {
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
    },
  },
  grant: { takesEmail: true, run: (sql, email) => grant(sql, email, true) },
  revoke: { takesEmail: true, run: (sql, email) => grant(sql, email, false) },
};

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

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { generate: flag, json: flag, database: text, 'data-dir': text, help: flag } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : error;
    throw new BadInputError(`${message} (--help lists the options)`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name = '', ...operands] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new BadInputError(`admin: list, create, grant or revoke, not "${name}"`);
  const email = readEmail(name, command, operands);
  if (values.generate && name !== 'create') throw new BadInputError('--generate goes with create');
  process.env.LOG_LEVEL ??= 'warn';
  const installation = await openInstallation({
    dataDir: resolve(values['data-dir'] ?? '.boursomatic'),
    database: values.database ?? 'boursomatic_sample',
    databaseUrl: process.env.DATABASE_URL,
  });
  try {
    await withLogin(installation, 'migrator', migrate);
    const answer = await withLogin(installation, 'api', (sql) =>
      command.run(sql, email, { generate: values.generate ?? false }),
    );
    process.stdout.write(`${answer.text}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify(answer.value)}\n`);
  } finally {
    await installation.close();
  }
}

/** The e-mail that is given after a command; empty where none is. */
function readEmail(name: string, { takesEmail }: Command, given: string[]): string {
  const extra = given[takesEmail ? 1 : 0];
  if (extra !== undefined) throw new BadInputError(`admin ${name}: "${extra}" is one argument too many`);
  if (!takesEmail) return '';
  if (given[0] === undefined) throw new BadInputError(`admin ${name}: needs an EMAIL`);
  const parsed = Email.safeParse(given[0]);
  if (!parsed.success) throw new BadInputError(`admin ${name}: "${given[0]}" is not an e-mail address`);
  return parsed.data;
}

await exitOnError(main);
