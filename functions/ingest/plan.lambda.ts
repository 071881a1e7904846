import { z } from 'zod';
import { now } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { PlanRequest, type PlanResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { planRun } from './plan/plan.ts';
import { ProviderNames } from './providers/options.ts';

const Environment = z.object({ [ENV.provider]: ProviderNames });

export async function handler(event: unknown): Promise<PlanResult> {
  const request = parse('plan request', PlanRequest, event);
  const { PROVIDER } = readEnvironment(Environment);
  return reachingDatabase(async () =>
    planRun(request, await pipelineDatabase(), { provider: PROVIDER.join(), now: now() }),
  );
}
