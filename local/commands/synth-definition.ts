import { writeFile } from 'node:fs/promises';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  PIPELINE_COMMENT,
  PIPELINE_TIMEOUT,
  pipelineDefinition,
} from '../../lib/state-machines/pipeline-definition.ts';
import { STEP_NAMES, type StepName } from '../../lib/state-machines/pipeline-steps.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run synth:definition

Writes the definition of the pipeline's state machine to local/pipeline/pipeline.asl.json. Run it after a change
of lib/state-machines/.

  -h, --help   print this text
`;

/** The stored definition, which lets the local runner start without the CDK. */
export const DEFINITION_FILE = new URL('../pipeline/pipeline.asl.json', import.meta.url);

/** A function's ARN in the stored definition, which belongs to no deployment. */
export function placeholderArn(step: StepName): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${step}`;
}

/**
 * Synthesises only the pipeline's state-machine definition, without bundling functions.
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

async function main(): Promise<void> {
  if (readCommandLine({ options: HELP_OPTION }).values.help) {
    process.stdout.write(HELP);
    return;
  }
  await writeFile(DEFINITION_FILE, `${JSON.stringify(synthesiseDefinition(), null, 2)}\n`);
  process.stdout.write('wrote local/pipeline/pipeline.asl.json\n');
}

if (import.meta.main) await exitOnError(main);
