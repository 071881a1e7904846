import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as contracts from '../../../functions/shared/contracts.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { Day, InstrumentSymbol } from '../../../functions/shared/fields.ts';

const { parse } = contracts;
const run = { runId: 'run-1', asOf: '2026-03-06' };
const batch = {
  runId: 'run-1',
  batch: 0,
  interval: 'daily',
  from: '2026-02-27',
  asOf: '2026-03-06',
  symbols: ['AAPL'],
};

/** A valid payload of every schema. */
const PAYLOADS: Record<string, [z.ZodType, object]> = {
  PipelineInput: [
    contracts.PipelineInput,
    { mode: 'backfill', symbols: ['BRK-B'], from: '2018-01-01', to: '2018-01-01' },
  ],
  PlanRequest: [contracts.PlanRequest, { runId: 'run-1', input: { mode: 'daily' } }],
  Batch: [contracts.Batch, batch],
  PlanResult: [contracts.PlanResult, { ...run, mode: 'daily', instruments: 1, batches: [batch] }],
  FetchResult: [contracts.FetchResult, { batch: 0, fetched: 1, failed: 0 }],
  LoadResult: [
    contracts.LoadResult,
    { batch: 0, bars: 5, failed: 0, restated: ['AAPL'], whole: { ...batch, from: '2018-03-06' } },
  ],
  FeaturesResult: [contracts.FeaturesResult, { batch: 0, features: 5, failed: 0 }],
  RunReference: [contracts.RunReference, run],
  InferResult: [
    contracts.InferResult,
    { ...run, modelVersion: 'v1.0.0', scores: 'scores/run-1', instruments: 1, failed: 0 },
  ],
  PublishResult: [contracts.PublishResult, { ...run, modelVersion: 'v1.0.0', activated: 3, archived: 3 }],
  ScoreResult: [contracts.ScoreResult, { scored: 2 }],
  FinishRequest: [contracts.FinishRequest, { runId: 'run-1' }],
  FinishResult: [contracts.FinishResult, { runId: 'run-1', status: 'succeeded' }],
  RetrainingInput: [contracts.RetrainingInput, { version: 'v1.2.3' }],
  RetrainingPlan: [contracts.RetrainingPlan, { version: 'v1.2.3', path: 'v1.2.3/run', incumbent: 'v1.2.2' }],
  RegistrationResult: [contracts.RegistrationResult, { version: 'v1.2.3', added: true }],
  RetrainingFailure: [contracts.RetrainingFailure, { runId: 'run-1', reason: 'why' }],
  PromotionResult: [contracts.PromotionResult, { version: 'v1.2.3', promoted: false, reason: 'why' }],
};

test('every payload schema has an example in these tests', () => {
  const objects = Object.entries(contracts).filter(
    // Events of AWS may have more keys than the schema.
    ([name, value]) => value instanceof z.ZodObject && name !== 'ExecutionStatusChange',
  );
  expect(Object.keys(PAYLOADS).sort()).toEqual(objects.map(([name]) => name).sort());
});

describe.each(Object.entries(PAYLOADS))('%s', (name, [schema, payload]) => {
  test('accepts a valid payload unchanged', () => {
    expect(parse(name, schema, payload)).toEqual(payload);
  });

  test('rejects an unknown key', () => {
    const more = { ...payload, symbool: 1 };
    expect(() => parse(name, schema, more)).toThrow(
      new BadInputError(`${name}: Unrecognized key: "symbool"`),
    );
  });

  test('rejects a value that is not an object', () => {
    expect(() => parse(name, schema, 'run-1')).toThrow(BadInputError);
    expect(() => parse(name, schema, null)).toThrow(BadInputError);
  });
});

describe('PipelineInput', () => {
  const input = (value: unknown) => parse('pipeline input', contracts.PipelineInput, value);

  test('accepts an empty input', () => {
    expect(input({})).toEqual({});
  });

  test('accepts a replay with symbols but without days or mode', () => {
    expect(input({ replay: 'run-0', symbols: ['AAPL'] })).toEqual({ replay: 'run-0', symbols: ['AAPL'] });
    for (const more of [{ mode: 'daily' }, { from: '2026-01-01' }, { to: '2026-01-01' }]) {
      expect(() => input({ replay: 'run-0', ...more })).toThrow(
        'pipeline input: replay: takes the mode and the days of that run: leave out mode, from and to',
      );
    }
    expect(() => input({ replay: '' })).toThrow(BadInputError);
  });

  test('rejects a from later than to, and accepts equal days', () => {
    expect(() => input({ from: '2026-01-02', to: '2026-01-01' })).toThrow(
      'pipeline input: from: from is later than to',
    );
    expect(input({ from: '2026-01-01', to: '2026-01-01' })).toMatchObject({ from: '2026-01-01' });
  });

  test('reads each spelling of a symbol once', () => {
    expect(input({ symbols: ['brk.b', 'BRK-B', 'm&m.ns'] })).toEqual({ symbols: ['BRK-B', 'M&M.NS'] });
  });

  test('reports every fault in one message', () => {
    const faults = () => input({ mode: 'weekly', symbols: ['no symbol'], to: 'today', sympols: [] });
    expect(faults).toThrow(
      /^pipeline input: mode: .+; symbols\.0: is not a symbol such as AAPL or BRK-B; to: .+; Unrecognized key: "sympols"$/,
    );
  });
});

test.each(['AAPL', 'BRK-B', '^GSPC', 'EURUSD=X', 'RDSA.L', '0700.HK', 'A', 'M&M.NS', 'ABCDEFGHIJKLMNO'])(
  '%s is a symbol',
  (symbol) => {
    expect(InstrumentSymbol.safeParse(symbol).success).toBe(true);
  },
);

test.each(['', 'aapl', 'BRK.B', ' AAPL', 'AA PL', '../A', 'A/B', '-A', '.', 'ABCDEFGHIJKLMNOP', 'AAPL\n'])(
  '%j is not a symbol',
  (symbol) => {
    expect(InstrumentSymbol.safeParse(symbol).success).toBe(false);
  },
);

test.each(['2026-02-29', '2026-13-01', '20260101', '2026-01-01T00:00:00Z', '01/02/2026'])(
  '%s is not a day',
  (day) => {
    expect(Day.safeParse(day).success).toBe(false);
  },
);
