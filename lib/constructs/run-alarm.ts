import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** What an alarm says of itself. */
export interface RunAlarmProps {
  readonly stateMachine: StateMachine;
  readonly topic: ITopic;
  readonly description: string;
}

/**
 * Raises an alarm for every execution that failed, timed out or was aborted.
 *
 * @example
 * alarmOnFailedRuns(this, 'RunFailed', { stateMachine, topic, description: 'A run failed: see its execution.' });
 */
export function alarmOnFailedRuns(scope: Construct, id: string, props: RunAlarmProps): void {
  const { stateMachine, topic, description } = props;
  const period = Duration.minutes(5);
  const alarm = new Alarm(scope, id, {
    alarmDescription: description,
    metric: new MathExpression({
      expression: 'failed + timedOut + aborted',
      label: 'Runs that did not succeed',
      period,
      usingMetrics: {
        failed: stateMachine.metricFailed({ period }),
        timedOut: stateMachine.metricTimedOut({ period }),
        aborted: stateMachine.metricAborted({ period }),
      },
    }),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
}
