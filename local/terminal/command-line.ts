import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { z } from 'zod';
import { BadInputError } from '../../functions/shared/errors.ts';

/**
 * Reads the process's command line, or the arguments that are given.
 *
 * @throws BadInputError with one line that names what is unknown or lacks its value
 */
export function readCommandLine<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new BadInputError(`${line.replace(/\. To specify.*$/, '')} (--help lists the options)`);
  }
}

/**
 * What options mean, by their schema.
 *
 * @throws BadInputError that begins with the first option that is malformed
 */
export function checkOptions<T extends z.ZodType>(schema: T, values: unknown): z.output<T> {
  const { data, error } = schema.safeParse(values);
  if (!error) return data;
  const [issue] = error.issues;
  throw new BadInputError(`--${String(issue?.path[0] ?? 'options')}: ${issue?.message}`);
}

/**
 * The one of a program's commands that is named.
 *
 * @throws BadInputError that lists the names where it is none of them
 */
export function chooseCommand<T>(program: string, commands: Record<string, T>, name: string): T {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const names = Object.keys(commands);
  const last = names.pop();
  throw new BadInputError(`${program}: ${names.join(', ')} or ${last}, not "${name}"`);
}
