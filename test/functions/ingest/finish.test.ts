import { describe, expect, test } from 'vitest';
import { finishRun, readableCause } from '../../../functions/ingest/finish.ts';
import { TooManyFailuresError } from '../../../functions/shared/errors.ts';
import { recordFailures } from '../../../functions/shared/ledger.ts';
import { useStore } from './store-support.ts';
import { RUN, seedRun } from './support.ts';

const store = useStore();
const { db } = store;

async function run() {
  const [row] = await db.sql`
    SELECT id, status, error, instruments, finished_at > now() - interval '1 minute' AS finished FROM pipeline_runs`;
  return row;
}
const failed = (symbol: string) =>
  ({ symbol, step: 'load', reason: 'jump', message: `${symbol} jumped` }) as const;
const error = { Error: 'ModelError', Cause: '{"errorMessage":"no model is active","trace":["at x"]}' };

test('closes a successful run', async () => {
  await seedRun(db.sql);
  expect(await finishRun({ runId: RUN }, store.sql)).toEqual({ runId: RUN, status: 'succeeded' });
  expect(await run()).toEqual({ id: RUN, status: 'succeeded', error: null, instruments: 1, finished: true });
});

test('records why a run failed, without a stack trace', async () => {
  await seedRun(db.sql);
  expect(await finishRun({ runId: RUN, error }, store.sql)).toEqual({ runId: RUN, status: 'failed' });
  expect(await run()).toMatchObject({
    status: 'failed',
    error: 'ModelError: no model is active',
    finished: true,
  });
});

test('adds a row for a run whose input was refused', async () => {
  await finishRun({ runId: 'refused', error: { Error: 'BadInputError', Cause: 'bad' } }, store.sql);
  expect(await run()).toEqual({
    id: 'refused',
    status: 'failed',
    error: 'BadInputError: bad',
    instruments: 0,
    finished: true,
  });
});

test('refuses to close a run as succeeded when too many instruments failed', async () => {
  await seedRun(db.sql, RUN, 5);
  await recordFailures(store.sql, RUN, [failed('AAPL'), failed('IBM')]);
  await expect(finishRun({ runId: RUN }, store.sql)).rejects.toThrow(TooManyFailuresError);
  expect(await run()).toMatchObject({ status: 'running', finished: null });
  await finishRun({ runId: RUN, error }, store.sql);
  expect(await run()).toMatchObject({ status: 'failed' });
});

test('clears the error of a run that succeeds after a redrive', async () => {
  await seedRun(db.sql);
  await finishRun({ runId: RUN, error }, store.sql);
  await finishRun({ runId: RUN }, store.sql);
  expect(await run()).toMatchObject({ status: 'succeeded', error: null });
});

describe('readableCause', () => {
  test.each([
    [
      'extracts the message of a function’s error',
      '{"errorType":"Error","errorMessage":"no route","trace":[]}',
      'no route',
    ],
    ['keeps plain text', 'States.Timeout after 60 s', 'States.Timeout after 60 s'],
    ['keeps JSON without a message', '{"code":7}', '{"code":7}'],
    ['keeps null in JSON', 'null', 'null'],
    ['reports a missing cause', undefined, 'no cause given'],
  ])('%s', (_, cause, expected) => {
    expect(readableCause(cause)).toBe(expected);
  });
});
