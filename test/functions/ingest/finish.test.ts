import { describe, expect, test } from 'vitest';
import { handler } from '../../../functions/ingest/finish.lambda.ts';
import { finishRun, recordStatusChange } from '../../../functions/ingest/finish.ts';
import { ExecutionStatusChange } from '../../../functions/shared/contracts.ts';
import { BadInputError, SystematicFaultError } from '../../../functions/shared/errors.ts';
import { recordFailures } from '../../../functions/shared/ledger.ts';
import { useStore } from './store-support.ts';
import { RUN, seedRun } from './support.ts';

const store = useStore();
const { db } = store;

/** Instants of an execution that fails, is redriven and ends again, in order. */
const [FAILED_AT, REDRIVEN_AT, ENDED_AT] = ['10:00', '11:00', '12:00'].map((time) =>
  Date.parse(`2026-03-10T${time}:00Z`),
) as [number, number, number];

async function run() {
  const [row] =
    await db.sql`SELECT id, status, error, instruments, finished_at AS "finishedAt" FROM pipeline_runs`;
  return row;
}
const failed = (symbol: string) =>
  ({ symbol, step: 'load', reason: 'jump', message: `${symbol} jumped` }) as const;

/** An event with the fields that AWS sends. */
const event = (detail: object) => ({
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  detail: {
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:Pipeline:${RUN}`,
    name: RUN,
    status: 'FAILED',
    startDate: FAILED_AT - 1,
    stopDate: FAILED_AT,
    input: '{}',
    output: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: 'REDRIVABLE',
    redriveStatusReason: null,
    error: 'ModelError',
    cause: '{"errorMessage":"no model is active","trace":["at x"]}',
    ...detail,
  },
});
const record = (detail: object) => recordStatusChange(ExecutionStatusChange.parse(event(detail)), store.sql);

const FIRST_FAILURE = {};
const REDRIVE = {
  status: 'RUNNING',
  stopDate: null,
  redriveCount: 1,
  redriveDate: REDRIVEN_AT,
  error: null,
  cause: null,
};
const SECOND_FAILURE = { stopDate: ENDED_AT, redriveCount: 1, redriveDate: REDRIVEN_AT, cause: 'again' };

describe('finishRun', () => {
  test('closes a successful run', async () => {
    await seedRun(db.sql);
    expect(await finishRun({ runId: RUN }, store.sql)).toEqual({ runId: RUN, status: 'succeeded' });
    expect(await run()).toEqual({
      id: RUN,
      status: 'succeeded',
      error: null,
      instruments: 1,
      finishedAt: expect.any(Date),
    });
  });

  test('closes a run as partial with its failures, and again with the same', async () => {
    await seedRun(db.sql, RUN, 5);
    await recordFailures(store.sql, RUN, [failed('AAPL'), failed('IBM')]);
    for (let time = 0; time < 2; time++) {
      expect(await finishRun({ runId: RUN }, store.sql)).toEqual({ runId: RUN, status: 'partial' });
      expect(await run()).toMatchObject({
        status: 'partial',
        error: '2 of 5 instruments failed. jump: AAPL, IBM (AAPL jumped).',
        finishedAt: expect.any(Date),
      });
    }
  });

  test('ignores late events of a run that ended as partial', async () => {
    await seedRun(db.sql, RUN, 2);
    await recordFailures(store.sql, RUN, [failed('AAPL')]);
    await finishRun({ runId: RUN }, store.sql);
    for (const late of [FIRST_FAILURE, REDRIVE, SECOND_FAILURE])
      expect(await record(late)).toEqual({ runId: RUN, status: 'partial' });
    expect(await run()).toMatchObject({ status: 'partial' });
  });

  test('refuses to close a run that a systematic fault stops', async () => {
    await seedRun(db.sql, RUN, 2);
    await recordFailures(store.sql, RUN, [failed('AAPL'), failed('IBM')]);
    await expect(finishRun({ runId: RUN }, store.sql)).rejects.toThrow(SystematicFaultError);
    expect(await run()).toMatchObject({ status: 'running', finishedAt: null });
  });
});

describe('recordStatusChange', () => {
  test('records why a run failed, and when, without a stack trace', async () => {
    await seedRun(db.sql);
    expect(await record(FIRST_FAILURE)).toEqual({ runId: RUN, status: 'failed' });
    expect(await run()).toMatchObject({
      status: 'failed',
      error: 'ModelError: no model is active',
      finishedAt: new Date(FAILED_AT),
    });
  });

  test.each([
    ['TIMED_OUT', null, null, 'States.Timeout: the execution took longer than its limit'],
    ['TIMED_OUT', 'States.Timeout', 'State Machine Timed Out', 'States.Timeout: State Machine Timed Out'],
    ['ABORTED', null, null, 'Aborted: the execution was stopped'],
    ['ABORTED', 'Mistake', 'wrong symbols', 'Mistake: wrong symbols'],
    ['FAILED', 'States.Runtime', null, 'States.Runtime: no cause given'],
    ['FAILED', '', '', 'Failed: no cause given'],
  ])('closes a run with status %s, error %s and cause %s', async (status, error, cause, expected) => {
    await seedRun(db.sql);
    await record({ status, error, cause });
    expect(await run()).toMatchObject({ status: 'failed', error: expected, finishedAt: expect.any(Date) });
  });

  test.each([
    ['a NUL in the message', { cause: '{"errorMessage":"row\\u0000 7"}' }, 'ModelError: row\ufffd 7'],
    ['a NUL in the cause', { cause: 'row\0 7' }, 'ModelError: row\ufffd 7'],
    ['a NUL in the error', { error: 'Model\0', cause: 'x' }, 'Model\ufffd: x'],
    ['several lines', { cause: '{"errorMessage":"one\\r\\n  two"}' }, 'ModelError: one two'],
    [
      'a message that is an object',
      { cause: '{"errorMessage":{"a":1}}' },
      'ModelError: {"errorMessage":{"a":1}}',
    ],
    ['a cause of 32 KiB', { cause: 'x'.repeat(32_768) }, `ModelError: ${'x'.repeat(32_768)}`],
  ])('records a failure with %s', async (_what, detail, error) => {
    await seedRun(store.sql);
    await record(detail);
    expect(await run()).toMatchObject({ status: 'failed', error });
  });

  test('accepts an event without the fields about the failure', async () => {
    await seedRun(db.sql);
    await recordStatusChange(
      ExecutionStatusChange.parse({
        'detail-type': 'Step Functions Execution Status Change',
        detail: { name: RUN, status: 'ABORTED' },
      }),
      store.sql,
    );
    expect(await run()).toMatchObject({ status: 'failed', finishedAt: expect.any(Date) });
  });

  test('adds a row for a run whose input was refused', async () => {
    await record({ name: 'refused', error: 'BadInputError', cause: 'bad' });
    expect(await run()).toMatchObject({
      id: 'refused',
      status: 'failed',
      error: 'BadInputError: bad',
      instruments: 0,
    });
  });

  test('changes nothing when an event arrives again', async () => {
    await seedRun(db.sql);
    await record(FIRST_FAILURE);
    const before = await run();
    await record(FIRST_FAILURE);
    expect(await run()).toEqual(before);
  });
});

describe('a redriven run', () => {
  test('runs again in the ledger, and ends as succeeded', async () => {
    await seedRun(db.sql);
    await record(FIRST_FAILURE);
    expect(await record(REDRIVE)).toEqual({ runId: RUN, status: 'running' });
    expect(await run()).toMatchObject({ status: 'running', error: null, finishedAt: null });
    await finishRun({ runId: RUN }, store.sql);
    expect(await run()).toMatchObject({ status: 'succeeded', error: null });
  });

  test('ends as succeeded even if no event reports the redrive', async () => {
    await seedRun(db.sql);
    await record(FIRST_FAILURE);
    await finishRun({ runId: RUN }, store.sql);
    expect(await run()).toMatchObject({ status: 'succeeded', error: null });
  });

  test.each([
    ['the failure', [FIRST_FAILURE]],
    ['the failure, twice', [FIRST_FAILURE, FIRST_FAILURE]],
    ['the redrive', [REDRIVE]],
    ['the redrive before the failure', [REDRIVE, FIRST_FAILURE]],
  ])('stays succeeded if events arrive after its success: %s', async (_, events) => {
    await seedRun(db.sql);
    await finishRun({ runId: RUN }, store.sql);
    const before = await run();
    for (const late of events) expect(await record(late)).toEqual({ runId: RUN, status: 'succeeded' });
    expect(await run()).toEqual(before);
  });

  test('keeps running if the event of its failure arrives after the redrive', async () => {
    await seedRun(db.sql);
    await record(REDRIVE);
    expect(await record(FIRST_FAILURE)).toEqual({ runId: RUN, status: 'running' });
    expect(await run()).toMatchObject({ status: 'running', error: null });
  });

  const orders = permutations([FIRST_FAILURE, REDRIVE, SECOND_FAILURE]);
  const names = new Map<object, string>([
    [FIRST_FAILURE, 'failure'],
    [REDRIVE, 'redrive'],
    [SECOND_FAILURE, 'second failure'],
  ]);
  test.each(orders.map((order) => [order.map((one) => names.get(one)).join(', '), order] as const))(
    'that fails again has the second failure, if the events arrive as %s',
    async (_, order) => {
      await seedRun(db.sql);
      for (const one of [...order, ...order]) await record(one);
      expect(await run()).toMatchObject({
        status: 'failed',
        error: 'ModelError: again',
        finishedAt: new Date(ENDED_AT),
      });
    },
  );
});

describe('the function', () => {
  test.each([
    ['neither a run nor an event', { run: RUN }],
    ['a status that ends no run', event({ status: 'PENDING_REDRIVE' })],
    [
      'an event of another service',
      { ...event({}), 'detail-type': 'EC2 Instance State-change Notification' },
    ],
  ])('refuses %s', async (_, payload) => {
    await expect(handler(payload)).rejects.toThrow(BadInputError);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]),
  );
}
