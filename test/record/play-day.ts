import { PassThrough } from 'node:stream';
import * as z from 'zod';
import { fetchBatch } from '../../functions/ingest/fetch.ts';
import { openYahooProvider } from '../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { Batch, type PipelineInput } from '../../functions/shared/contracts.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { HANDLERS, type Handler, runPipeline } from '../../local/pipeline/run-pipeline.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { madeUpPredictions } from './made-up-predictions.ts';

/** A run of the pipeline on a day, with the vendor's address. It is JSON, because it may go to another process. */
export const DayRun = z.strictObject({
  runId: z.string(),
  /** The day, `YYYY-MM-DD`; runs are at half past ten in the evening. */
  day: z.iso.date(),
  /** An earlier as-of. */
  to: z.iso.date().optional(),
  origin: z.string(),
  /** The state that throws, and whether before or after its work. */
  fault: z.strictObject({ state: z.string(), after: z.boolean() }).optional(),
});
export type DayRun = z.output<typeof DayRun>;

/**
 * Runs the pipeline with the handlers that AWS invokes, with two exceptions: Fetch skips the pauses that spare a vendor,
 * and {@link madeUpPredictions} take the place of Infer.
 */
export async function playDay({ runId, day, to, origin, fault }: DayRun): Promise<void> {
  process.env[ENV.clock] = `${day}T22:30:00.000Z`;
  const provider = openYahooProvider({ origin, timeoutMs: 10_000 });
  const fetch: Handler = async (event) =>
    fetchBatch(Batch.parse(event), provider, openObjects(process.env[ENV.rawObjectsUrl] as string));
  const handlers: Record<string, Handler> = {
    Fetch: fetch,
    'Fetch whole history': fetch,
    Infer: madeUpPredictions,
  };
  if (fault) handlers[fault.state] = failing({ ...HANDLERS, ...handlers }[fault.state] as Handler, fault);
  const input: Partial<PipelineInput> = to === undefined ? {} : { to };
  const progress = new Progress(new PassThrough() as unknown as NodeJS.WriteStream);
  await runPipeline(input, progress, runId, handlers);
}

function failing(handler: Handler, { state, after }: { state: string; after: boolean }): Handler {
  return async (event) => {
    if (after) await handler(event);
    throw new Error(`${state} was made to fail`);
  };
}
