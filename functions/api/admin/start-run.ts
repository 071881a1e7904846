import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { PipelineInput } from '../../shared/contracts.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { RunId } from './run.ts';
import type { RunStarter } from './run-starter.ts';
import { runStarter } from './selected-run-starter.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  mode: '`daily` fetches the days since the last bar, `backfill` the whole history, `intraday` 15-minute bars.',
  symbols: 'Only these instruments; all active instruments by default.',
  from: 'The first day to fetch; by default the first day that each instrument needs.',
  to: 'The last day that the run may read; today by default.',
  replay:
    'The id of an earlier run. Its raw records are loaded again, with its mode and days, without a request to any provider.',
};

/** The members of {@link PipelineInput}, each with a description. */
function describeInput(): typeof PipelineInput.shape {
  const parts = Object.entries(PipelineInput.shape);
  return Object.fromEntries(
    parts.map(([name, part]) => [name, part.describe(DESCRIPTIONS[name] ?? name)]),
  ) as typeof PipelineInput.shape;
}

/** The body of POST /v1/admin/runs: the input of the state machine, with all of its rules. */
export const RunInput = z
  .strictObject(describeInput())
  .superRefine((input, context) => {
    const { error } = PipelineInput.safeParse(input);
    for (const { path, message } of error ? error.issues : []) {
      // The API's messages continue a sentence that the member's name begins.
      const rest = message.startsWith(`${String(path[0])} `)
        ? message.slice(String(path[0]).length + 1)
        : message;
      context.addIssue({ code: 'custom', path, message: rest });
    }
  })
  .meta({
    id: 'RunInput',
    description: 'The input of a run. `{}` starts a daily run of all active instruments.',
  });

/** A run that has started. */
const StartedRun = z
  .strictObject({ id: RunId })
  .meta({ id: 'StartedRun', description: 'A run that has started.' });

/**
 * Starts a run and does not wait for its end.
 *
 * @returns the run's id
 */
export async function startRun(starter: RunStarter, input: PipelineInput): Promise<string> {
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const runId = `api-${time}-${randomBytes(4).toString('hex')}`;
  await starter.start(runId, input);
  return runId;
}

export const startRunEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/runs',
  operationId: 'startRun',
  summary: 'Start a run',
  description:
    'Returns at once. The run appears in `listRuns` a few seconds later, after its first step. If it cannot use a symbol or a day, it fails there with the reason.',
  access: 'admin',
  body: RunInput,
  answer: { status: 202, schema: StartedRun, description: 'The run has started. `Location` is its address.' },
  handle: async ({ body, caller, event }, services) => {
    const origin = await originOf(event, services);
    const id = await startRun(await runStarter(), body);
    await recordSecurityEvent(services.sql, {
      type: 'run-started',
      userId: caller.userId,
      origin,
      detail: { runId: id },
    });
    return { body: { id }, headers: { location: `/v1/admin/runs/${id}` } };
  },
});
