import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { PipelineInput } from '../../shared/contracts.ts';
import { endpoint } from '../core/endpoint.ts';
import { RunId } from './run.ts';
import { type RunStarter, runStarter } from './run-starter.ts';

const ABOUT: Readonly<Record<string, string>> = {
  mode: '`daily` asks for the days since the last bar, `backfill` for the whole history, `intraday` for 15-minute bars.',
  symbols: 'Only these instruments; without it, all that are active.',
  from: 'The first day to ask for, instead of what each instrument needs.',
  to: 'The last day that the run may read; without it, today.',
  replay:
    'A run whose raw records are loaded again, in its mode and over its days, without asking any provider.',
};

/** The parts of {@link PipelineInput}, each with a description. */
function documented(): typeof PipelineInput.shape {
  const parts = Object.entries(PipelineInput.shape);
  return Object.fromEntries(
    parts.map(([name, part]) => [name, part.describe(ABOUT[name] ?? name)]),
  ) as typeof PipelineInput.shape;
}

/** The body of POST /v1/admin/runs: what the state machine takes, and nothing that it refuses. */
export const RunInput = z
  .strictObject(documented())
  .superRefine((input, context) => {
    for (const { path, message } of PipelineInput.safeParse(input).error?.issues ?? []) {
      // Here a message continues a sentence that the name begins.
      const rest = message.startsWith(`${String(path[0])} `)
        ? message.slice(String(path[0]).length + 1)
        : message;
      context.addIssue({ code: 'custom', path, message: rest });
    }
  })
  .meta({
    id: 'RunInput',
    description: 'What a run is to do; `{}` is a daily run of all active instruments.',
  });

/** A run that was started. */
export const StartedRun = z
  .strictObject({ id: RunId })
  .meta({ id: 'StartedRun', description: 'A run that was started.' });

/**
 * Starts a run and does not wait for it.
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
    'Takes what the state machine takes. The run is in the ledger once its first step has planned it, seconds later; a symbol or a day that it cannot use fails it there, with the reason.',
  access: 'admin',
  body: RunInput,
  answer: { status: 202, schema: StartedRun, description: 'The run is under way.' },
  handle: async ({ body }) => {
    const id = await startRun(await runStarter(), body);
    return { body: { id }, headers: { location: `/v1/admin/runs/${id}` } };
  },
});
