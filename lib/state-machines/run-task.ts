import { FargatePlatformVersion, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import {
  EcsFargateLaunchTarget,
  EcsRunTask,
  type EcsRunTaskProps,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** What a task is told: variables of its container, most of them paths into the state's input. */
export interface RunFargateTaskProps extends Omit<EcsRunTaskProps, 'launchTarget' | 'integrationPattern'> {}

/** Runs a task on Fargate and waits for its end. May stop and describe the tasks of its own cluster alone. */
export class RunFargateTask extends EcsRunTask {
  constructor(scope: Construct, id: string, props: RunFargateTaskProps) {
    super(scope, id, {
      integrationPattern: IntegrationPattern.RUN_JOB,
      launchTarget: new EcsFargateLaunchTarget({ platformVersion: FargatePlatformVersion.LATEST }),
      propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
      ...props,
    });
    // The CDK allows it for every task of the account.
    for (const statement of this.taskPolicies ?? []) {
      if (!statement.actions.includes('ecs:StopTask')) continue;
      statement.addCondition('ArnEquals', { 'ecs:cluster': props.cluster.clusterArn });
    }
  }
}
