import * as z from 'zod';
import { RUN_REQUESTS_PREFIX } from '../../shared/constants.ts';
import { PipelineInput } from '../../shared/contracts.ts';
import { RunId } from './run.ts';

/**
 * A request that is older than this starts nothing. It is shorter than {@link REPLIED_WITHIN_MS}, so that no run starts
 * after its requester was told of a failure.
 */
export const STARTED_WITHIN_MS = 8000;

/** How long a requester waits for the reply before it reports a failure. */
export const REPLIED_WITHIN_MS = 10_000;

/** The keys of a request and of the reply to it. */
export const requestKey = (runId: string) => `${RUN_REQUESTS_PREFIX}${runId}.json`;
export const replyKey = (runId: string) => `replies/${runId}.json`;

/** A request for a run, stored as an object. */
export const RunRequest = z.strictObject({ id: RunId, askedAt: z.iso.datetime(), input: PipelineInput });
export type RunRequest = z.output<typeof RunRequest>;

/** The reply to a request. */
export const RunReply = z.strictObject({
  /** Why the run did not start; absent if it did. */
  refused: z.string().optional(),
});
export type RunReply = z.output<typeof RunReply>;

export const toBytes = (value: RunRequest | RunReply) => new TextEncoder().encode(JSON.stringify(value));

export function fromBytes<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
