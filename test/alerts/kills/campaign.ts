import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '../../../functions/shared/invariant.ts';
import { seedInstruments, seedModel, seedRun } from '../../functions/infer/support.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type Killable, type ProcessOptions, startProcess } from './process.ts';
import { changesOf, type Receiver, startReceiver } from './receiver.ts';
import { makeDigestsDue, type Recipient, type StoredChange, seedUsers } from './users.ts';

/** The longest wait for a request to the receiver, and for the last message. */
const LONGEST_WAIT_MS = 2_000;
const LONGEST_DRAIN_MS = 120_000;

/** What a campaign did, and what it found. */
export interface CampaignResult {
  kills: Record<'delivery' | 'publication', number>;
  changes: number;
  /** Distinct messages, and how many attempts arrived beyond the first. */
  messages: number;
  repeats: number;
  faults: string[];
}

/**
 * Publishes and delivers in two processes, and kills them again and again: at random times, and while a message is at its
 * receiver. Then both work undisturbed until the outbox is empty.
 */
export async function runCampaign(
  db: TestDatabase,
  { kills, random }: { kills: number; random: () => number },
): Promise<CampaignResult> {
  const began = Date.now();
  const receiver = await startReceiver(random);
  await db.sql`UPDATE data_origin SET is_sample = true`;
  await seedRun(db.sql, 'run-1');
  const model = await seedModel(db.sql);
  const instruments = await seedInstruments(db.sql, ['AAPL', 'MSFT', 'NVDA', 'AMZN', 'META', 'KO']);
  const recipients = await seedUsers(db, receiver.origin, instruments);
  const shared = { signingKeysUrl: db.signingKeysUrl, model, instruments, began };
  const programs: Record<'delivery' | 'publication', [string, ProcessOptions]> = {
    delivery: ['delivering.ts', { ...shared, databaseSecret: db.url('api') }],
    publication: ['publishing.ts', { ...shared, databaseSecret: db.url('pipeline') }],
  };
  const running = {
    delivery: await startProcess(...programs.delivery),
    publication: await startProcess(...programs.publication),
  };
  const result = { kills: { delivery: 0, publication: 0 }, faults: [] as string[] };
  const kill = async (name: 'delivery' | 'publication') => {
    const failure = running[name].failure();
    if (failure) result.faults.push(failure);
    await running[name].kill();
    result.kills[name]++;
  };
  try {
    for (let number = 0; number < kills; number++) {
      await makeDigestsDue(db.sql, number);
      const name = number % 3 === 2 ? 'publication' : 'delivery';
      await pointOf(name, receiver, random);
      await kill(name);
      running[name] = await startProcess(...programs[name]);
    }
    await running.publication.kill();
    await makeDigestsDue(db.sql, kills);
    await drain(db);
    const faults = [...result.faults, ...(await faultsOf(db, receiver, recipients))];
    return { ...result, ...(await countsOf(db, receiver)), faults };
  } finally {
    await Promise.all(Object.values(running).map((process: Killable) => process.kill()));
    await receiver.close();
  }
}

/** Waits for a random point: a time, or a moment around the answer of the receiver. */
async function pointOf(name: string, receiver: Receiver, random: () => number): Promise<void> {
  if (name === 'publication' || random() < 0.3) return wait(random() * 150);
  const moment = random() < 0.5 ? 'before' : 'after';
  let left = 1 + Math.floor(random() * 6);
  const reached = new Promise<void>((resolve) => {
    receiver.onRequest = (now) => {
      if (now === moment && --left === 0) resolve();
    };
  });
  await Promise.race([reached, wait(LONGEST_WAIT_MS)]);
  receiver.onRequest = () => {};
}

/** Waits until no message is pending, and no digest is due. */
async function drain(db: TestDatabase): Promise<void> {
  const end = Date.now() + LONGEST_DRAIN_MS;
  for (;;) {
    const [{ open }] = await db.sql<[{ open: number }]>`
      SELECT (SELECT count(*) FROM alert_messages WHERE state = 'pending')::int
        + (SELECT count(*) FROM alert_rules WHERE digested_at = '2000-01-01')::int AS open`;
    if (open === 0) return;
    if (Date.now() > end) throw new Error(`${open} messages are still pending`);
    await wait(100);
  }
}

async function countsOf(db: TestDatabase, { arrivals }: Receiver) {
  const [{ changes }] = await db.sql<
    [{ changes: number }]
  >`SELECT count(*)::int AS changes FROM call_changes`;
  const messages = new Set(arrivals.map(({ key }) => key)).size;
  return { changes, messages, repeats: arrivals.length - messages };
}

/** What was lost, doubled, or differs between attempts. */
async function faultsOf(
  db: TestDatabase,
  { arrivals }: Receiver,
  recipients: readonly Recipient[],
): Promise<string[]> {
  const faults: string[] = [];
  const changes = await db.sql<StoredChange[]>`
    SELECT recommendation_id, instrument_id, profile, kind, to_label FROM call_changes`;
  const unsent = await db.sql`SELECT id, state, reason FROM alert_messages WHERE state <> 'sent'`;
  for (const { id, state, reason } of unsent) faults.push(`message ${id} is ${state}: ${reason}`);
  for (const [key, attempts] of Map.groupBy(arrivals, (arrival) => arrival.key)) {
    if (new Set(attempts.map(({ body }) => body)).size > 1) faults.push(`the attempts of ${key} differ`);
    if (new Set(attempts.map(({ path }) => path)).size > 1) faults.push(`${key} went to two channels`);
  }
  for (const { path, wants } of recipients) {
    const own = [
      ...new Map(arrivals.filter((one) => one.path === path).map((one) => [one.key, one])).values(),
    ];
    const keys = Map.groupBy(
      own.flatMap((message) => changesOf(message).map((change) => ({ change, key: message.key }))),
      ({ change }) => change,
    );
    const wanted = new Set(changes.filter(wants).map((one) => `${one.kind} ${one.recommendation_id}`));
    for (const change of wanted) if (!keys.has(change)) faults.push(`${path} lacks ${change}`);
    for (const [change, found] of keys) {
      if (!wanted.has(change)) faults.push(`${path} got ${change}, which its user does not want`);
      if (found.length > 1) faults.push(`${path} got ${change} under ${found.length} keys`);
    }
    defined(wanted.values().next().value, `a change for ${path}`);
  }
  return faults;
}
