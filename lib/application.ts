import { type App, Tags } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';
import { ApiStack } from './stacks/api.ts';
import { DataStack } from './stacks/data.ts';
import { NetworkStack } from './stacks/network.ts';
import { PipelineStack } from './stacks/pipeline.ts';
import { TrainingStack } from './stacks/training.ts';

/** The stacks of one stage. */
export interface Application {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly api: ApiStack;
  readonly training: TrainingStack;
}

/**
 * Adds one stage's stacks to an app. No stack names an account or a region, so that synthesis needs neither
 * credentials nor look-ups; `cdk deploy` takes both from its own environment.
 *
 * @example
 * addStacks(new App(), { stage: 'dev', size: 'small', retraining: 'off', provider: 'yahoo' });
 */
export function addStacks(app: App, { stage, size, retraining, ...vendors }: Settings): Application {
  const named = (part: string) => `boursomatic-${stage}-${part}`;
  const network = new NetworkStack(app, named('network'));
  const data = new DataStack(app, named('data'), {
    network,
    size,
    terminationProtection: stage === 'prod',
  });
  const pipeline = new PipelineStack(app, named('pipeline'), { network, data, ...vendors });
  const api = new ApiStack(app, named('api'), { network, data, pipeline, size });
  const training = new TrainingStack(app, named('training'), {
    network,
    data,
    alarmTopic: pipeline.alarmTopic,
    size,
    weekly: retraining === 'on',
  });
  Tags.of(app).add('application', 'boursomatic');
  Tags.of(app).add('stage', stage);
  return { network, data, pipeline, api, training };
}
