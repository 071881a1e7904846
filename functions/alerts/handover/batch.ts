import * as z from 'zod';
import { BATCHES_PREFIX, RESULTS_PREFIX } from '../../shared/constants.ts';
import { parse } from '../../shared/contracts.ts';
import { BadInputError } from '../../shared/errors.ts';
import { Delivery, SendResult } from '../contracts.ts';

/**
 * On AWS, the function that reads the outbox has no internet access, and the one that sends has no database access. They
 * pass on messages and results as objects of a bucket (docs/adr/0063).
 */

/** How long a message is claimed. It is longer than a batch can be on its way. */
export const LEASE_SECONDS = 15 * 60;

/**
 * A batch that is older than this is not sent, so that no batch is on its way when its messages can be claimed again.
 * The difference to {@link LEASE_SECONDS} is time to send, and to settle the results.
 */
export const SENT_WITHIN_MS = 10 * 60 * 1000;

/** The most messages of a batch. They are sent at once, so that a slow receiver delays few others. */
export const BATCH_SIZE = 10;

/** Messages on their way to their channels. */
export const Batch = z.strictObject({
  id: z.uuid(),
  claimedAt: z.iso.datetime(),
  deliveries: z.array(Delivery).min(1),
});
export type Batch = z.infer<typeof Batch>;

/** The results of one attempt for each message of a batch. */
export const BatchResults = z.strictObject({
  results: z.array(z.strictObject({ id: z.uuid(), result: SendResult })),
});
export type BatchResults = z.infer<typeof BatchResults>;

export const batchKey = (id: string) => `${BATCHES_PREFIX}${id}.json`;

/**
 * The key of the results of a batch.
 *
 * @param batch - the key of the batch
 */
export const resultsKey = (batch: string) => batch.replace(BATCHES_PREFIX, RESULTS_PREFIX);

export const toBytes = (value: Batch | BatchResults) => new TextEncoder().encode(JSON.stringify(value));

/**
 * Reads an object of the bucket.
 *
 * @throws BadInputError naming the fields that are wrong, without their values
 */
export function fromBytes<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // The error of JSON repeats its input, and so secrets.
    throw new BadInputError('a batch of messages is not JSON');
  }
  return parse('batch of messages', schema, value);
}
