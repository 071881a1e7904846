import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, migrationStatus, rollback } from '../functions/migration/migrate.ts';
import { describeSchema, EXPECTED_SCHEMA, verifySchema } from '../functions/migration/schema.ts';
import { DATABASE_ROLES } from '../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../functions/shared/errors.ts';
import { exitOnError } from './exit.ts';
import { openInstallation } from './installation.ts';

const HELP = `Usage: npm run db:migrate | db:rollback | db:status | db:verify [-- options]

  db:migrate     apply every pending migration, all or none
  db:rollback    take the newest migration back (--steps N for more); tables it made lose their rows
  db:status      list the migrations and which are applied
  db:verify      compare tables, indexes, constraints and grants with sql/schema.txt (--write writes that file)

  --database NAME   database of the embedded server (default boursomatic_sample)
  --data-dir DIR    where the embedded server's data is (default .boursomatic)

DATABASE_URL names another server. A running npm start is joined, not disturbed.
`;

type Command = (sql: Sql, options: { steps: number; write: boolean }) => Promise<string>;

const COMMANDS: Record<string, Command> = {
  migrate: async (sql) => listed('applied', await migrate(sql)) || 'nothing to apply\n',
  rollback: async (sql, { steps }) => listed('taken back', await rollback(sql, steps)),
  status: async (sql) =>
    (await migrationStatus(sql))
      .map(({ version, name, applied }) => `${applied ? 'applied' : 'pending'}  ${version}  ${name}\n`)
      .join(''),
  verify: async (sql, { write }) => {
    if (write) await writeFile(EXPECTED_SCHEMA, `${(await describeSchema(sql)).join('\n')}\n`);
    const { missing, unexpected } = await verifySchema(sql);
    if (missing.length + unexpected.length === 0)
      return `the schema is as expected (${(await describeSchema(sql)).length} facts)\n`;
    process.stdout.write(missing.map((line) => `missing     ${line}\n`).join(''));
    process.stdout.write(unexpected.map((line) => `unexpected  ${line}\n`).join(''));
    throw new BoursomaticError(
      'schema',
      `the schema differs: ${missing.length} missing, ${unexpected.length} unexpected`,
    );
  },
};

function listed(what: string, names: string[]): string {
  return names.map((name) => `${what}  ${name}\n`).join('');
}

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { steps: text, write: flag, database: text, 'data-dir': text, help: flag },
    });
  } catch (error) {
    throw new BadInputError(`${error instanceof Error ? error.message : error} (--help lists the options)`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const name = positionals[0] ?? '';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || positionals.length > 1)
    throw new BadInputError(`db: migrate, rollback, status or verify, not "${positionals.join(' ')}"`);
  const steps = Number(values.steps ?? 1);
  if (!Number.isInteger(steps) || steps < 1)
    throw new BadInputError(`--steps: ${values.steps} is not a whole number above 0`);
  const installation = await openInstallation({
    dataDir: resolve(values['data-dir'] ?? '.boursomatic'),
    database: values.database ?? 'boursomatic_sample',
    databaseUrl: process.env.DATABASE_URL,
  });
  const sql = connect(installation.login(DATABASE_ROLES.migrator));
  try {
    process.stdout.write(await reachingDatabase(() => command(sql, { steps, write: values.write ?? false })));
  } finally {
    await sql.end();
    await installation.close();
  }
}

await exitOnError(main);
