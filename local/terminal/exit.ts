import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';

/**
 * Runs a command line's main function and turns what it throws into one line on standard error and an exit
 * code: 2 for bad input, 1 for a failure. With LOG_LEVEL=debug a defect shows its stack.
 */
export async function exitOnError(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof BadInputError ? 2 : 1;
    const text = error instanceof BoursomaticError ? error.message : describe(error);
    process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}boursomatic: ${text}\n`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env.LOG_LEVEL === 'debug'
    ? (error.stack ?? error.message)
    : `${error.name}: ${error.message}`;
}
