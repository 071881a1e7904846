/** The part of a state machine's definition that the runner reads. */
export interface Definition {
  States: Record<string, StateDefinition>;
}

interface StateDefinition {
  Retry?: { ErrorEquals: string[]; MaxAttempts?: number }[];
  ItemProcessor?: Definition;
  ToleratedFailurePercentage?: number;
}

/**
 * Tells the failures of a step that the state machine will retry from the final ones. The machine does not say which
 * is which before its retries have ended.
 */
export class Retries {
  readonly #states: ReadonlyMap<string, StateDefinition>;
  readonly #failures = new Map<string, number>();

  constructor(definition: Definition) {
    this.#states = new Map(statesOf(definition));
  }

  /**
   * Counts a failure of a state.
   *
   * @param input - the invocation's input, which tells concurrent batches apart
   * @returns whether the state machine invokes the state no more
   */
  isFinal(state: string, input: unknown, error: unknown): boolean {
    const name = error instanceof Error ? error.name : '';
    const retrier = this.#states.get(state)?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(name));
    if (!retrier) return true;
    const key = JSON.stringify([state, input]);
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    // Three attempts is the default of the Amazon States Language.
    return failures > (retrier.MaxAttempts ?? 3);
  }
}

function statesOf({ States }: Definition): [string, StateDefinition][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, StateDefinition],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}
