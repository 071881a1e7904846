import * as z from 'zod';
import { wallClock } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { parse } from '../shared/contracts.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { log } from '../shared/telemetry.ts';
import { type SentBatch, sendBatch } from './handover/send-batch.ts';
import { readOperatorSettings } from './operator-settings.ts';
import { send } from './senders/registry.ts';

const Environment = z.object({ [ENV.deliveriesUrl]: z.string().min(1) });

/** The part of EventBridge's event for a new batch that this function needs. */
const BatchStored = z.object({ detail: z.object({ object: z.object({ key: z.string().min(1) }) }) });

/** Sends the batch of messages that the event names. */
export async function handler(event: unknown): Promise<SentBatch> {
  const { key } = parse('event for a new batch of messages', BatchStored, event).detail.object;
  const objects = openObjects(readEnvironment(Environment).DELIVERIES_URL);
  const settings = await readOperatorSettings();
  const sent = await sendBatch(objects, (delivery) => send(delivery, settings), key, wallClock());
  log('info', 'batch of messages sent', {
    key,
    ...('skipped' in sent ? sent : { results: sent.results.map(({ result }) => result.status) }),
  });
  return sent;
}
