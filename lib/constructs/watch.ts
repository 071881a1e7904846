import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { METRICS, METRICS_NAMESPACE, STAGE_DIMENSION } from '../../functions/shared/metrics.ts';
import type { Stage } from '../settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import { callAtRate } from './function-schedule.ts';
import type { FunctionPlacement } from './placement.ts';
import { ServiceFunction } from './service-function.ts';

export interface WatchProps {
  /** The login of the pipeline role. */
  readonly login: ISecret;
  readonly placement: FunctionPlacement;
  readonly stage: Stage;
  /** Receives calls that failed in every attempt. */
  readonly deadLetters: DeadLetters;
}

/** Publishes vital signs from the ledger once an hour, which no metric of AWS provides. It also closes overdue runs. */
export class Watch extends Construct {
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { login, placement, stage, deadLetters }: WatchProps) {
    super(scope, id);
    this.#stage = stage;
    const watch = new ServiceFunction(this, 'Function', {
      entry: 'watch/watch.lambda.ts',
      timeout: Duration.minutes(1),
      memorySize: 256,
      reservedConcurrentExecutions: 1,
      environment: { [ENV.stage]: stage },
      ...placement,
    }).useDatabaseLogin(ENV.pipelineDatabaseSecret, login);
    callAtRate(this, 'Hourly', {
      description: 'Publishes the vital signs that the alarms watch, and closes overdue runs',
      rate: Duration.hours(1),
      handler: watch,
      maxEventAge: Duration.minutes(30),
      deadLetters,
    });
  }

  /** The metric of a vital sign. */
  metric(sign: keyof typeof METRICS): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: METRICS[sign],
      dimensionsMap: { [STAGE_DIMENSION]: this.#stage },
      statistic: 'Maximum',
      period: Duration.hours(1),
    });
  }
}
