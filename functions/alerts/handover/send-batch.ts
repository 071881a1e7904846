import type { ObjectStore } from '../../shared/object-store.ts';
import { log } from '../../shared/telemetry.ts';
import type { Delivery, SendResult } from '../contracts.ts';
import { Batch, type BatchResults, fromBytes, resultsKey, SENT_WITHIN_MS, toBytes } from './batch.ts';

/** What became of a batch: its results, or why it was not sent. */
export type SentBatch = BatchResults | { skipped: 'missing' | 'sent before' | 'too old' };

/**
 * Sends the messages of a batch, all at once, and stores the results. Events may arrive twice: the second one finds the
 * results of the first and sends nothing.
 *
 * @param key - the key of the batch
 */
export async function sendBatch(
  objects: ObjectStore,
  send: (delivery: Delivery) => Promise<SendResult>,
  key: string,
  now: Date,
): Promise<SentBatch> {
  const found = await objects.get(key);
  if (!found) return { skipped: 'missing' };
  const { claimedAt, deliveries } = fromBytes(Batch, found);
  if (now.getTime() - Date.parse(claimedAt) > SENT_WITHIN_MS) return { skipped: 'too old' };
  if (await objects.get(resultsKey(key))) return { skipped: 'sent before' };
  const results = await Promise.all(
    deliveries.map(async (delivery) => ({ id: delivery.id, result: await trySend(send, delivery) })),
  );
  await objects.put(resultsKey(key), toBytes({ results }));
  return { results };
}

/** A fault of ours in one message must not repeat the others of its batch. */
async function trySend(
  send: (delivery: Delivery) => Promise<SendResult>,
  delivery: Delivery,
): Promise<SendResult> {
  try {
    return await send(delivery);
  } catch (error) {
    // The error's message might repeat an address or a secret.
    log('error', 'sending a message failed', {
      message: delivery.id,
      kind: delivery.channel.kind,
      error: error instanceof Error ? error.name : typeof error,
    });
    return { status: 'retry', reason: 'The message could not be sent because of an internal error.' };
  }
}
