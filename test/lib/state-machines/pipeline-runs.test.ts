import { describe, expect, test } from 'vitest';
import { Batch } from '../../../functions/shared/contracts.ts';
import { BadInputError, DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { batch, failing, run } from './pipeline-machine.ts';
import type { Handler, Json } from './state-machine.ts';

describe('a run', () => {
  test('executes every step in daily mode, and returns the row of the run', async () => {
    const { output, calls, visited } = await run({});
    expect(output).toEqual({ runId: 'run-1', status: 'succeeded' });
    expect(visited[0]).toBe('Plan');
    expect(calls[0]?.[1]).toEqual({ runId: 'run-1', input: {} });
    for (const state of ['Fetch', 'Load', 'Features']) {
      const given = calls.filter(([name]) => name === state).map(([, input]) => input);
      expect(given, state).toEqual([batch(0), batch(1), batch(2)]);
    }
    expect(visited.slice(-4)).toEqual(['Infer', 'Publish', 'Score', 'Record success']);
    expect(calls.at(-1)?.[1]).toEqual({ runId: 'run-1' });
  });

  test.each(['backfill', 'intraday'])('ends without recommendations in mode %s', async (mode) => {
    const { output, visited } = await run({ mode }, {}, mode, 1);
    expect(output).toEqual({ runId: 'run-1', status: 'succeeded' });
    expect(visited).toEqual(['Plan', 'Fetch', 'Load', 'Features', 'Record success']);
  });

  test('publishes recommendations even if there is nothing to fetch', async () => {
    const { visited } = await run({}, {}, 'daily', 0);
    expect(visited).toEqual(['Plan', 'Infer', 'Publish', 'Score', 'Record success']);
  });

  test('passes the input unchanged to Plan, which validates it', async () => {
    const { calls } = await run({ mode: 'daily', symbls: ['AAPL'] });
    expect(calls[0]?.[1]).toEqual({ runId: 'run-1', input: { mode: 'daily', symbls: ['AAPL'] } });
  });
});

describe('a restated history', () => {
  const whole = (number: number, more = {}) => ({ ...batch(number), from: '2018-11-20', ...more });
  /** Reports that the second batch needs its whole history. */
  const restating: Handler = (given) => {
    const { batch: number, replay } = Batch.parse(given);
    const result = { batch: number, bars: 0, failed: 0, restated: [] };
    if (number !== 1) return result;
    return { ...result, restated: ['SYM1'], whole: whole(1, replay ? { replay } : {}) } as Json;
  };

  test('is fetched and loaded as a whole before the features, for its batch only', async () => {
    const { output, calls, visited } = await run({}, { Load: restating });
    expect(output).toMatchObject({ status: 'succeeded' });
    expect(calls.filter(([state]) => state.endsWith('whole history'))).toEqual([
      ['Fetch whole history', whole(1)],
      ['Load whole history', whole(1)],
    ]);
    const features = calls.filter(([state]) => state === 'Features').map(([, given]) => given);
    expect(features).toHaveLength(3);
    expect(features).toEqual(expect.arrayContaining([batch(0), batch(1), batch(2)]));
    const ofSecond = calls
      .filter(([, given]) => (given as { batch?: number }).batch === 1)
      .map(([state]) => state);
    expect(ofSecond).toEqual(['Fetch', 'Load', 'Fetch whole history', 'Load whole history', 'Features']);
    expect(visited.slice(-4)).toEqual(['Infer', 'Publish', 'Score', 'Record success']);
  });

  test.each(['Fetch whole history', 'Load whole history'])(
    'stays unchanged if "%s" fails, and the run continues',
    async (state) => {
      const { output, visited } = await run({}, { Load: restating, [state]: failing(new Error('no')) });
      expect(output).toMatchObject({ status: 'succeeded' });
      expect(visited.filter((name) => name === 'Features')).toHaveLength(3);
    },
  );

  test('is not fetched in a replay', async () => {
    const { calls, visited } = await run({}, { Load: restating }, 'daily', 2, { replay: 'run-0' });
    expect(visited.filter((state) => state.startsWith('Fetch'))).toEqual([]);
    expect(calls.find(([state]) => state === 'Load whole history')?.[1]).toEqual(
      whole(1, { replay: 'run-0' }),
    );
    expect(visited.filter((state) => state === 'Load')).toHaveLength(2);
  });
});

describe('a run that fails', () => {
  test('ends in Plan without a retry, with the error of Plan', async () => {
    const { error, visited } = await run({}, { Plan: failing(new BadInputError('symbls: is not known')) });
    expect(visited).toEqual(['Plan']);
    expect(error).toMatchObject({ name: 'BadInputError', message: 'symbls: is not known' });
  });

  test.each(['Fetch', 'Load', 'Features'])(
    'ends in the map if one batch of three fails in %s',
    async (state) => {
      const breakSecondBatch: Handler = (given) => {
        if (Batch.parse(given).batch === 1) throw new Error('disk full');
        return {};
      };
      const { error, visited } = await run({}, { [state]: breakSecondBatch });
      expect(visited).not.toContain('Infer');
      expect(error).toMatchObject({ name: 'Error', message: 'disk full' });
    },
  );

  test.each(['Infer', 'Publish', 'Score', 'Record success'])('ends in %s', async (state) => {
    const { error, visited } = await run({}, { [state]: failing(new TypeError('no such row')) });
    expect(visited.at(-1)).toBe(state);
    expect(error).toMatchObject({ name: 'TypeError', message: 'no such row' });
  });
});

describe('retries', () => {
  test('repeat a step while the database is unreachable', async () => {
    let failures = 2;
    const { output, visited } = await run(
      {},
      {
        Load: (input) => {
          if (failures-- > 0) throw new DatabaseUnreachableError('database: ECONNREFUSED');
          return { batch: Batch.parse(input).batch, bars: 0, failed: 0, restated: [] };
        },
      },
      'daily',
      1,
    );
    expect(output).toMatchObject({ status: 'succeeded' });
    expect(visited.filter((state) => state === 'Load')).toHaveLength(3);
    expect(visited.filter((state) => state === 'Fetch')).toHaveLength(1);
  });

  test('stop after seven attempts', async () => {
    const { error, visited } = await run(
      {},
      { Infer: failing(new DatabaseUnreachableError('database: gone')) },
    );
    expect(visited.filter((state) => state === 'Infer')).toHaveLength(7);
    expect(error).toMatchObject({ name: 'DatabaseUnreachableError' });
  });
});
