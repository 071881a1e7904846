import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler as deliver } from '../../../../functions/alerts/deliver.lambda.ts';
import {
  BATCH_SIZE,
  batchKey,
  LEASE_SECONDS,
  resultsKey,
  SENT_WITHIN_MS,
} from '../../../../functions/alerts/handover/batch.ts';
import { sendBatch } from '../../../../functions/alerts/handover/send-batch.ts';
import { handler as send } from '../../../../functions/alerts/send.lambda.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { Folder } from '../../../../functions/shared/folder.ts';
import { openObjects } from '../../../../functions/shared/objects.ts';
import { type SmtpService, startSmtp } from '../../../alerts/servers/smtp.ts';
import { signedInUser, type TestUser } from '../../api/api-client.ts';
import { useApi } from '../../api/use-api.ts';
import { seedChannel, seedTestMessage } from '../alerts-support.ts';

/** The folder that stands in for the bucket. */
const folder = () => join(db.objects, 'deliveries');

const db = useApi((made) => ({
  [ENV.deliveriesUrl]: pathToFileURL(`${join(made.objects, 'deliveries')}/`).href,
  [ENV.pageUrl]: 'https://calls.example.com',
  [ENV.stage]: 'dev',
  [ENV.alertsFrom]: 'alerts@example.com',
}));

let smtp: SmtpService;
let user: TestUser;
let channel: string;
let logged: string[];
beforeAll(async () => {
  smtp = await startSmtp();
  vi.stubEnv(ENV.smtpUrl, smtp.url);
});
afterAll(() => smtp.close());
beforeEach(async () => {
  await db.sql`TRUNCATE users CASCADE`;
  await rm(folder(), { recursive: true, force: true });
  smtp.mails.length = 0;
  user = await signedInUser(db, { consented: true });
  ({ id: channel } = await seedChannel(db, user.userId, {
    kind: 'email',
    config: { address: 'reader@example.net' },
  }));
  logged = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const message = () => seedTestMessage(db, user.userId, channel);
const event = (key: string) => ({ detail: { object: { key } } });
const keys = async (prefix: 'batches' | 'results') =>
  (await readdir(join(folder(), prefix)).catch(() => [])).map((name) => `${prefix}/${name}`);
const messageIds = () => smtp.mails.map(({ raw }) => /^Message-ID: <([^@]+)@/im.exec(raw)?.[1]);
const states = async () =>
  (await db.sql<{ state: string }[]>`SELECT state FROM alert_messages ORDER BY id`).map(({ state }) => state);

/** Lets the leases of claimed messages end. */
function passLease(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LEASE_SECONDS * 1000 + 1000 });
}

/** What EventBridge does: calls each function for each new object. */
async function pass(): Promise<void> {
  for (const key of await keys('batches')) await send(event(key));
  for (const key of await keys('results')) await deliver(event(key));
}

describe('the delivery over a bucket', () => {
  test('sends a message once, and notes it', async () => {
    const id = await message();
    expect(await deliver({})).toBe(1);
    expect(smtp.mails).toEqual([]);
    await pass();
    expect(messageIds()).toEqual([id]);
    expect(smtp.mails[0]).toMatchObject({ from: 'alerts@example.com', to: ['reader@example.net'] });
    expect(await states()).toEqual(['sent']);
    expect(await deliver({})).toBe(0);
  });

  test('passes on as many batches as are needed', async () => {
    for (let count = 0; count < BATCH_SIZE + 3; count += 1) await message();
    expect(await deliver({})).toBe(BATCH_SIZE + 3);
    expect(await keys('batches')).toHaveLength(2);
    await pass();
    expect(new Set(messageIds()).size).toBe(BATCH_SIZE + 3);
    expect(new Set(await states())).toEqual(new Set(['sent']));
  });

  test('sends nothing twice if every event arrives twice', async () => {
    await message();
    await deliver({});
    await pass();
    await pass();
    expect(smtp.mails).toHaveLength(1);
    expect(await states()).toEqual(['sent']);
  });

  test('retries a message that the other side refuses for now, under the same id', async () => {
    const id = await message();
    smtp.contentRefusals.push('451 4.3.0 Try later');
    await deliver({});
    await pass();
    expect(await states()).toEqual(['pending']);
    expect(await deliver({})).toBe(0);
    passLease();
    expect(await deliver({})).toBe(1);
    await pass();
    expect(messageIds()).toEqual([id]);
    expect(await states()).toEqual(['sent']);
  });

  test('ends a message to an address that receives no mail, and disables its channel', async () => {
    await message();
    smtp.refusals.set('reader@example.net', '550 5.1.1 No such user');
    await deliver({});
    await pass();
    smtp.refusals.clear();
    expect(await states()).toEqual(['dead']);
    const [row] = await db.sql`SELECT disabled_reason FROM alert_channels WHERE id = ${channel}`;
    expect(row?.disabled_reason).toContain('receives no mail');
  });

  test('writes no address and no secret into the log', async () => {
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.stubEnv('LOG_LEVEL', 'debug');
    await message();
    await deliver({});
    await pass();
    const text = [...logged, ...errors.mock.calls.map(([line]) => String(line))].join('');
    expect(text).toContain('batch of messages sent');
    expect(text).not.toMatch(/reader@|right|token=/);
  });
});

describe('a function that is killed', () => {
  test('between the claim and the batch leaves the message to a later tick', async () => {
    const id = await message();
    const put = vi.spyOn(Folder.prototype, 'put').mockRejectedValueOnce(new Error('killed'));
    await expect(deliver({})).rejects.toThrow('killed');
    put.mockRestore();
    expect(await deliver({})).toBe(0);
    passLease();
    expect(await deliver({})).toBe(1);
    await pass();
    expect(messageIds()).toEqual([id]);
  });

  test('before it sends loses nothing, even if no event follows', async () => {
    const id = await message();
    await deliver({});
    passLease();
    expect(await deliver({})).toBe(1);
    // The event of the first batch arrives after all.
    await pass();
    expect(messageIds()).toEqual([id]);
    expect(await states()).toEqual(['sent']);
  });

  test('between sending and storing the results sends again under the same id', async () => {
    const id = await message();
    await deliver({});
    const [batch = ''] = await keys('batches');
    const put = vi.spyOn(Folder.prototype, 'put').mockRejectedValueOnce(new Error('killed'));
    await expect(send(event(batch))).rejects.toThrow('killed');
    put.mockRestore();
    await pass();
    expect(messageIds()).toEqual([id, id]);
    expect(await states()).toEqual(['sent']);
  });

  test('before it notes the results sends nothing again if it is called again within the lease', async () => {
    await message();
    await deliver({});
    const [batch = ''] = await keys('batches');
    await send(event(batch));
    expect(await deliver({})).toBe(0);
    await deliver(event(resultsKey(batch)));
    passLease();
    expect(await deliver({})).toBe(0);
    expect(smtp.mails).toHaveLength(1);
    expect(await states()).toEqual(['sent']);
  });

  test('after it has noted some results can note all of them again', async () => {
    for (let count = 0; count < 3; count += 1) await message();
    await deliver({});
    const [batch = ''] = await keys('batches');
    await send(event(batch));
    const [first] = await db.sql<{ id: string }[]>`SELECT id FROM alert_messages ORDER BY id LIMIT 1`;
    await db.sql`UPDATE alert_messages SET state = 'sent', ended_at = now() WHERE id = ${first?.id ?? null}`;
    await deliver(event(resultsKey(batch)));
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
    expect(smtp.mails).toHaveLength(3);
  });
});

describe('a batch', () => {
  const store = () => openObjects(pathToFileURL(`${folder()}/`).href);

  test('that is too old is not sent', async () => {
    await message();
    await deliver({});
    const [batch = ''] = await keys('batches');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + SENT_WITHIN_MS + 1000 });
    expect(await send(event(batch))).toEqual({ skipped: 'too old' });
    expect(smtp.mails).toEqual([]);
  });

  test('that has expired is skipped', async () => {
    expect(await send(event(batchKey('gone')))).toEqual({ skipped: 'missing' });
    expect(await deliver(event(resultsKey(batchKey('gone'))))).toBe(0);
  });

  test('is sent although a bug of ours prevents one of its messages', async () => {
    await message();
    const broken = await message();
    await deliver({});
    const [batch = ''] = await keys('batches');
    const sent = await sendBatch(
      store(),
      async ({ id }) => {
        if (id === broken) throw new TypeError('undefined is not a function');
        return { status: 'sent' };
      },
      batch,
      new Date(),
    );
    expect(sent).toMatchObject({
      results: expect.arrayContaining([{ id: broken, result: expect.objectContaining({ status: 'retry' }) }]),
    });
    await deliver(event(resultsKey(batch)));
    expect((await states()).sort()).toEqual(['pending', 'sent']);
  });

  test('that is damaged is refused without a word of its content', async () => {
    await store().put('batches/broken.json', new TextEncoder().encode('{"secret-token"'));
    await expect(send(event('batches/broken.json'))).rejects.toThrow('a batch of messages is not JSON');
    await store().put('batches/wrong.json', new TextEncoder().encode('{"claimedAt":"secret-token"}'));
    await expect(send(event('batches/wrong.json'))).rejects.toThrow(/^(?!.*secret-token).*claimedAt/);
  });
});

describe('the metric of undelivered messages', () => {
  const minutes = () => {
    const line = logged.map((text) => JSON.parse(text)).findLast((entry) => 'UndeliveredMinutes' in entry);
    return line?.UndeliveredMinutes;
  };

  test('is 0 while messages arrive or none is due', async () => {
    await deliver({});
    expect(minutes()).toBe(0);
    await message();
    await deliver({});
    await pass();
    await deliver({});
    expect(minutes()).toBe(0);
  });

  test('counts from the first failure of the mail server until a message arrives', async () => {
    await message();
    smtp.contentRefusals.push('451 4.3.0 Try later');
    await deliver({});
    await pass();
    passLease();
    await deliver({});
    expect(minutes()).toBeGreaterThan(14);
    await pass();
    await deliver({});
    expect(minutes()).toBe(0);
  });

  test('counts messages that nobody has attempted for 15 minutes after they were due', async () => {
    await message();
    await db.sql`UPDATE alert_messages SET next_attempt_at = now() - interval '20 minutes'`;
    // Another process holds the message, as a function that hangs would.
    await db.sql.begin(async (tx) => {
      await tx`SELECT FROM alert_messages FOR UPDATE`;
      await deliver({});
    });
    expect(minutes()).toBeGreaterThan(19);
  });

  test('ignores failures before the last message that arrived, and counts those after it', async () => {
    const fail = (id: string, ago: string) => db.sql`
      UPDATE alert_messages SET reason = 'x', attempts = 1, first_attempt_at = now() - ${ago}::interval,
        next_attempt_at = now() + interval '1 hour' WHERE id = ${id}`;
    await fail(await message(), '3 hours');
    await seedTestMessage(db, user.userId, channel, { state: 'sent' });
    await db.sql`UPDATE alert_messages SET ended_at = now() - interval '2 hours' WHERE state = 'sent'`;
    await deliver({});
    expect(minutes()).toBe(0);
    await fail(await message(), '1 hour');
    await deliver({});
    expect(minutes()).toBeCloseTo(60, 0);
  });

  test('ignores a single webhook that is down', async () => {
    const { id } = await seedChannel(db, user.userId);
    await seedTestMessage(db, user.userId, id);
    await db.sql`
      UPDATE alert_messages SET reason = 'The server answered with HTTP 500.', attempts = 1, first_attempt_at = now() - interval '2 hours',
        next_attempt_at = now() + interval '1 hour'`;
    await deliver({});
    expect(minutes()).toBe(0);
  });
});
