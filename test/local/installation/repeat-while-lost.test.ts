import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  BadInputError,
  CommitOutcomeUnknownError,
  DatabaseUnreachableError,
} from '../../../functions/shared/errors.ts';
import { isRefusedPassword, repeatWhileLost } from '../../../local/installation/repeat-while-lost.ts';

// Only the date: the pauses between attempts are real.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

/** A step that fails with some errors, one after the other, and then returns the number of its attempts. */
function failing(...errors: Error[]) {
  let attempts = 0;
  const step = async () => {
    const error = errors[attempts++];
    if (error) throw error;
    return attempts;
  };
  return step;
}
const lost = () => new DatabaseUnreachableError('database: connection lost');
const run = (step: () => Promise<number>, signal?: AbortSignal) =>
  repeatWhileLost(step, signal).catch((error: unknown) => error);

test('repeats a step while the server is lost', async () => {
  expect(await run(failing(lost(), new CommitOutcomeUnknownError({}), lost()))).toBe(4);
});

test('gives up after two minutes', async () => {
  let attempts = 0;
  const always = async (): Promise<number> => {
    attempts++;
    vi.setSystemTime(Date.now() + 50_000);
    throw lost();
  };
  expect(await run(always)).toBeInstanceOf(DatabaseUnreachableError);
  expect(attempts).toBe(3);
});

test('repeats no step that failed for another reason, or for a refused password', async () => {
  const other = new BadInputError('no');
  expect(await run(failing(other))).toBe(other);
  const refused = new DatabaseUnreachableError('refused', {
    cause: Object.assign(new Error('password'), { code: '28P01' }),
  });
  expect(isRefusedPassword(refused.cause)).toBe(true);
  expect(await run(failing(refused))).toBe(refused);
});

test('repeats no step after the stop signal', async () => {
  expect(await run(failing(lost()), AbortSignal.abort())).toBeInstanceOf(DatabaseUnreachableError);
});
