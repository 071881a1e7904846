import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { z } from 'zod';
import { BadInputError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { valueAt } from '../../functions/shared/value-at.ts';

/** Every command prints its usage for `--help` and `-h`, and exits 0. */
export const HELP_OPTION = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Parses the given arguments, by default those of the process.
 *
 * @throws BadInputError with one line that names the unknown option or the option without a value
 */
export function readCommandLine<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [line] = error.message.split('\n');
    throw new BadInputError(`${line?.replace(/\. To specify.*$/, '')} (--help lists the options)`);
  }
}

/** The environment variable of an option: `BOURSOMATIC_DATA_DIR` for `data-dir`. */
export function variableOf(option: string): string {
  return `BOURSOMATIC_${option.toUpperCase().replaceAll('-', '_')}`;
}

/** The values of options in the environment. An empty variable counts as a missing one. */
export function readVariables(
  options: readonly string[],
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const option of options) {
    const value = environment[variableOf(option)];
    if (value) values[option] = value;
  }
  return values;
}

/**
 * Parses option values with a schema, whose messages are predicates such as "is not a port number".
 *
 * @param nameOf - where the user gave an option, for the message
 * @throws BadInputError that names the first malformed option with its value
 */
export function checkOptions<T extends z.ZodType>(
  schema: T,
  values: unknown,
  nameOf = (option: string) => `--${option}`,
): z.output<T> {
  const { data, error } = schema.safeParse(values);
  if (!error) return data;
  const issue = defined(error.issues[0], 'issue of a failed parse');
  const option = String(issue.path[0]);
  const given = valueAt(values, [option]);
  throw new BadInputError(`${nameOf(option)} ${JSON.stringify(given)} ${issue.message}`);
}

/**
 * Finds a program's command by its name.
 *
 * @throws BadInputError that lists the commands if the name is none of them
 */
export function chooseCommand<T>(program: string, commands: Record<string, T>, name: string): T {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const names = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(Object.keys(commands));
  throw new BadInputError(
    name === ''
      ? `${program}: name a command: ${names}`
      : `${program}: "${name}" is not a command; use ${names}`,
  );
}
