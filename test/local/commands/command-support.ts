import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defined } from '../../../functions/shared/invariant.ts';
import { testDatabase } from '../../support/database.ts';

/** Exit code and output of a command. */
export interface Answer {
  code: number | string | null;
  out: string;
  error: string;
}

const pathOf = (script: string) =>
  fileURLToPath(new URL(`../../../local/commands/${script}`, import.meta.url));

/** The result for bad input: one line on standard error. */
export const refused = (message: string): Answer => ({
  code: 2,
  out: '',
  error: `boursomatic: ${message}\n`,
});

/**
 * Runs one of the project's commands in a process of its own.
 *
 * @param script - its file in local/commands/
 * @param cwd - its working folder
 * @param input - its standard input
 */
export function runCommand(
  script: string,
  args: string[],
  { cwd, env: change = {}, input = '' }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<Answer> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = { ...inherited, ...change };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [pathOf(script), ...args],
      { cwd, env },
      (failure, out, error) => {
        resolve({ code: failure ? (failure.code ?? null) : 0, out, error });
      },
    );
    // A command that has already ended does not read its input.
    child.stdin?.on('error', () => {}).end(input);
  });
}

/**
 * Runs a command at a terminal, on Linux. Its `out` has everything that the terminal shows.
 *
 * @param prompt - the text after which somebody types
 * @param typed - what they type
 */
export function runAtTerminal(
  script: string,
  args: string[],
  { prompt, typed }: { prompt: string; typed: string },
): Promise<Answer> {
  const { DATABASE_URL: _, ...env } = process.env;
  const command = [process.execPath, pathOf(script), ...args].map((part) => `'${part}'`).join(' ');
  return new Promise((resolve) => {
    const child = execFile('script', ['-qec', command, '/dev/null'], { env }, (failure, out, error) => {
      resolve({ code: failure ? (failure.code ?? null) : 0, out, error });
    });
    child.stdin?.on('error', () => {});
    let shown = '';
    child.stdout?.on('data', (part) => {
      const isShown = shown.includes(prompt);
      shown += part;
      if (!isShown && shown.includes(prompt)) child.stdin?.end(typed);
    });
  });
}

/** Makes a database in the shared server, migrated by default. @returns its name */
export async function newDatabase(options?: { migrated?: boolean }): Promise<string> {
  const database = await testDatabase(options);
  await database.close();
  return database.name;
}

/** Parses the JSON on the last line of an output. */
export function lastLine(output: string) {
  return JSON.parse(defined(output.trimEnd().split('\n').at(-1), 'last line'));
}
