import { Choice, Condition, type IChainable, JsonPath, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The error name of a failed training task. */
const TRAINING_FAILED = 'TrainingFailed';

const EXIT_CODE = '$.task.Containers[0].ExitCode';
const STOPPED_REASON = '$.task.StoppedReason';

/**
 * Adds states that replace the cause of a failed task with one sentence. Step Functions reports the task's whole
 * description, as JSON. Other errors pass unchanged.
 *
 * @param next - receives the error in the format of a catch: `Error` and `Cause`
 */
export function explainTaskFailure(scope: Construct, next: IChainable): Choice {
  const explain = (id: string, comment: string, text: string, ...paths: string[]) =>
    new Pass(scope, id, {
      comment,
      parameters: {
        Error: TRAINING_FAILED,
        Cause: JsonPath.format(text, ...paths.map((path) => JsonPath.stringAt(path))),
      },
    }).next(next);

  const exit = new Choice(scope, 'Exit code known?', {
    comment: 'A container that ran has an exit code; one that did not start has only a reason.',
  })
    .when(
      Condition.isPresent(EXIT_CODE),
      explain(
        'Trainer failed',
        'Names the exit code and the task whose log has the details.',
        'The trainer exited with code {} (2: unusable data). The log of task {} has the details.',
        EXIT_CODE,
        '$.task.TaskArn',
      ),
    )
    .when(
      Condition.isPresent(STOPPED_REASON),
      explain(
        'Trainer never ran',
        'Names the reason why the container did not start or was stopped.',
        'The trainer did not finish: {}',
        STOPPED_REASON,
      ),
    )
    .otherwise(
      explain(
        'Trainer lost',
        'The description of the task has neither an exit code nor a reason.',
        'The trainer did not finish, and its task has no stop reason.',
      ),
    );

  const read = new Pass(scope, 'Read task', {
    comment: 'Parses the description of the task.',
    parameters: { task: JsonPath.stringToJson(JsonPath.stringAt('$.Cause')) },
  }).next(exit);

  return new Choice(scope, 'Task described?', {
    comment: 'A failed task has its description as the cause; a timeout has none.',
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
