import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Activation, list, promote, rollback, show } from '../functions/infer/registry.ts';
import { migrate } from '../functions/migration/migrate.ts';
import type { Sql } from '../functions/shared/database.ts';
import { BadInputError, ModelError } from '../functions/shared/errors.ts';
import type { ObjectStore } from '../functions/shared/objects.ts';
import { exitOnError } from './exit.ts';
import { type Installation, openInstallation, withLogin } from './installation.ts';
import { registrationText, versionsText, versionText } from './model-tables.ts';
import { assertScores, installRelease, openRelease, releaseStore } from './release.ts';

const HELP = `Usage: npm run model -- COMMAND [options]

  list                     the registered versions, and what the gate says of each
  register DIR             verify a release folder, copy it and register it; it becomes active only where no
                           model ever was, and if it passes the gate
  promote VERSION          make a registered version the active one, if it passes the gate
  rollback [VERSION]       go back to the version that the active one replaced, or to VERSION if it was active
  show VERSION             what is known of a version, and what was done with it

  --force REASON    promote a version that fails the gate; the reason is written down
  --json            end stdout with one JSON value
  --data-dir DIR    where the embedded server's data is (default .boursomatic)
  --database NAME   database of the embedded server (default boursomatic_sample)
  --help            this text

DATABASE_URL names another server. A running npm start is joined, not disturbed: it scores with the new active
version from its next run on. Pending migrations are applied. Exit 1: refused or failed; 2: bad input.
`;

interface Context {
  installation: Installation;
  sql: Sql;
  objects: ObjectStore;
  force: string | undefined;
}

/** What a command says, and the same as a value. */
interface Answer {
  text: string;
  value: unknown;
}

interface Command {
  /** What is given after the command. */
  operand: 'none' | 'optional' | 'DIR' | 'VERSION';
  run(context: Context, operand: string): Promise<Answer>;
}

const COMMANDS: Record<string, Command> = {
  list: {
    operand: 'none',
    run: async ({ sql }) => {
      const versions = await list(sql);
      return { text: versionsText(versions), value: versions };
    },
  },
  register: {
    operand: 'DIR',
    run: async ({ installation }, directory) => {
      const registration = await refusingRelease(async () => {
        if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
          throw new BadInputError(`register: ${directory} is not a folder`);
        const folder = pathToFileURL(`${resolve(directory)}/`);
        await assertScores(await openRelease(folder));
        return installRelease(installation, folder, { first: 'passing' });
      });
      return { text: registrationText(registration), value: registration };
    },
  },
  promote: {
    operand: 'VERSION',
    run: async ({ sql, objects, force }, version) =>
      activated(await promote(sql, objects, version, { force })),
  },
  rollback: {
    operand: 'optional',
    run: async ({ sql, objects }, version) => activated(await rollback(sql, objects, version || undefined)),
  },
  show: {
    operand: 'VERSION',
    run: async ({ sql }, version) => {
      const found = await show(sql, version);
      return { text: versionText(found), value: found };
    },
  },
};

function activated(activation: Activation): Answer {
  const { version, previous, changed } = activation;
  const instead = previous ? ` instead of ${previous}` : '';
  return { text: `model ${version} is active${changed ? instead : ' already'}`, value: activation };
}

/** What is wrong with a release that somebody names is bad input, and no failure of what is installed. */
async function refusingRelease<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfFile = error instanceof Error && 'syscall' in error && 'path' in error;
    if (!(error instanceof ModelError) && !isOfFile) throw error;
    throw new BadInputError(error.message, { cause: error });
  }
}

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { force: text, json: flag, database: text, 'data-dir': text, help: flag } as const;
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
  if (!command) throw new BadInputError(`model: list, register, promote, rollback or show, not "${name}"`);
  const operand = readOperand(name, command, operands);
  if (values.force !== undefined && name !== 'promote') throw new BadInputError('--force goes with promote');
  if (values.force?.trim() === '') throw new BadInputError('--force: needs a reason');
  process.env.LOG_LEVEL ??= 'warn';
  const installation = await openInstallation({
    dataDir: resolve(values['data-dir'] ?? '.boursomatic'),
    database: values.database ?? 'boursomatic_sample',
    databaseUrl: process.env.DATABASE_URL,
  });
  try {
    await withLogin(installation, 'migrator', migrate);
    const objects = releaseStore(installation);
    const answer = await withLogin(installation, 'training', (sql) =>
      command.run({ installation, sql, objects, force: values.force }, operand),
    );
    process.stdout.write(`${answer.text}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify(answer.value)}\n`);
  } finally {
    await installation.close();
  }
}

/** What is given after a command; empty where it may be left out and is. */
function readOperand(name: string, { operand }: Command, given: string[]): string {
  const extra = given[operand === 'none' ? 0 : 1];
  if (extra !== undefined) throw new BadInputError(`model ${name}: "${extra}" is one argument too many`);
  const [value] = given;
  if (value === undefined && (operand === 'DIR' || operand === 'VERSION'))
    throw new BadInputError(`model ${name}: needs a ${operand}`);
  if (value !== undefined && operand !== 'DIR' && !/^v\d+\.\d+\.\d+$/.test(value))
    throw new BadInputError(`model ${name}: "${value}" is not a version such as v1.2.3`);
  return value ?? '';
}

await exitOnError(main);
