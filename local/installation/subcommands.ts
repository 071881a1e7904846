import type { ParseArgsConfig } from 'node:util';
import type { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, type BoursomaticError } from '../../functions/shared/errors.ts';
import { chooseCommand, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { DATA_OPTIONS } from './chosen-data.ts';
import { type Installation, withLogin } from './installation.ts';
import { type Use, withInstallation } from './with-installation.ts';

/** Result of a command, for people and for programs. */
export interface Answer {
  text: string;
  value: unknown;
  /** Ends the program with an exit code of 1 after the answer. */
  failure?: BoursomaticError;
}

/** The part of a command that needs the database; `sql` is logged in with the program's role. */
export type Work = (sql: Sql, installation: Installation) => Promise<Answer>;

/** An option, and the commands that accept it. */
interface Option {
  type: 'string' | 'boolean';
  with: string | readonly string[];
}
type Values<Options extends Record<string, Pick<Option, 'type'>>> = {
  [Name in keyof Options]?: Options[Name]['type'] extends 'string' ? string : boolean;
};

/** Options of every program. DATABASE_URL in the environment names another server than the embedded one. */
const COMMON_OPTIONS = {
  json: { type: 'boolean' },
  ...DATA_OPTIONS,
  ...HELP_OPTION,
} as const;

/** One command of a program. */
export interface Command<Values> {
  /** By default `read`. */
  use?: Use;
  /** The argument that the command requires, such as "a FILE". */
  needs?: string;
  /** Most arguments that it accepts: by default one if it requires one, else none. */
  most?: number;
  /** Checks arguments and options before the installation is opened, so that bad input starts no server. */
  read(operands: string[], values: Values): Work | Promise<Work>;
}

/** A program whose commands work on an installation and answer with text or JSON. */
export interface Program<Options extends Record<string, Option>> {
  name: string;
  help: string;
  role: keyof typeof DATABASE_ROLES;
  /** Whether pending migrations are applied before a command; the default. */
  migrates?: boolean;
  /** In addition to --json, --help and those that choose the installation. */
  options: Options;
  commands: Record<string, Command<Values<Options>>>;
}

/** Runs the command that the process's command line names, and prints its answer. */
export async function runProgram<Options extends Record<string, Option>>(
  program: Program<Options>,
): Promise<void> {
  const options: ParseArgsConfig['options'] = { ...program.options, ...COMMON_OPTIONS };
  const parsed = readCommandLine({ allowPositionals: true, options });
  const values = parsed.values as Values<Options> & Values<typeof COMMON_OPTIONS>;
  if (values.help) {
    process.stdout.write(program.help);
    return;
  }
  const { work, use } = await readWork(program, parsed.positionals, values);
  process.env.LOG_LEVEL ??= 'warn';
  const { migrates, role } = program;
  const answer = await withInstallation(values, { use, migrates }, (installation) =>
    withLogin(installation, role, (sql) => work(sql, installation)),
  );
  process.stdout.write(`${answer.text.trimEnd()}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(answer.value)}\n`);
  if (answer.failure) throw answer.failure;
}

async function readWork<Options extends Record<string, Option>>(
  { name: program, commands, options }: Program<Options>,
  [name = '', ...operands]: string[],
  values: Values<Options>,
): Promise<{ work: Work; use: Use | undefined }> {
  const command = chooseCommand(program, commands, name);
  const { needs, most = needs ? 1 : 0 } = command;
  if (operands.length > most)
    throw new BadInputError(`${program} ${name}: unexpected argument "${operands[most]}"`);
  if (needs && !operands[0]) throw new BadInputError(`${program} ${name}: needs ${needs}`);
  for (const [option, { with: accepting }] of Object.entries(options)) {
    const owners = [accepting].flat();
    if (values[option] !== undefined && !owners.includes(name))
      throw new BadInputError(`--${option} goes only with ${owners.join(' and ')}`);
  }
  return { work: await command.read(operands, values), use: command.use };
}
