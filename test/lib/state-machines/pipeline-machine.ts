import { StateMachine } from 'aws-local-stepfunctions';
import type { z } from 'zod';
import {
  Batch,
  FinishRequest,
  InferResult,
  PlanRequest,
  RunReference,
} from '../../../functions/shared/contracts.ts';
import { synthesiseDefinition } from '../../../local/commands/synth-definition.ts';
import { type Definition, execute, type Handler, type Json } from './state-machine.ts';

export const definition = synthesiseDefinition() as unknown as Definition;
const machine = new StateMachine(definition);

/** A batch in the format of Plan's result. */
export const batch = (number: number) => ({
  runId: 'run-1',
  batch: number,
  interval: 'daily',
  from: '2026-11-02',
  asOf: '2026-11-20',
  symbols: [`SYM${number}`],
});

/** Runs the definition with a stub for each function. Each stub validates its input against the contract. */
export async function run(
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
  const handlers = [
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
  ];
  const outcome = await execute(machine, input, handlers);
  return { ...outcome, calls, visited: calls.map(([state]) => state) };
}

/** A handler that throws. */
export const failing = (error: Error) => () => {
  throw error;
};
