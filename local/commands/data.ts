import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { BadInputError } from '../../functions/shared/errors.ts';
import { dataFolder } from '../installation/data-folder.ts';
import { placesOf } from '../installation/folder-contents.ts';
import { assertInstallation, moveInstallation, removeInstallation } from '../installation/move-folder.ts';
import { chooseCommand, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';

const HELP = `Usage: npm run data -- COMMAND [options]

  where           list every folder of the installation with its size, also those outside the data folder
  move NEWDIR     move the installation to NEWDIR, which must not exist or be empty
  remove          remove the installation: database, keys, raw records, and the backups in its data folder

  --yes             with remove: remove without a question
  --json            end stdout with one JSON value
  --data-dir DIR    data folder (default .boursomatic)
  -h, --help        print this text

Stop npm start before move and remove. If one of them is interrupted, repeat it. Exit codes: 1 failed, 2 bad input.
`;

interface Values {
  yes?: boolean | undefined;
  json?: boolean | undefined;
}

async function where(dataDir: string, { json }: Values): Promise<void> {
  await assertInstallation(dataDir);
  const places = await placesOf(dataDir);
  const rows = places.map(({ what, path, bytes }) => ({
    What: what,
    MB: (bytes / 1e6).toFixed(1),
    Path: path,
  }));
  process.stdout.write(`${table(rows, { right: ['MB'] })}\n`);
  if (json) process.stdout.write(`${JSON.stringify(places)}\n`);
}

async function move(dataDir: string, target: string, { json }: Values): Promise<void> {
  const to = resolve(target);
  await moveInstallation(dataDir, to);
  process.stdout.write(
    `Moved to ${to}. From now on, give every command --data-dir ${target}, or set BOURSOMATIC_DATA_DIR.\n`,
  );
  if (json) process.stdout.write(`${JSON.stringify({ from: dataDir, to })}\n`);
}

async function remove(dataDir: string, { json, yes }: Values): Promise<void> {
  await assertInstallation(dataDir);
  if (!yes) await confirm(`Remove ${dataDir} with its database, accounts, track record and backups?`);
  const left = await removeInstallation(dataDir);
  const rest = left.length > 0 ? ` These files do not belong to it and stay: ${left.join(', ')}.` : '';
  process.stdout.write(`Removed ${dataDir}.${rest}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ removed: dataDir, left })}\n`);
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new BadInputError('data remove: --yes is needed without a terminal');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} Type yes: `);
  lines.close();
  if (answer.trim() !== 'yes') throw new BadInputError('nothing was removed');
}

/** The commands, with the number of their arguments. */
const COMMANDS = {
  where: {
    needs: undefined,
    run: (dataDir: string, _operand: string, values: Values) => where(dataDir, values),
  },
  move: { needs: 'a NEWDIR', run: move },
  remove: {
    needs: undefined,
    run: (dataDir: string, _operand: string, values: Values) => remove(dataDir, values),
  },
};

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: { ...HELP_OPTION, yes: flag, json: flag, 'data-dir': { type: 'string' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name = '', operand = '', ...more] = positionals;
  const { needs, run } = chooseCommand('data', COMMANDS, name);
  const unexpected = needs ? more[0] : operand || more[0];
  if (unexpected) throw new BadInputError(`data ${name}: unexpected argument "${unexpected}"`);
  if (needs && !operand) throw new BadInputError(`data ${name}: needs ${needs}`);
  if (values.yes && name !== 'remove') throw new BadInputError('--yes goes only with remove');
  const dataDir = dataFolder(values['data-dir']);
  // A symbolic link would be moved or removed in place of the folder behind it.
  await run(await realpath(dataDir).catch(() => dataDir), operand, values);
}

await exitOnError(main);
