import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** How a command ended. */
export interface Answer {
  code: number | string | null;
  out: string;
  error: string;
}

/** The answer to bad input: one line, and nothing else. */
export const refused = (message: string): Answer => ({
  code: 2,
  out: '',
  error: `boursomatic: ${message}\n`,
});

/**
 * Runs one of the project's commands in a process of its own.
 *
 * @param script - its file in local/
 * @param cwd - the folder to run it in
 * @param input - what it reads from standard input
 */
export function runCommand(
  script: string,
  args: string[],
  { cwd, env: change = {}, input = '' }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<Answer> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  // Compiled once for all: that is most of what a command takes.
  const env = {
    ...inherited,
    NODE_COMPILE_CACHE: join(inject('dataDir'), 'compile-cache'),
    ...change,
  };
  const path = fileURLToPath(new URL(`../../../local/commands/${script}`, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path, ...args], { cwd, env }, (failure, out, error) => {
      resolve({ code: failure ? (failure.code ?? null) : 0, out, error });
    });
    // One that has ended already does not read it.
    child.stdin?.on('error', () => {}).end(input);
  });
}
