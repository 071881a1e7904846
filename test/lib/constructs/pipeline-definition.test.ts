import { readFileSync } from 'node:fs';
import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  Batch,
  FinishRequest,
  InferResult,
  PlanRequest,
  RunReference,
} from '../../../functions/shared/contracts.ts';
import { BadInputError, DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { TRANSIENT_ERRORS } from '../../../lib/constructs/pipeline-definition.ts';
import { PIPELINE_STEPS } from '../../../lib/constructs/pipeline-steps.ts';
import { DEFINITION_FILE, synthesiseDefinition } from '../../../local/synth-definition.ts';

type Definition = ConstructorParameters<typeof StateMachine>[0];
type Json = Parameters<StateMachine['run']>[0];
type Handler = (input: Json) => Json;

const definition = synthesiseDefinition() as unknown as Definition;

/** A state, as far as these tests look into it. */
interface AslState {
  Type: string;
  Comment?: string;
  TimeoutSeconds?: number;
  Retry?: {
    ErrorEquals: string[];
    IntervalSeconds: number;
    MaxAttempts: number;
    BackoffRate: number;
    MaxDelaySeconds: number;
    JitterStrategy: string;
  }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  ItemProcessor?: { States: Record<string, AslState> };
}

/** Every state by name, those inside the map too. */
function states(machine: unknown = definition): [string, AslState][] {
  return Object.entries((machine as { States: Record<string, AslState> }).States).flatMap(([name, state]) => [
    [name, state] as [string, AslState],
    ...(state.ItemProcessor ? states(state.ItemProcessor) : []),
  ]);
}

const batch = (number: number) => ({
  runId: 'run-1',
  batch: number,
  interval: 'daily',
  from: '2026-11-02',
  asOf: '2026-11-20',
  symbols: [`SYM${number}`],
});

/** Runs the definition with a stub for each function; each checks that it got what its contract says. */
async function run(
  input: Json,
  replaced: Record<string, Handler> = {},
  mode = 'daily',
  batches = 3,
  more: { replay?: string } = {},
) {
  const calls: [string, unknown][] = [];
  const reference = { runId: 'run-1', asOf: '2026-11-20' };
  const plan = {
    ...reference,
    mode,
    instruments: batches,
    batches: Array.from({ length: batches }, (_, i) => ({ ...batch(i), ...more })),
  };
  const stub = (state: string, contract: z.ZodType, answer: Handler): [string, Handler] => [
    state,
    (given) => {
      calls.push([state, contract.parse(given)]);
      return (replaced[state] ?? answer)(given);
    },
  ];
  const counts = { batch: 0, fetched: 1, failed: 0 };
  const loaded = { batch: 0, bars: 1, failed: 0, restated: [] };
  const handlers = Object.fromEntries([
    stub('Plan', PlanRequest, () => plan),
    stub('Fetch', Batch, () => counts),
    stub('Load', Batch, () => loaded),
    stub('Fetch whole history', Batch, () => counts),
    stub('Load whole history', Batch, () => loaded),
    stub('Features', Batch, () => counts),
    stub('Infer', RunReference, () => ({
      ...reference,
      modelVersion: 'v1',
      scores: 'scores/run-1.json',
      instruments: 3,
      failed: 0,
    })),
    stub('Publish', InferResult, () => ({ ...reference, modelVersion: 'v1', activated: 3, archived: 0 })),
    stub('Score', RunReference, () => ({ scored: 0 })),
    stub('Record success', FinishRequest, () => ({ runId: 'run-1', status: 'succeeded' })),
    stub('Record failure', FinishRequest, () => ({ runId: 'run-1', status: 'failed' })),
  ]);
  const { result } = new StateMachine(definition).run(input, {
    context: { Execution: { Name: 'run-1' } },
    overrides: {
      taskResourceLocalHandlers: handlers,
      retryIntervalOverrides: Object.fromEntries(Object.keys(handlers).map((state) => [state, 0])),
    },
  });
  const outcome = await result.then(
    (output) => ({ output, error: undefined }),
    (error: unknown) => {
      if (!(error instanceof ExecutionError)) throw error;
      return { output: undefined, error: error.cause as Error };
    },
  );
  return { ...outcome, calls, visited: calls.map(([state]) => state) };
}

const failing = (error: Error) => () => {
  throw error;
};

describe('a run', () => {
  it('goes through every step on a day, and ends with the row of the run', async () => {
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

  it.each(['backfill', 'intraday'])('ends without recommendations in mode %s', async (mode) => {
    const { output, visited } = await run({ mode }, {}, mode, 1);
    expect(output).toEqual({ runId: 'run-1', status: 'succeeded' });
    expect(visited).toEqual(['Plan', 'Fetch', 'Load', 'Features', 'Record success']);
  });

  it('still recommends where there is nothing to fetch', async () => {
    const { visited } = await run({}, {}, 'daily', 0);
    expect(visited).toEqual(['Plan', 'Infer', 'Publish', 'Score', 'Record success']);
  });

  it('hands the input to Plan as it came, for Plan to judge', async () => {
    const { calls } = await run({ mode: 'daily', symbls: ['AAPL'] });
    expect(calls[0]?.[1]).toEqual({ runId: 'run-1', input: { mode: 'daily', symbls: ['AAPL'] } });
  });
});

describe('where the past was restated', () => {
  const whole = (number: number, more = {}) => ({ ...batch(number), from: '2018-11-20', ...more });
  /** Says of the second batch that it needs its whole history. */
  const restating: Handler = (given) => {
    const { batch: number, replay } = Batch.parse(given);
    const result = { batch: number, bars: 0, failed: 0, restated: [] };
    if (number !== 1) return result;
    return { ...result, restated: ['SYM1'], whole: whole(1, replay ? { replay } : {}) } as Json;
  };

  it('fetches and loads the whole history of those, and of no others, before their features', async () => {
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

  it.each(['Fetch whole history', 'Load whole history'])(
    'goes on without it if "%s" fails',
    async (state) => {
      const { output, visited } = await run({}, { Load: restating, [state]: failing(new Error('no')) });
      expect(output).toMatchObject({ status: 'succeeded' });
      expect(visited.filter((name) => name === 'Features')).toHaveLength(3);
      expect(visited).not.toContain('Record failure');
    },
  );

  it('asks no provider in a replay', async () => {
    const { calls, visited } = await run({}, { Load: restating }, 'daily', 2, { replay: 'run-0' });
    expect(visited.filter((state) => state.startsWith('Fetch'))).toEqual([]);
    expect(calls.find(([state]) => state === 'Load whole history')?.[1]).toEqual(
      whole(1, { replay: 'run-0' }),
    );
    expect(visited.filter((state) => state === 'Load')).toHaveLength(2);
  });
});

describe('a run that fails', () => {
  it('records what Plan refused, at the first refusal, and fails with it', async () => {
    const { error, calls } = await run({}, { Plan: failing(new BadInputError('symbls: is not known')) });
    expect(calls).toEqual([
      ['Plan', expect.anything()],
      [
        'Record failure',
        { runId: 'run-1', error: { Error: 'BadInputError', Cause: 'symbls: is not known' } },
      ],
    ]);
    expect(error).toMatchObject({ name: 'BadInputError', message: 'symbls: is not known' });
  });

  it.each(['Fetch', 'Load', 'Features'])(
    'records one failed batch of three, too many, in %s',
    async (state) => {
      const breakSecondBatch: Handler = (given) => {
        if (Batch.parse(given).batch === 1) throw new Error('disk full');
        return {};
      };
      const { error, calls, visited } = await run({}, { [state]: breakSecondBatch });
      expect(visited).not.toContain('Infer');
      expect(calls.filter(([name]) => name.startsWith('Record'))).toEqual([
        ['Record failure', { runId: 'run-1', error: { Error: 'Error', Cause: 'disk full' } }],
      ]);
      expect(error).toMatchObject({ name: 'Error', message: 'disk full' });
    },
  );

  it.each(['Infer', 'Publish', 'Score', 'Record success'])('records a failure of %s', async (state) => {
    const { error, visited } = await run({}, { [state]: failing(new TypeError('no such row')) });
    expect(visited.slice(-2)).toEqual([state, 'Record failure']);
    expect(error).toMatchObject({ name: 'TypeError', message: 'no such row' });
  });

  it('fails with the first error even if the ledger cannot take note of it', async () => {
    const { error } = await run(
      {},
      { Plan: failing(new BadInputError('no')), 'Record failure': failing(new Error('the ledger is gone')) },
    );
    expect(error).toMatchObject({ name: 'BadInputError', message: 'no' });
  });

  it('fails with the error alone where it comes without a cause', async () => {
    const tail = { ...definition, StartAt: 'Cause given?' } as Definition;
    const { result } = new StateMachine(tail, { validationOptions: { noValidate: true } }).run({
      Error: 'States.Timeout',
    });
    await expect(result).rejects.toMatchObject({ cause: { name: 'States.Timeout' } });
  });
});

describe('retries', () => {
  it('tries again while the database is out of reach', async () => {
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

  it('gives up after five attempts', async () => {
    const { error, visited } = await run(
      {},
      { Infer: failing(new DatabaseUnreachableError('database: gone')) },
    );
    expect(visited.filter((state) => state === 'Infer')).toHaveLength(5);
    expect(error).toMatchObject({ name: 'DatabaseUnreachableError' });
  });

  it('never repeats what another attempt cannot mend', () => {
    for (const error of [
      'BadInputError',
      'ConfigurationError',
      'ModelError',
      'States.ALL',
      'States.TaskFailed',
    ]) {
      expect(TRANSIENT_ERRORS).not.toContain(error);
    }
  });
});

describe('the definition', () => {
  const tasks = states().filter(([, { Type }]) => Type === 'Task');

  it.each(states())('says what "%s" is for', (_, state) => {
    expect(state.Comment).toMatch(/\.$/);
  });

  it.each(tasks)('bounds "%s" in time, and retries it with backoff and full jitter', (_, state) => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    expect(state.Retry).toEqual([
      expect.objectContaining({ ErrorEquals: ['Lambda.TooManyRequestsException'], JitterStrategy: 'FULL' }),
      expect.objectContaining({ ErrorEquals: TRANSIENT_ERRORS, BackoffRate: 2, JitterStrategy: 'FULL' }),
    ]);
  });

  it('waits for a function that another run keeps busy for longer than a batch takes', () => {
    const retry = Object.fromEntries(states()).Fetch?.Retry?.[0];
    if (!retry) throw new Error('Fetch has no retry');
    const waits = Array.from({ length: retry.MaxAttempts }, (_, attempt) =>
      Math.min(retry.IntervalSeconds * retry.BackoffRate ** attempt, retry.MaxDelaySeconds),
    );
    // Full jitter waits half of it on average.
    const seconds = waits.reduce((sum, wait) => sum + wait, 0) / 2;
    expect(seconds).toBeGreaterThan(PIPELINE_STEPS.fetch.timeoutMinutes * 60);
  });

  it('catches every error, outside the map in each state and for the map as a whole', () => {
    const catching = states().filter(([, { Catch }]) => Catch);
    expect(catching.map(([name, { Catch }]) => [name, Catch?.[0]?.ErrorEquals, Catch?.[0]?.Next])).toEqual([
      ['Plan', ['States.ALL'], 'Record failure'],
      ['For each batch', ['States.ALL'], 'Record failure'],
      ...['Fetch whole history', 'Load whole history'].map((name) => [name, ['States.ALL'], 'Features']),
      ...['Record success', 'Score', 'Publish', 'Infer'].map((name) => [
        name,
        ['States.ALL'],
        'Record failure',
      ]),
      ['Record failure', ['States.ALL'], 'Cause given?'],
    ]);
  });

  it('works on a few batches at once, in children of their own, and tolerates a share of failures', () => {
    expect(Object.fromEntries(states())['For each batch']).toMatchObject({
      MaxConcurrency: 4,
      ToleratedFailurePercentage: 20,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
  });

  it('is stored as it is synthesised: run "node local/synth-definition.ts" after a change', () => {
    expect(JSON.parse(readFileSync(DEFINITION_FILE, 'utf8'))).toEqual(synthesiseDefinition());
  });
});
