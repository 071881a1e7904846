import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { CLEAR_LINE } from './progress.ts';

/**
 * Runs a command's main function. An error becomes one line on standard error and an exit code: 2 for bad input,
 * 1 for a failure. With LOG_LEVEL=debug an unexpected error shows its stack.
 */
export async function exitOnError(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof BadInputError ? 2 : 1;
    process.stderr.write(`${process.stderr.isTTY ? CLEAR_LINE : ''}boursomatic: ${describeError(error)}\n`);
  }
}

/** A full disk below a log file, a reader that has ended, and a terminal that is gone. */
const LOST_OUTPUT = ['ENOSPC', 'EPIPE', 'EIO'];

/** Lets this process outlive its output, such as a log file on a full disk or a `tee` that has ended. The text is lost. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!LOST_OUTPUT.includes(String(error.code))) throw error;
    });
}

/** One line that a person can read; with LOG_LEVEL=debug, an unexpected error's stack. */
export function describeError(error: unknown): string {
  if (error instanceof BoursomaticError) return onOneLine(error.message);
  if (!(error instanceof Error)) return onOneLine(String(error));
  const isDebugging = process.env.LOG_LEVEL === 'debug';
  return (isDebugging && error.stack) || onOneLine(`${error.name}: ${error.message}`);
}

/** Escapes line breaks and terminal codes, because messages repeat arguments and names of files. */
function onOneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Prints a line on standard error, which a program that reads the output need not parse. */
export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
