import { writeFile } from 'node:fs/promises';
import { migrate, migrationStatus, rollback } from '../../functions/migration/migrate.ts';
import { describeSchema, EXPECTED_SCHEMA, verifySchema } from '../../functions/migration/schema.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { withLogin } from '../installation/installation.ts';
import { INSTALLATION_OPTIONS, withInstallation } from '../installation/installation-program.ts';
import { chooseCommand, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

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

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { positionals, values } = readCommandLine({
    allowPositionals: true,
    options: { steps: { type: 'string' }, write: flag, help: flag, ...INSTALLATION_OPTIONS },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const command = chooseCommand('db', COMMANDS, positionals.join(' '));
  const steps = Number(values.steps ?? 1);
  if (!Number.isInteger(steps) || steps < 1)
    throw new BadInputError(`--steps: ${values.steps} is not a whole number above 0`);
  const text = await withInstallation(values, 'boursomatic_sample', (installation) =>
    withLogin(installation, 'migrator', (sql) => command(sql, { steps, write: values.write ?? false })),
  );
  process.stdout.write(text);
}

await exitOnError(main);
