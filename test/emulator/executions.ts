import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import type { Stand } from './stand.ts';

/** How long an execution may take here. */
const PATIENCE_MS = 180_000;

/** Starts the pipeline as an operator does, with an input to paste. */
export async function start({ aws, output }: Stand, input: object, name: string): Promise<string> {
  const { executionArn } = await aws.states.send(
    new StartExecutionCommand({
      stateMachineArn: output('StateMachineArn'),
      name,
      input: JSON.stringify(input),
    }),
  );
  return executionArn ?? '';
}

/** Waits for an execution's end, whichever it is. */
export async function ended({ aws }: Stand, executionArn: string): Promise<DescribeExecutionOutput> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const execution = await aws.states.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    if (Date.now() > deadline) throw new BoursomaticError('emulator', `${executionArn} is still running`);
    await pause(500);
  }
}

/** Runs the pipeline to its end, which has to be a good one. */
export async function succeed(stand: Stand, input: object, name: string): Promise<DescribeExecutionOutput> {
  const execution = await ended(stand, await start(stand, input, name));
  if (execution.status === 'SUCCEEDED') return execution;
  const { status, error, cause } = execution;
  throw new BoursomaticError('emulator', `execution ${name} ${status}: ${error}: ${cause}`);
}

/** Every execution of the pipeline that there has been. */
export async function executions({ aws, output }: Stand): Promise<string[]> {
  const answer = await aws.states.send(
    new ListExecutionsCommand({ stateMachineArn: output('StateMachineArn') }),
  );
  return (answer.executions ?? []).map(({ executionArn }) => executionArn ?? '');
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));
