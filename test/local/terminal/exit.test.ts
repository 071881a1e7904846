import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { BadInputError, DatabaseUnreachableError, ModelError } from '../../../functions/shared/errors.ts';
import { exitOnError } from '../../../local/terminal/exit.ts';
import { makeDisk, noDisk } from '../../support/small-disk.ts';

let write: MockInstance<typeof process.stderr.write>;
const before = process.exitCode;
beforeEach(() => {
  write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  write.mockRestore();
  process.exitCode = before;
  vi.unstubAllEnvs();
});

/** Runs a main function that throws. @returns the exit code and the text on standard error */
async function failing(error: unknown): Promise<[code: unknown, text: string]> {
  await exitOnError(async () => {
    throw error;
  });
  const code = process.exitCode;
  return [code, write.mock.calls.map(([text]) => text).join('')];
}

describe('exitOnError', () => {
  test('keeps the exit code and prints nothing after a success', async () => {
    await exitOnError(async () => {});
    expect(process.exitCode).toBe(before);
    expect(write).not.toHaveBeenCalled();
  });

  test.each([
    [
      'bad input',
      new BadInputError('--port "x" is not a port number'),
      2,
      'boursomatic: --port "x" is not a port number\n',
    ],
    ['a failure', new ModelError('no model is active'), 1, 'boursomatic: no model is active\n'],
    ['an outage', new DatabaseUnreachableError('database: refused'), 1, 'boursomatic: database: refused\n'],
    [
      'an unexpected error',
      new TypeError('x is not a function'),
      1,
      'boursomatic: TypeError: x is not a function\n',
    ],
    ['a thrown string', 'oops', 1, 'boursomatic: oops\n'],
    [
      'input with line breaks and terminal codes',
      new BadInputError('"a\nb\u001b[31m\u202ec" is not an e-mail address'),
      2,
      'boursomatic: "a\\u000ab\\u001b[31m\\u202ec" is not an e-mail address\n',
    ],
  ])('sets the code and prints one line for %s', async (_, error, code, text) => {
    expect(await failing(error)).toEqual([code, text]);
  });

  test('shows the stack of an unexpected error only, with LOG_LEVEL=debug', async () => {
    vi.stubEnv('LOG_LEVEL', 'debug');
    const [, text] = await failing(new TypeError('x is not a function'));
    expect(text).toMatch(/^boursomatic: TypeError: x is not a function\n\s+at .*exit\.test\.ts/);
    write.mockClear();
    expect(await failing(new BadInputError('no'))).toEqual([2, 'boursomatic: no\n']);
  });
});

test('a process outlives a full disk below its output', async ({ skip }) => {
  skip(noDisk !== undefined, noDisk);
  const disk = await makeDisk(4);
  const log = await open(join(disk.folder, 'log'), 'w');
  await disk.fill();
  const module = new URL('../../../local/terminal/exit.ts', import.meta.url).href;
  const code = `
    const { outliveOutput } = await import(${JSON.stringify(module)});
    outliveOutput();
    for (let n = 0; n < 3; n++) {
      process.stdout.write('line'.repeat(10_000));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.exit(7);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', log.fd, 'inherit'],
  });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  await log.close();
  await disk.remove();
  expect(exitCode).toBe(7);
});

test('a process outlives the reader of its output', async () => {
  const module = new URL('../../../local/terminal/exit.ts', import.meta.url).href;
  const code = `
    const { outliveOutput } = await import(${JSON.stringify(module)});
    outliveOutput();
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
    for (let n = 0; n < 3; n++) {
      process.stdout.write('line');
      process.stderr.write('line');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.exit(7);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.end();
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(7);
});
