import * as z from 'zod';
import { now } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { reachingDatabase } from '../shared/database.ts';
import { writeMetrics } from '../shared/embedded-metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { closeOverdueRuns } from '../shared/ledger.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { log } from '../shared/telemetry.ts';
import { readVitals, type Vitals } from './watch.ts';

const Environment = z.object({ [ENV.stage]: z.string() });

/** Closes overdue runs, reads the vital signs, and publishes them as metrics. */
export async function handler(): Promise<Vitals> {
  const environment = readEnvironment(Environment);
  const at = now();
  const vitals = await reachingDatabase(async () => {
    const sql = await pipelineDatabase();
    const closed = await closeOverdueRuns(sql, at);
    if (closed.length > 0) log('error', 'closed overdue runs', { runs: closed });
    return readVitals(sql, at);
  });
  writeMetrics(vitals, environment.STAGE, at);
  return vitals;
}
