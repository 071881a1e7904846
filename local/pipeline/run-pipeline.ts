import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StateMachine } from 'aws-local-stepfunctions';
import { handler as features } from '../../functions/features/features.lambda.ts';
import { handler as infer } from '../../functions/infer/infer.lambda.ts';
import { handler as publish } from '../../functions/infer/publish.lambda.ts';
import { handler as score } from '../../functions/infer/score.lambda.ts';
import { handler as fetch } from '../../functions/ingest/fetch.lambda.ts';
import { handler as finish } from '../../functions/ingest/finish.lambda.ts';
import { handler as load } from '../../functions/ingest/load.lambda.ts';
import { handler as plan } from '../../functions/ingest/plan.lambda.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { describeError } from '../terminal/exit.ts';
import type { Reporter } from '../terminal/progress.ts';
import { FailedBatches } from './failed-batches.ts';
import { recordFailure } from './record-failure.ts';
import { Retries } from './retries.ts';
import { holdRun } from './run-lock.ts';
import { StepTimer } from './step-timer.ts';

/** The deployed definition, as the stack synthesises it; a test fails if the file is outdated. */
const DEFINITION = new URL('pipeline.asl.json', import.meta.url);

/** A function that a task state calls. */
export type Handler = (event: unknown) => Promise<unknown>;

/** The handler of each task state, the one that AWS invokes. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  Plan: plan,
  Fetch: fetch,
  Load: load,
  'Fetch whole history': fetch,
  'Load whole history': load,
  Features: features,
  Infer: infer,
  Publish: publish,
  Score: score,
  'Record success': finish,
};

/** The state that closes the run in the ledger. */
const LEDGER_STATE = 'Record success';

/** States of a batch; the run continues without the batch if they fail, as far as the definition tolerates it. */
const BATCH_STATES = ['Fetch', 'Load', 'Features'];

/** States whose errors the definition catches: the run continues without them. */
const OPTIONAL_STATES = ['Fetch whole history', 'Load whole history'];

/** Under which step the duration of a repeated state is reported. */
const STEPS: Record<string, string> = { 'Fetch whole history': 'fetch', 'Load whole history': 'load' };

/** A run that published, or updated data. */
export interface PipelineOutcome {
  runId: string;
  /** Seconds of each step, by its name in lower case; concurrent steps share the time. */
  seconds: Record<string, number>;
}

/**
 * Runs the pipeline's state machine in this process. If it fails, records the failure in the ledger.
 *
 * @param input - the execution's input, in the format of the Step Functions console
 * @param runId - the execution's name
 * @param replaced - handlers by state, instead of those that AWS invokes
 * @throws the error of the function that failed the execution
 */
export async function runPipeline(
  input: Partial<PipelineInput>,
  progress: Reporter,
  runId = newRunId(),
  replaced: Record<string, Handler> = {},
): Promise<PipelineOutcome> {
  const timer = new StepTimer();
  const tracker = new Tracker(progress);
  const running = new Set<Promise<unknown>>();
  const definition = JSON.parse(await readFile(DEFINITION, 'utf8'));
  const retries = new Retries(definition);
  const failedBatches = new FailedBatches(definition);
  let failure: unknown;
  const bound = Object.entries({ ...HANDLERS, ...replaced }).map(([state, handler]) => {
    const step = state === LEDGER_STATE ? 'ledger' : (STEPS[state] ?? state.toLowerCase());
    const invoke = async (event: unknown) => {
      // Unlike AWS, the local state machine starts further batches after one has failed the run.
      if (failure) throw failure;
      const batch = BATCH_STATES.includes(state) ? (event as { batch: number }).batch : undefined;
      if (batch !== undefined && failedBatches.has(batch)) return {};
      tracker.started(state);
      const stop = timer.start(step);
      try {
        // In AWS, payloads cross a process boundary as JSON. Do the same here, so that nothing else gets through.
        const result = JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(event)))));
        if (state === 'Plan') failedBatches.planned = result.batches.length;
        tracker.finished(state, result);
        return result;
      } catch (error) {
        if (OPTIONAL_STATES.includes(state) || !retries.isFinal(state, event, error)) throw error;
        if (batch !== undefined && failedBatches.add(batch)) {
          progress.line(`${state} failed for a batch of instruments: ${describeError(error)}`);
          return {};
        }
        failure = error;
        throw error;
      } finally {
        stop();
      }
    };
    const task = (event: unknown) => {
      const invocation = invoke(event);
      running.add(invocation);
      invocation.then(
        () => running.delete(invocation),
        () => running.delete(invocation),
      );
      return invocation;
    };
    return [state, task];
  });
  const release = await holdRun(runId);
  const machine = new StateMachine(definition);
  const execution = machine.run(input as never, {
    overrides: { taskResourceLocalHandlers: Object.fromEntries(bound) },
    context: { Execution: { Name: runId } } as never,
  });
  const failed = await execution.result.then(
    () => undefined,
    (error: unknown) => ({ reason: failure ?? error }),
  );
  // Batches that are still writing must end before the run is closed, and before the caller closes the database.
  while (running.size > 0) await Promise.allSettled(running);
  if (failed) await recordFailure(runId, failed.reason);
  await release();
  if (failed) throw failed.reason;
  return { runId, seconds: timer.seconds() };
}

/** A new execution name from the current time, as UTC. */
export function newRunId(): string {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 17);
  return `local-${time}-${randomBytes(3).toString('hex')}`;
}

/** Shows progress from starts and ends of invocations: for the steps in the map, how many batches are done. */
class Tracker {
  readonly #progress: Reporter;
  readonly #done = new Map<string, number>();
  #batches = 0;
  constructor(progress: Reporter) {
    this.#progress = progress;
  }

  started(state: string): void {
    if (state === LEDGER_STATE || OPTIONAL_STATES.includes(state) || this.#isBatched(state)) return;
    this.#progress.update(`${state}…`);
  }

  finished(state: string, result: unknown): void {
    if (state === 'Plan') this.#batches = (result as { batches: unknown[] }).batches.length;
    if (!this.#isBatched(state)) return;
    this.#done.set(state, (this.#done.get(state) ?? 0) + 1);
    const parts = BATCH_STATES.map((name) => `${name} ${this.#done.get(name) ?? 0}/${this.#batches}`);
    this.#progress.update(`Batches done: ${parts.join(', ')}`);
  }

  #isBatched(state: string): boolean {
    return BATCH_STATES.includes(state);
  }
}
