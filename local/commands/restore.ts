import { resolve } from 'node:path';
import { BadInputError } from '../../functions/shared/errors.ts';
import { readArchive } from '../backup/archive.ts';
import { restoreBackup } from '../backup/restore.ts';
import { DATA_HELP, DATA_OPTIONS, databaseOf } from '../installation/chosen-data.ts';
import { openInstallation } from '../installation/installation.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run restore -- FILE [options]

Restores a backup of npm run backup into an empty installation, and applies newer migrations. The command first checks
every byte of FILE. It loads all or nothing, and compares every table with the backup. Stop npm start first.

  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Without --sample and --database, the database gets the name that it had when it was backed up.
Set DATABASE_URL to restore into a database on another server; its login must be able to create roles, or own the
tables. An interrupted restore leaves the database empty: repeat the command. Exit codes: 1 failed, 2 bad input.
`;

async function main(): Promise<void> {
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: { ...HELP_OPTION, json: { type: 'boolean' }, ...DATA_OPTIONS },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [file, more] = positionals;
  if (!file) throw new BadInputError('restore needs a FILE');
  if (more !== undefined) throw new BadInputError(`restore: unexpected argument "${more}"`);
  const { dataDir, database } = databaseOf(values);
  const isNamed = values.sample || values.database !== undefined;
  process.env.LOG_LEVEL ??= 'warn';
  const progress = new Progress();
  progress.update('Checking the backup…');
  const manifest = await readArchive(resolve(file));
  const installation = await openInstallation({
    dataDir,
    database: isNamed ? database : manifest.database,
    databaseUrl: process.env.DATABASE_URL,
    owner: true,
    transfer: 'restore',
  });
  try {
    const { rows, migrated, seconds } = await restoreBackup(installation, resolve(file), manifest, (step) =>
      progress.update(step),
    );
    const later = migrated > 0 ? `, and applied ${counted(migrated, 'newer migration')}` : '';
    progress.line('');
    process.stdout.write(
      `Restored the backup of ${manifest.createdAt} into ${installation.database}: ${counted(rows, 'row')} of ${counted(manifest.tables.length, 'table')}, each equal to the backup, and ${counted(manifest.files.count, 'file')}, in ${seconds} s${later}.\n`,
    );
    const value = { dataDir, database: installation.database, rows, migrated, seconds, manifest };
    if (values.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  } finally {
    await installation.close();
  }
}

await exitOnError(main);
