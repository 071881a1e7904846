import * as z from 'zod';
import type { ExecutionStatusChange } from '../shared/contracts.ts';
import { describeFailure, onOneLine, parseObject } from '../shared/execution-failure.ts';

/** The parts of a stopped task's description that explain its end. ECS omits what it does not know. */
const StoppedTask = z.object({
  TaskArn: z.string().optional(),
  StoppedReason: z.string().optional(),
  Containers: z.array(z.object({ ExitCode: z.int().optional() })),
});

/**
 * Describes in one line why a retraining failed. If the trainer's task failed, the cause is the task's whole
 * description, which this function replaces with one sentence.
 */
export function describeRetrainingFailure(detail: ExecutionStatusChange['detail']): string {
  const { error, cause } = detail;
  const task =
    error === 'States.TaskFailed' && cause ? StoppedTask.safeParse(parseObject(cause)).data : undefined;
  return task ? onOneLine(`TrainingFailed: ${explain(task)}`) : describeFailure(detail);
}

function explain({ TaskArn, StoppedReason, Containers: [container] }: z.output<typeof StoppedTask>): string {
  // A container that ran has an exit code; one that did not start has only a reason.
  if (container?.ExitCode !== undefined) {
    const log = TaskArn ? ` The log of task ${TaskArn} has the details.` : '';
    return `the trainer exited with code ${container.ExitCode} (2: unusable data).${log}`;
  }
  if (StoppedReason) return `the trainer did not finish: ${StoppedReason}`;
  return 'the trainer did not finish, and its task has no stop reason';
}
