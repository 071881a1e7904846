import type { RunStarter } from '../../functions/api/admin/run-starter.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { log } from '../../functions/shared/telemetry.ts';
import { newRunId, type PipelineOutcome } from '../pipeline/run-pipeline.ts';
import type { Reporter } from '../terminal/progress.ts';
import { RunLog } from './run-log.ts';

/** Runs the pipeline once. */
export type Execute = (runId: string, input: PipelineInput, reporter: Reporter) => Promise<PipelineOutcome>;

/** How many runs keep their messages for readers that come late. */
const KEPT_LOGS = 20;

/**
 * The runs of this process: those of the schedule, of administrators and of other commands. Each one waits for the one
 * before, because two runs at once would share the vendor's pace and compute the same rows twice.
 */
export class RunQueue implements RunStarter {
  readonly #execute: Execute;
  readonly #reporter: Reporter;
  readonly #logs = new Map<string, RunLog>();
  #last: Promise<unknown> = Promise.resolve();
  #ended = 0;

  /** @param reporter - receives the messages of every run */
  constructor(execute: Execute, reporter: Reporter) {
    this.#execute = execute;
    this.#reporter = reporter;
  }

  /**
   * Adds a run, and waits for its end.
   *
   * @throws the error that failed the run
   */
  run(input: PipelineInput, runId = newRunId()): Promise<PipelineOutcome> {
    const messages = new RunLog();
    this.#remember(runId, messages);
    const run = this.#last.then(() => this.#execute(runId, input, both(messages, this.#reporter)));
    this.#last = messages.close(run).then(() => {
      this.#ended++;
    });
    return run;
  }

  /** How many runs have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** Adds a run without waiting for it. Its row in `pipeline_runs` says how it ended. */
  async start(runId: string, input: PipelineInput): Promise<void> {
    this.run(input, runId).then(
      () => this.#reporter.line(`Run ${runId} finished.`),
      (error: unknown) =>
        log('error', 'run failed', { runId, error: error instanceof Error ? error.message : typeof error }),
    );
  }

  /** The messages of a run; undefined for one that is unknown, or that ended many runs ago. */
  logOf(runId: string): RunLog | undefined {
    return this.#logs.get(runId);
  }

  /** Waits until every run has ended. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }

  #remember(runId: string, messages: RunLog): void {
    this.#logs.set(runId, messages);
    const [oldest] = this.#logs.keys();
    if (this.#logs.size > KEPT_LOGS && oldest !== undefined) this.#logs.delete(oldest);
  }
}

function both(...reporters: Reporter[]): Reporter {
  return {
    update: (text) => {
      for (const reporter of reporters) reporter.update(text);
    },
    line: (text) => {
      for (const reporter of reporters) reporter.line(text);
    },
  };
}
