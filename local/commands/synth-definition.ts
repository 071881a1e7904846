import { writeFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  PIPELINE_COMMENT,
  PIPELINE_TIMEOUT,
  pipelineDefinition,
} from '../../lib/state-machines/pipeline-definition.ts';
import { STEP_NAMES, type StepName } from '../../lib/state-machines/pipeline-steps.ts';

/** The definition as it is stored, so that the local runner starts without loading the CDK. */
export const DEFINITION_FILE = new URL('../pipeline/pipeline.asl.json', import.meta.url);

/** Stands for a function's ARN in the stored definition, where no deployment gives one. */
export function placeholderArn(step: StepName): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${step}`;
}

/**
 * Synthesises the pipeline's state-machine definition and nothing else: no function is bundled.
 *
 * @example
 * // node local/commands/synth-definition.ts writes it to local/pipeline/pipeline.asl.json
 * const { States } = synthesiseDefinition();
 */
export function synthesiseDefinition(): Record<string, unknown> {
  const stack = new Stack(new App(), 'definition', { env: { account: '000000000000', region: 'us-east-1' } });
  const functions = Object.fromEntries(
    STEP_NAMES.map((step) => [
      step,
      LambdaFunction.fromFunctionArn(stack, `${step}-function`, placeholderArn(step)),
    ]),
  ) as Record<StepName, LambdaFunction>;
  const stateMachine = new StateMachine(stack, 'Pipeline', {
    comment: PIPELINE_COMMENT,
    timeout: PIPELINE_TIMEOUT,
    definitionBody: DefinitionBody.fromChainable(pipelineDefinition(stack, functions)),
  });
  const resource = stateMachine.node.defaultChild as CfnStateMachine;
  return JSON.parse(stack.resolve(resource.definitionString));
}

if (import.meta.main) {
  writeFileSync(DEFINITION_FILE, `${JSON.stringify(synthesiseDefinition(), null, 2)}\n`);
}
