import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RunStarter } from './run-starter.ts';

let client: SFNClient | undefined;

/**
 * The state machine in AWS, as a starter of runs.
 *
 * @param stateMachineArn - its ARN
 */
export function stateMachine(stateMachineArn: string): RunStarter {
  return {
    start: async (name, input) => {
      client ??= new SFNClient();
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    },
  };
}
