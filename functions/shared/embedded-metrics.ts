import { METRICS, METRICS_NAMESPACE, STAGE_DIMENSION } from './metrics.ts';

type Values = Partial<Record<keyof typeof METRICS, number>>;

/** Writes vital signs to the log, from which CloudWatch takes them as metrics. */
export function writeMetrics(values: Values, stage: string, at: Date): void {
  process.stdout.write(`${JSON.stringify(embedded(values, stage, at))}\n`);
}

/**
 * Formats vital signs as a log line in CloudWatch's embedded metric format. The VPC has no route to the CloudWatch
 * API, and Lambda delivers the log.
 */
export function embedded(values: Values, stage: string, at: Date): object {
  const names = Object.keys(values) as (keyof Values)[];
  return {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [[STAGE_DIMENSION]],
          Metrics: names.map((name) => ({ Name: METRICS[name], Unit: 'None' })),
        },
      ],
    },
    [STAGE_DIMENSION]: stage,
    ...Object.fromEntries(names.map((name) => [METRICS[name], values[name]])),
  };
}
