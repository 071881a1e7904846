import { ExecutionError, type StateMachine } from 'aws-local-stepfunctions';

export type Definition = ConstructorParameters<typeof StateMachine>[0];
export type Json = Parameters<StateMachine['run']>[0];
export type Handler = (input: Json) => Json;

/** Runs a state machine with a handler for each task, and without delays between retries. */
export async function execute(machine: StateMachine, input: Json, handlers: [state: string, Handler][]) {
  const { result } = machine.run(input, {
    context: { Execution: { Name: 'run-1' } },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers),
      retryIntervalOverrides: Object.fromEntries(handlers.map(([state]) => [state, 0])),
    },
  });
  return result.then(
    (output) => ({ output, error: undefined }),
    (error: unknown) => {
      if (!(error instanceof ExecutionError)) throw error;
      return { output: undefined, error: error.cause as Error };
    },
  );
}
