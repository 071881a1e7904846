import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import type { TestBed } from './test-bed.ts';

/** Limit of an execution in these tests. */
const TIMEOUT_MS = 180_000;

/** Starts an execution of the pipeline, as an operator does. */
export async function startExecution({ aws, output }: TestBed, input: object, name: string): Promise<string> {
  const { executionArn } = await aws.states.send(
    new StartExecutionCommand({
      stateMachineArn: output('StateMachineArn'),
      name,
      input: JSON.stringify(input),
    }),
  );
  return defined(executionArn, 'ARN of the started execution');
}

/** Waits until an execution succeeds or fails. */
export async function waitForEnd({ aws }: TestBed, executionArn: string): Promise<DescribeExecutionOutput> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const execution = await aws.states.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    if (Date.now() > deadline)
      throw new BoursomaticError('emulator', `${executionArn} is still running after ${TIMEOUT_MS / 1000} s`);
    await pause(500);
  }
}

/**
 * Runs the pipeline to its end.
 *
 * @throws BoursomaticError with error and cause if the execution does not succeed
 */
export async function runToSuccess(
  bed: TestBed,
  input: object,
  name: string,
): Promise<DescribeExecutionOutput> {
  const execution = await waitForEnd(bed, await startExecution(bed, input, name));
  if (execution.status === 'SUCCEEDED') return execution;
  const { status, error, cause } = execution;
  throw new BoursomaticError('emulator', `execution ${name} ${status}: ${error}: ${cause}`);
}

/** The ARNs of all executions of the pipeline. */
export async function listExecutions({ aws, output }: TestBed): Promise<string[]> {
  const { executions = [] } = await aws.states.send(
    new ListExecutionsCommand({ stateMachineArn: output('StateMachineArn') }),
  );
  return executions.map(({ executionArn }) => defined(executionArn, 'ARN of an execution'));
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));
