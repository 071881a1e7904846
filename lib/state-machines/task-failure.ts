import { Choice, Condition, type IChainable, JsonPath, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The error that a training that ended badly has in the console. */
export const TRAINING_FAILED = 'TrainingFailed';

const EXIT_CODE = '$.task.Containers[0].ExitCode';
const STOPPED_REASON = '$.task.StoppedReason';

/**
 * Says in a sentence why a task ended, where the error's cause is the whole description of the task as JSON. An
 * error of any other kind goes on as it is.
 *
 * @param next - takes the error as a catch gives it: `Error` and `Cause`
 */
export function explainTaskFailure(scope: Construct, next: IChainable): Choice {
  const say = (id: string, comment: string, text: string, ...paths: string[]) =>
    new Pass(scope, id, {
      comment,
      parameters: {
        Error: TRAINING_FAILED,
        Cause: JsonPath.format(text, ...paths.map((path) => JsonPath.stringAt(path))),
      },
    }).next(next);

  const ended = new Choice(scope, 'How did it end?', {
    comment: 'A container that ran has an exit code; one that never started has only a reason.',
  })
    .when(
      Condition.isPresent(EXIT_CODE),
      say(
        'Trainer failed',
        'Names the exit code, and where the trainer said why.',
        'The trainer ended with exit code {} (2: the data cannot be used). The log of {} says why.',
        EXIT_CODE,
        '$.task.TaskArn',
      ),
    )
    .when(
      Condition.isPresent(STOPPED_REASON),
      say(
        'Trainer never ran',
        'Names the reason why the container did not start or was stopped.',
        'The trainer did not run to its end: {}',
        STOPPED_REASON,
      ),
    )
    .otherwise(
      say(
        'Trainer lost',
        'The description of the task has neither an exit code nor a reason.',
        'The trainer did not run to its end, and its task does not say why.',
      ),
    );

  const read = new Pass(scope, 'Read task', {
    comment: 'Reads the description of the task that ended.',
    parameters: { task: JsonPath.stringToJson(JsonPath.stringAt('$.Cause')) },
  }).next(ended);

  return new Choice(scope, 'Task described?', {
    comment: 'A task that ended badly leaves its description as the cause; a time-out leaves none.',
  })
    .when(
      Condition.and(
        Condition.stringEquals('$.Error', 'States.TaskFailed'),
        Condition.isPresent('$.Cause'),
        Condition.stringMatches('$.Cause', '{*}'),
      ),
      read,
    )
    .otherwise(next);
}
