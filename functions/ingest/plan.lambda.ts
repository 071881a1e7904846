import { now } from '../shared/clock.ts';
import { PlanRequest, type PlanResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { planRun } from './plan/plan.ts';
import { readNames } from './providers/choice.ts';
import { allowanceOf, intervalsOf } from './providers/descriptor.ts';
import { deployedBenchmark } from './reference/benchmark.ts';
import { deployedReference } from './reference/reference.ts';

export async function handler(event: unknown): Promise<PlanResult> {
  const request = parse('plan request', PlanRequest, event);
  const providers = readNames(process.env);
  const provider = providers.map(({ name }) => name).join();
  const context = {
    provider,
    intervals: intervalsOf(providers),
    allowance: allowanceOf(providers),
    reference: deployedReference(),
    benchmark: deployedBenchmark(),
    now: now(),
  };
  return reachingDatabase(async () => planRun(request, await pipelineDatabase(), context));
}
