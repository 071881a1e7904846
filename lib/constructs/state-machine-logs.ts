import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, type LogOptions } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * Logs all events of a state machine without execution data.
 *
 * @param stack - the id of the stack, which names the log group
 */
export function stateMachineLogs(scope: Construct, id: string, stack: string): LogOptions {
  return {
    level: LogLevel.ALL,
    includeExecutionData: false,
    destination: new LogGroup(scope, id, {
      // With this prefix, one resource policy of the account covers all log groups for delivered logs.
      logGroupName: `/aws/vendedlogs/states/${stack}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  };
}
