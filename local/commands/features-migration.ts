import { readdir, readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { featureMigration } from '../../functions/features/feature-migration.ts';
import { EXPECTED_SCHEMA } from '../../functions/migration/schema.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run features:migration -- NAME

Writes a migration from sql/schema.txt to functions/features/definitions.ts: a pair of .do. and .undo. files in
sql/migrations. It adds and drops columns of the table features, replaces the view model_inputs, and marks all
features for recomputation. The next run recomputes them. NAME is lower case with hyphens, such as add-beta.

  -h, --help   print this text
`;

const MIGRATIONS = new URL('../../sql/migrations/', import.meta.url);

async function main(): Promise<void> {
  const { positionals, values } = readCommandLine({
    allowPositionals: true,
    options: HELP_OPTION,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new BadInputError('features:migration needs one NAME in lower case with hyphens, such as add-beta');
  const files = (await readdir(MIGRATIONS)).filter((file) => file.includes('.do.')).sort();
  const migrations = files.map((file) => readFile(new URL(file, MIGRATIONS), 'utf8'));
  const schema = (await readFile(EXPECTED_SCHEMA, 'utf8')).split('\n');
  const migration = featureMigration(schema, await Promise.all(migrations));
  const version = nextVersion(files, new Date());
  for (const action of ['do', 'undo'] as const) {
    const file = new URL(`${version}.${action}.${name}.sql`, MIGRATIONS);
    await writeFile(file, migration[action], { flag: 'wx' });
    process.stdout.write(`wrote ${relative(process.cwd(), fileURLToPath(file))}\n`);
  }
  process.stdout.write('Next: npm run db:migrate && npm run db:verify -- --write\n');
}

/** Today's first number, or the one after the newest migration if that is later. */
function nextVersion(files: readonly string[], now: Date): number {
  const newest = Math.max(...files.map((file) => Number.parseInt(file, 10)));
  return Math.max(newest + 1, Number(`${now.toISOString().slice(0, 10).replaceAll('-', '')}0001`));
}

await exitOnError(main);
