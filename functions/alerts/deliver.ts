import { log } from '../shared/telemetry.ts';
import type { Delivery, SendResult } from './contracts.ts';
import { deleteOldMessages, enqueueDigests } from './digests.ts';
import { claimDue, type Outbox, settle } from './outbox.ts';

/** Makes one attempt to send a message. */
export type Send = (delivery: Delivery) => Promise<SendResult>;

/** How much one delivery does. */
export interface DeliveryOptions {
  now: () => Date;
  /** Messages that are sent at a time. */
  atOnce?: number;
  /** How long a process may take for {@link DeliveryOptions.atOnce} messages before another one sends them. */
  leaseSeconds?: number;
  /** Stops it after the messages that are being sent. */
  signal?: AbortSignal;
}

/** How many attempts had which result. */
export type Delivered = Record<SendResult['status'], number>;

/**
 * Writes the digests that are due, and attempts every message that is due. If the process is killed, the next delivery
 * sends what it had not settled, with the same ids.
 */
export async function deliverDue(
  outbox: Outbox,
  send: Send,
  { now, atOnce = 10, leaseSeconds = 120, signal }: DeliveryOptions,
): Promise<Delivered> {
  const delivered: Delivered = { sent: 0, retry: 0, refused: 0 };
  await enqueueDigests(outbox.sql, now());
  while (!signal?.aborted) {
    const claimed = await claimDue(outbox, { now: now(), limit: atOnce, leaseSeconds });
    if (claimed.length === 0) break;
    await Promise.all(
      claimed.map(async (delivery) => {
        const result = await attempt(send, delivery);
        delivered[result.status]++;
        await settle(outbox.sql, delivery.id, result, now());
      }),
    );
  }
  await deleteOldMessages(outbox.sql, now());
  return delivered;
}

/** Attempts a message. A bug of the sender counts as a failure, so that it keeps no other message from being sent. */
async function attempt(send: Send, delivery: Delivery): Promise<SendResult> {
  try {
    return await send(delivery);
  } catch (error) {
    log('error', 'message not sent', {
      messageId: delivery.id,
      kind: delivery.channel.kind,
      message: error instanceof Error ? error.name : typeof error,
    });
    return { status: 'retry', reason: 'The service failed to send the message.' };
  }
}
