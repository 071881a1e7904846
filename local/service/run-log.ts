import { EventEmitter, once } from 'node:events';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { PipelineOutcome } from '../pipeline/run-pipeline.ts';
import { describeError } from '../terminal/exit.ts';
import type { Reporter } from '../terminal/progress.ts';

/** A message about a run: its current step, a line for a person, or its end, which comes last. */
export type RunMessage =
  | { step: string }
  | { line: string }
  | { end: PipelineOutcome }
  | { failure: { message: string; isBadInput: boolean } };

/** The messages of a run. Readers get all of them, also those from before they began to read. */
export class RunLog implements Reporter {
  readonly #messages: RunMessage[] = [];
  readonly #events = new EventEmitter().setMaxListeners(0);

  update(text: string): void {
    this.#add({ step: text });
  }

  line(text: string): void {
    this.#add({ line: text });
  }

  /** Adds the end of the run. */
  async close(run: Promise<PipelineOutcome>): Promise<void> {
    const end = await run.then(
      (outcome) => ({ end: outcome }),
      (error: unknown) => ({
        failure: { message: describeError(error), isBadInput: error instanceof BadInputError },
      }),
    );
    this.#add(end);
  }

  /** Reads every message up to the end of the run. */
  async *read(signal?: AbortSignal): AsyncGenerator<RunMessage> {
    for (let i = 0; ; i++) {
      while (i >= this.#messages.length) await once(this.#events, 'message', { signal });
      const message = this.#messages[i] as RunMessage;
      yield message;
      if ('end' in message || 'failure' in message) return;
    }
  }

  #add(message: RunMessage): void {
    this.#messages.push(message);
    this.#events.emit('message');
  }
}
