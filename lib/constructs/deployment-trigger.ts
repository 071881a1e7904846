import { CfnResource, Stack } from 'aws-cdk-lib';
import { Trigger, type TriggerProps } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { defined } from '../../functions/shared/invariant.ts';

/** The CDK's function that calls the triggered functions of a stack. */
const CALLER = 'AWSCDK.TriggerCustomResourceProviderCustomResourceProvider/Handler';

/** Attempts of the SDK, which doubles its waits up to 20 seconds. Together they wait for over a minute. */
const ATTEMPTS = 15;

/**
 * Runs a function during a deployment when its code or files have changed. If the function is busy or its interface in
 * the VPC is not ready, the call is repeated.
 */
export class DeploymentTrigger extends Trigger {
  constructor(scope: Construct, id: string, props: TriggerProps) {
    super(scope, id, props);
    let caller: Construct | undefined = Stack.of(this);
    for (const part of CALLER.split('/')) caller = caller?.node.tryFindChild(part) as Construct | undefined;
    const resource = defined(caller, 'function of the CDK that calls triggers');
    if (!CfnResource.isCfnResource(resource)) throw new TypeError(`${CALLER} is no resource`);
    resource.addPropertyOverride('Environment.Variables.AWS_MAX_ATTEMPTS', String(ATTEMPTS));
  }
}
