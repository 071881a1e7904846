import * as z from 'zod';
import { Keyring } from '../api/auth/keyring.ts';
import { KeyringCipher } from '../api/auth/keyring-cipher.ts';
import { wallClock } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { database, reachingDatabase } from '../shared/database.ts';
import { MINUTE_MS } from '../shared/days.ts';
import { writeMetrics } from '../shared/embedded-metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { log } from '../shared/telemetry.ts';
import { readDeliveryHealth } from './delivery-health.ts';
import { deleteOldMessages, enqueueDigests } from './digests.ts';
import { LEASE_SECONDS } from './handover/batch.ts';
import { handOver } from './handover/hand-over.ts';
import { settleBatch } from './handover/settle-batch.ts';
import { readPageUrl } from './operator-settings.ts';
import { claimDue, type Outbox, settle } from './outbox.ts';

const Environment = z.object({
  [ENV.apiDatabaseSecret]: z.string().min(1),
  [ENV.signingKeysSecret]: z.string().min(1),
  [ENV.deliveriesUrl]: z.string().min(1),
  [ENV.stage]: z.string().min(1),
});

/** EventBridge's event for new results. The schedule sends an empty object. */
const ResultsStored = z.object({ detail: z.object({ object: z.object({ key: z.string().min(1) }) }) });

let cipher: KeyringCipher | undefined;

/** Passes on the messages that are due, or notes the results that the event names. Returns the number of messages. */
export async function handler(event: unknown): Promise<number> {
  const environment = readEnvironment(Environment);
  const objects = openObjects(environment.DELIVERIES_URL);
  cipher ??= new KeyringCipher(new Keyring(environment.SIGNING_KEYS_SECRET));
  const outbox = { cipher, pageUrl: readPageUrl(), notice: null };
  return reachingDatabase(async () => {
    const sql = await database(environment.API_DATABASE_SECRET);
    const { data: stored } = ResultsStored.safeParse(event);
    if (!stored) return tick({ ...outbox, sql }, objects, environment.STAGE);
    const { key } = stored.detail.object;
    const settled = await settleBatch(objects, (id, result) => settle(sql, id, result, wallClock()), key);
    log('info', 'results noted', { key, messages: settled });
    return settled;
  });
}

async function tick(outbox: Outbox, objects: ReturnType<typeof openObjects>, stage: string): Promise<number> {
  await enqueueDigests(outbox.sql, wallClock());
  const claim = (limit: number) => claimDue(outbox, { now: wallClock(), limit, leaseSeconds: LEASE_SECONDS });
  const messages = await handOver(objects, claim, wallClock);
  if (messages > 0) log('info', 'messages passed on', { messages });
  const now = wallClock();
  await deleteOldMessages(outbox.sql, now);
  const { failingSince } = await readDeliveryHealth(outbox.sql, now);
  const undeliveredMinutes = failingSince ? (now.getTime() - failingSince.getTime()) / MINUTE_MS : 0;
  writeMetrics({ undeliveredMinutes }, stage, now);
  return messages;
}
