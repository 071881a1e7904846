import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RunStarter } from './run-starter.ts';

let client: SFNClient | undefined;

/**
 * Starts runs as executions of a Step Functions state machine.
 */
export function stateMachine(stateMachineArn: string): RunStarter {
  return {
    start: async (name, input) => {
      client ??= new SFNClient();
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    },
  };
}
