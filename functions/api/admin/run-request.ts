import * as z from 'zod';
import { RUN_REQUESTS_PREFIX } from '../../shared/constants.ts';
import { PipelineInput } from '../../shared/contracts.ts';
import { RunId } from './run.ts';

/**
 * Who asks for a run waits so long for the reply, and is told of a failure after that. A request that is found later
 * than the first of the two starts nothing: what was said to have failed has failed.
 */
export const STARTED_WITHIN_MS = 8000;
export const REPLIED_WITHIN_MS = 10_000;

/** Where requests are, and where the reply to each is. */
export const requestKey = (runId: string) => `${RUN_REQUESTS_PREFIX}${runId}.json`;
export const replyKey = (runId: string) => `replies/${runId}.json`;

/** A request for a run, as an object. */
export const RunRequest = z.strictObject({ id: RunId, askedAt: z.iso.datetime(), input: PipelineInput });
export type RunRequest = z.output<typeof RunRequest>;

/** What became of it. */
export const RunReply = z.strictObject({
  /** Why there is no run; absent where there is one. */
  refused: z.string().optional(),
});
export type RunReply = z.output<typeof RunReply>;

/** An object's content. */
export const toBytes = (value: RunRequest | RunReply) => new TextEncoder().encode(JSON.stringify(value));

/** What an object's content says. */
export function fromBytes<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
