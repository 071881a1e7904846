import { FargatePlatformVersion, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import {
  EcsFargateLaunchTarget,
  EcsRunTask,
  type EcsRunTaskProps,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface RunFargateTaskProps extends Omit<EcsRunTaskProps, 'launchTarget' | 'integrationPattern'> {}

/** Runs a task on Fargate and waits for its end. It may stop and describe only tasks of its own cluster. */
export class RunFargateTask extends EcsRunTask {
  constructor(scope: Construct, id: string, props: RunFargateTaskProps) {
    super(scope, id, {
      integrationPattern: IntegrationPattern.RUN_JOB,
      launchTarget: new EcsFargateLaunchTarget({ platformVersion: FargatePlatformVersion.LATEST }),
      propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
      ...props,
    });
    // The CDK would allow these actions on every task of the account.
    for (const statement of this.taskPolicies ?? []) {
      if (!statement.actions.includes('ecs:StopTask')) continue;
      statement.addCondition('ArnEquals', { 'ecs:cluster': props.cluster.clusterArn });
    }
  }
}
