import { resolve } from 'node:path';
import { BadInputError } from '../../functions/shared/errors.ts';
import { writeBackup } from '../backup/backup.ts';
import { DATA_HELP, DATA_OPTIONS } from '../installation/chosen-data.ts';
import { withInstallation } from '../installation/with-installation.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run backup -- FILE [options]

Writes the database and the files that belong to it to FILE, for example boursomatic.tar.zst. The command works while
npm start runs, and reads one consistent state. FILE holds e-mail addresses and keys: only its owner can read it.
npm run restore reads it.

  --force           replace FILE if it exists
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to back up a database on another server; its login must be able to create roles, or own the tables.
Exit codes: 1 failed, 2 bad input.
`;

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: { ...HELP_OPTION, force: flag, json: flag, ...DATA_OPTIONS },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [file, more] = positionals;
  if (!file) throw new BadInputError('backup needs a FILE');
  if (more !== undefined) throw new BadInputError(`backup: unexpected argument "${more}"`);
  process.env.LOG_LEVEL ??= 'warn';
  const progress = new Progress();
  const { force = false } = values;
  const backup = await withInstallation(values, { isBackup: true }, (installation) =>
    writeBackup(installation, resolve(file), { force, progress: (step) => progress.update(step) }),
  );
  const { rows, tables, files, size, seconds } = backup;
  const megabytes = (size / 1e6).toLocaleString('en-GB', { maximumFractionDigits: 1 });
  progress.line('');
  process.stdout.write(
    `${file}: ${counted(rows, 'row')} of ${counted(tables, 'table')} and ${counted(files, 'file')}, ${megabytes} MB, in ${seconds} s\n`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify(backup)}\n`);
}

await exitOnError(main);
