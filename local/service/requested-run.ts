import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import type { PipelineOutcome } from '../pipeline/run-pipeline.ts';
import type { Reporter } from '../terminal/progress.ts';
import type { RunMessage } from './run-log.ts';
import type { RunningService } from './service-file.ts';

/**
 * Lets a running service make a run, and shows its progress.
 *
 * @throws BadInputError if the service refuses the input
 * @throws BoursomaticError if the run fails, or the service ends before the run
 */
export async function requestRun(
  service: RunningService,
  input: PipelineInput,
  reporter: Reporter,
): Promise<PipelineOutcome> {
  const started = await send(service, '/run', { method: 'POST', body: JSON.stringify(input) });
  const { runId } = (await started.json()) as { runId: string };
  const { body } = await send(service, `/run/${runId}`);
  try {
    for await (const line of createInterface({ input: Readable.fromWeb(body as never) })) {
      if (!line) continue;
      const message = JSON.parse(line) as RunMessage;
      if ('step' in message) reporter.update(message.step);
      else if ('line' in message) reporter.line(message.line);
      else if ('end' in message) return message.end;
      else throw failureOf(message.failure);
    }
  } catch (error) {
    if (error instanceof BoursomaticError) throw error;
  }
  throw ended(service);
}

async function send(service: RunningService, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
  const response = await fetch(`${service.url}${path}`, { ...init, headers }).catch((cause) => {
    throw ended(service, cause);
  });
  if (response.ok) return response;
  const { detail } = (await response.json()) as { detail: string };
  throw failureOf({ message: detail, isBadInput: response.status === 400 });
}

function failureOf({ message, isBadInput }: { message: string; isBadInput: boolean }): BoursomaticError {
  return isBadInput ? new BadInputError(message) : new BoursomaticError('run_failed', message);
}

function ended({ pid }: RunningService, cause?: unknown): BoursomaticError {
  return new BoursomaticError('stopped', `the service (process ${pid}) ended before the run did`, { cause });
}
