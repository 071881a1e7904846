import { type App, Tags } from 'aws-cdk-lib';
import { OUTSIDE_VPC } from './constructs/placement.ts';
import type { Settings } from './settings.ts';
import { AlertsStack } from './stacks/alerts.ts';
import { ApiStack } from './stacks/api.ts';
import { DataStack } from './stacks/data.ts';
import { MigrationStack } from './stacks/migration.ts';
import { NetworkStack } from './stacks/network.ts';
import { OpsStack } from './stacks/ops.ts';
import { PipelineStack } from './stacks/pipeline.ts';
import { TrainingStack } from './stacks/training.ts';
import { WebStack } from './stacks/web.ts';

/** The stacks of one stage. */
export interface Application {
  /** Absent with an external database. */
  readonly network?: NetworkStack;
  readonly data: DataStack;
  readonly migration: MigrationStack;
  readonly pipeline: PipelineStack;
  readonly api: ApiStack;
  /** Absent unless retraining is on. The trainer needs a managed database, which it reaches in the VPC. */
  readonly training?: TrainingStack;
  readonly web: WebStack;
  readonly alerts: AlertsStack;
  readonly ops: OpsStack;
}

/**
 * Adds one stage's stacks to an app. No stack names an account or a region, so synthesis needs neither credentials
 * nor look-ups. `cdk deploy` reads both from its environment.
 *
 * @example
 * addStacks(new App(), DEFAULT_SETTINGS);
 */
export function addStacks(app: App, settings: Settings): Application {
  const { stage, size, retraining, databaseSecret } = settings;
  const named = (part: string) => `boursomatic-${stage}-${part}`;
  const common = {
    // Nobody deletes a stack of production by mistake.
    terminationProtection: stage === 'prod',
    tags: { application: 'boursomatic', stage },
  };
  const network = databaseSecret ? undefined : new NetworkStack(app, named('network'), { size, ...common });
  const placement = network?.placement ?? OUTSIDE_VPC;
  const data = new DataStack(app, named('data'), { ...(network && { network }), settings, ...common });
  const migration = new MigrationStack(app, named('migration'), {
    ...(network && { network }),
    placement,
    data,
    ...common,
  });
  const pipeline = new PipelineStack(app, named('pipeline'), { placement, data, settings, ...common });
  const api = new ApiStack(app, named('api'), { placement, data, pipeline, settings, ...common });
  const training =
    network && retraining === 'on'
      ? new TrainingStack(app, named('training'), { network, data, size, ...common })
      : undefined;
  const web = new WebStack(app, named('web'), { api, data, settings, ...common });
  const alerts = new AlertsStack(app, named('alerts'), { placement, data, web, settings, ...common });
  const ops = new OpsStack(app, named('ops'), {
    settings,
    data,
    pipeline,
    api,
    alerts,
    placement,
    ...(training && { training }),
    ...common,
  });
  // These stacks query the database, so the migrations deploy first.
  for (const stack of [pipeline, api, training, alerts, ops]) stack?.addStackDependency(migration);
  Tags.of(app).add('application', 'boursomatic');
  Tags.of(app).add('stage', stage);
  return {
    ...(network && { network }),
    data,
    migration,
    pipeline,
    api,
    ...(training && { training }),
    web,
    alerts,
    ops,
  };
}
