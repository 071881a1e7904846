import * as z from 'zod';
import { now } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { closeOverdueRuns } from '../shared/ledger.ts';
import { METRICS, METRICS_NAMESPACE, STAGE_DIMENSION } from '../shared/metrics.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { log } from '../shared/telemetry.ts';
import { readVitals, type Vitals } from './watch.ts';

const Environment = z.object({ [ENV.stage]: z.string() });

/** Closes overdue runs, reads the vital signs, and logs them in the format that CloudWatch turns into metrics. */
export async function handler(): Promise<Vitals> {
  const environment = readEnvironment(Environment);
  const at = now();
  const vitals = await reachingDatabase(async () => {
    const sql = await pipelineDatabase();
    const closed = await closeOverdueRuns(sql, at);
    if (closed.length > 0) log('error', 'closed overdue runs', { runs: closed });
    return readVitals(sql, at);
  });
  process.stdout.write(`${JSON.stringify(embedded(vitals, environment.STAGE, at))}\n`);
  return vitals;
}

/**
 * Formats vital signs as a log line in CloudWatch's embedded metric format. The VPC has no route to the CloudWatch
 * API, and Lambda delivers the log.
 */
export function embedded(vitals: Vitals, stage: string, at: Date): object {
  const names = Object.keys(vitals) as (keyof Vitals)[];
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
    ...Object.fromEntries(names.map((name) => [METRICS[name], vitals[name]])),
  };
}
