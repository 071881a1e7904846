import { writeFile } from 'node:fs/promises';
import { migrationStatus, rollback } from '../../functions/migration/migrate.ts';
import { describeSchema, EXPECTED_SCHEMA, verifySchema } from '../../functions/migration/schema.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { upgradeDatabase } from '../backup/upgrade.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import type { Installation } from '../installation/installation.ts';
import { type Answer, runProgram } from '../installation/subcommands.ts';
import { exitOnError, warn } from '../terminal/exit.ts';

const HELP = `Usage: npm run db:migrate | db:rollback | db:status | db:verify [-- options]

  db:migrate     apply every pending migration, all or none; a database in use is backed up first
  db:rollback    undo the newest migration; the rows of tables that it created are lost
  db:status      list the migrations, each applied or pending
  db:verify      compare tables, indexes, constraints and grants with sql/schema.txt

  --no-backup       with db:migrate: migrate without a backup
  --steps N         with db:rollback: undo the newest N migrations (default 1)
  --write           with db:verify: write sql/schema.txt first
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. The command works while npm start runs.
`;

function listed(verb: string, names: string[]): Answer {
  return { text: names.map((name) => `${verb}  ${name}`).join('\n'), value: names };
}

async function applyPending(installation: Installation, backup: boolean): Promise<Answer> {
  const names = await upgradeDatabase(installation, { say: warn, backup });
  return names.length > 0 ? listed('applied', names) : { text: 'no pending migrations', value: [] };
}

async function status(sql: Sql): Promise<Answer> {
  const migrations = await migrationStatus(sql);
  const lines = migrations.map(
    ({ version, name, applied }) => `${applied ? 'applied' : 'pending'}  ${version}  ${name}`,
  );
  return { text: lines.join('\n'), value: migrations };
}

async function verify(sql: Sql, { write = false }: { write?: boolean }): Promise<Answer> {
  if (write) await writeFile(EXPECTED_SCHEMA, `${(await describeSchema(sql)).join('\n')}\n`);
  const { missing, unexpected } = await verifySchema(sql);
  if (missing.length + unexpected.length > 0) {
    process.stdout.write(missing.map((line) => `missing     ${line}\n`).join(''));
    process.stdout.write(unexpected.map((line) => `unexpected  ${line}\n`).join(''));
    throw new BoursomaticError(
      'schema',
      `the database differs from sql/schema.txt: ${missing.length} missing, ${unexpected.length} unexpected`,
    );
  }
  const entries = (await describeSchema(sql)).length;
  return { text: `the database matches sql/schema.txt (${entries} entries)`, value: { entries } };
}

function readSteps(text = '1'): number {
  const steps = Number(text);
  if (!Number.isInteger(steps) || steps < 1)
    throw new BadInputError(`--steps ${text} is not a whole number above 0`);
  return steps;
}

await exitOnError(() =>
  runProgram({
    name: 'db',
    help: HELP,
    role: 'migrator',
    migrates: false,
    options: {
      'no-backup': { type: 'boolean', with: 'migrate' },
      steps: { type: 'string', with: 'rollback' },
      write: { type: 'boolean', with: 'verify' },
    },
    commands: {
      migrate: {
        use: 'create',
        read:
          (_operands, { 'no-backup': without = false }) =>
          (_sql, installation) =>
            applyPending(installation, !without),
      },
      rollback: {
        read: (_operands, { steps }) => {
          const count = readSteps(steps);
          return async (sql) => listed('undone', await rollback(sql, count));
        },
      },
      status: { read: () => status },
      verify: { read: (_operands, options) => (sql) => verify(sql, options) },
    },
  }),
);
