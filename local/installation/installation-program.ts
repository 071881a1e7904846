import { resolve } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { migrate } from '../../functions/migration/migrate.ts';
import type { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { chooseCommand, readCommandLine } from '../terminal/command-line.ts';
import { type Installation, openInstallation, withLogin } from './installation.ts';

/** The options that say which installation a program works on; DATABASE_URL names another server. */
export const INSTALLATION_OPTIONS = { database: { type: 'string' }, 'data-dir': { type: 'string' } } as const;

/** What a command says, and the same as a value. */
export interface Answer {
  text: string;
  value: unknown;
}

/** What a command does once the installation is open, with the login of its program's role. */
export type Work = (sql: Sql, installation: Installation) => Promise<Answer>;

/** An option, and the only command that it goes with. */
interface Option {
  type: 'string' | 'boolean';
  with: string;
}
type Values<Options extends Record<string, Pick<Option, 'type'>>> = {
  [Name in keyof Options]?: Options[Name]['type'] extends 'string' ? string : boolean;
};

const COMMON_OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  ...INSTALLATION_OPTIONS,
} as const;

/** One command of a program. */
export interface Command<Values> {
  /** What must be given after it, such as "a FILE". */
  needs?: string;
  /** How much may be given after it; by default one where something must be, else nothing. */
  most?: number;
  /** Reads what is given before anything is opened, so that bad input ends before a server starts. */
  read(given: string[], values: Values): Work | Promise<Work>;
}

/** A program of commands that each work on an installation and answer with text or JSON. */
export interface Program<Options extends Record<string, Option>> {
  name: string;
  help: string;
  /** The database of the embedded server, where no other is named. */
  database: string;
  role: keyof typeof DATABASE_ROLES;
  /** Beside --json, --help and those of the installation. */
  options: Options;
  commands: Record<string, Command<Values<Options>>>;
}

/** Runs the command that the process's command line names, on a database with every migration. */
export async function runProgram<Options extends Record<string, Option>>(
  program: Program<Options>,
): Promise<void> {
  const options: ParseArgsConfig['options'] = { ...program.options, ...COMMON_OPTIONS };
  const read = readCommandLine({ allowPositionals: true, options });
  const values = read.values as Values<Options> & Values<typeof COMMON_OPTIONS>;
  if (values.help) {
    process.stdout.write(program.help);
    return;
  }
  const work = await readWork(program, read.positionals, values);
  process.env.LOG_LEVEL ??= 'warn';
  const answer = await withInstallation(values, program.database, async (installation) => {
    await withLogin(installation, 'migrator', migrate);
    return withLogin(installation, program.role, (sql) => work(sql, installation));
  });
  process.stdout.write(`${answer.text.trimEnd()}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(answer.value)}\n`);
}

/** Works on the installation that the options name, and closes it. */
export async function withInstallation<T>(
  options: { database?: string | undefined; 'data-dir'?: string | undefined },
  database: string,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation({
    dataDir: resolve(options['data-dir'] ?? '.boursomatic'),
    database: options.database ?? database,
    databaseUrl: process.env.DATABASE_URL,
  });
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

async function readWork<Options extends Record<string, Option>>(
  { name: program, commands, options }: Program<Options>,
  [name = '', ...given]: string[],
  values: Values<Options>,
): Promise<Work> {
  const command = chooseCommand(program, commands, name);
  const { needs, most = needs ? 1 : 0 } = command;
  if (given.length > most)
    throw new BadInputError(`${program} ${name}: "${given[most]}" is one argument too many`);
  if (needs && !given[0]) throw new BadInputError(`${program} ${name}: needs ${needs}`);
  for (const [option, { with: owner }] of Object.entries(options)) {
    if (values[option] !== undefined && name !== owner)
      throw new BadInputError(`--${option} goes with ${owner}`);
  }
  return command.read(given, values);
}
