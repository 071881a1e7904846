import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '../../shared/object-store.ts';
import type { Delivery } from '../contracts.ts';
import { BATCH_SIZE, batchKey, toBytes } from './batch.ts';

/** The most batches of one call. With more, the next tick continues. */
const MAX_BATCHES = 50;

/**
 * Claims the messages that are due, and passes them on in batches. If the process ends in between, or the store refuses
 * a batch, its messages can be claimed again when their lease ends.
 *
 * @param claim - claims at most this many messages for {@link LEASE_SECONDS}
 * @returns the number of messages that were passed on
 */
export async function handOver(
  objects: Pick<ObjectStore, 'put'>,
  claim: (limit: number) => Promise<Delivery[]>,
  now: () => Date,
): Promise<number> {
  let messages = 0;
  for (let batches = 0; batches < MAX_BATCHES; batches += 1) {
    // The lease begins with the claim, so that the age of the batch must not begin later.
    const claimedAt = now().toISOString();
    const deliveries = await claim(BATCH_SIZE);
    if (deliveries.length === 0) break;
    const id = randomUUID();
    await objects.put(batchKey(id), toBytes({ id, claimedAt, deliveries }));
    messages += deliveries.length;
  }
  return messages;
}
