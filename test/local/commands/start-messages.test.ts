import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { REAL_DATABASE } from '../../../local/installation/chosen-data.ts';
import { openInstallation, withLogin } from '../../../local/installation/installation.ts';
import { type SmtpService, startSmtp } from '../../alerts/servers/smtp.ts';
import { seedChannel, seedTestMessage } from '../../functions/alerts/alerts-support.ts';
import { signedInUser } from '../../functions/api/api-client.ts';
import type { TestDatabase } from '../../support/database.ts';
import { dataDir, ended, launch, start } from './start-support.ts';

let smtp: SmtpService;
beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.close());

const OPTIONS = ['--provider', 'yahoo', '--reference', 'none', '--benchmark', 'none', '--schedule', 'off'];
const SENDER = ['--smtp-from', 'alerts@example.com'];

/** Starts a service that is killed after the test, and waits until it serves. */
async function serve(args: string[], environment: Record<string, string> = {}) {
  const child = launch(['--port', '0', ...args], environment);
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = ended(child);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(said);
    return /API: http/.test(said);
  });
  return { child, end, said: () => said };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 60_000; Date.now() < limit; await wait(50)) if (await isTrue()) return;
  throw new Error('not in time');
}

/** Works on the service's database as its owner. */
async function inReal<T>(work: (db: TestDatabase) => Promise<T>): Promise<T> {
  const installation = await openInstallation({ dataDir, database: REAL_DATABASE });
  try {
    return await withLogin(installation, 'migrator', (sql) =>
      work({ sql, signingKeysUrl: installation.signingKeysUrl } as TestDatabase),
    );
  } finally {
    await installation.close();
  }
}

/** Stores a message to a new user with an address. Returns its id. */
const message = (address: string) =>
  inReal(async (db) => {
    const { userId } = await signedInUser(db, { consented: true });
    const { id } = await seedChannel(db, userId, { kind: 'email', config: { address } });
    return seedTestMessage(db, userId, id);
  });

const stateOf = (id: string) =>
  inReal(async ({ sql }) => (await sql`SELECT state FROM alert_messages WHERE id = ${id}`)[0]?.state);

const mailsTo = (address: string) => smtp.mails.filter(({ to }) => to.includes(address));

test('refuses a sender without a server, and a damaged URL without repeating it', async () => {
  const missing = await start(['--port', '0', ...OPTIONS, ...SENDER]);
  expect(missing.code, missing.stderr).toBe(2);
  expect(missing.stderr).toContain('--smtp-from needs an SMTP server: write its URL to ');
  const damaged = await start(['--port', '0', ...SENDER], { SMTP_URL: 'mail.example.com:hush' });
  expect(damaged.code).toBe(1);
  expect(damaged.stderr).toContain('the SMTP URL is not of the form');
  expect(damaged.stderr).not.toContain('hush');
});

test('sends messages when they are due, from the URL in the file, and repeats its options', async () => {
  await writeFile(join(dataDir, 'secrets/smtp-url'), `${smtp.url}\n`, { mode: 0o600 });
  const service = await serve([...OPTIONS, ...SENDER, '--alerts-reach-private', 'on']);
  const id = await message('first@example.net');
  await until(async () => (await stateOf(id)) === 'sent');
  expect(mailsTo('first@example.net')).toHaveLength(1);
  const { start: remembered } = JSON.parse(await readFile(join(dataDir, 'installation.json'), 'utf8'));
  expect(remembered).toMatchObject({ 'smtp-from': 'alerts@example.com', 'alerts-reach-private': 'on' });
  expect(JSON.stringify(remembered)).not.toContain('right');
  const began = performance.now();
  service.child.kill('SIGTERM');
  expect((await service.end).code).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('sends after a kill what it had not sent, and nothing twice', async () => {
  const before = await serve([]);
  before.child.kill('SIGKILL');
  await before.end;
  const id = await message('second@example.net');
  // The options are remembered, and the environment wins over the file.
  await writeFile(join(dataDir, 'secrets/smtp-url'), 'smtp://127.0.0.1:1');
  const after = await serve([], { SMTP_URL: smtp.url });
  await until(async () => (await stateOf(id)) === 'sent');
  expect(mailsTo('second@example.net')).toHaveLength(1);
  expect(mailsTo('first@example.net')).toHaveLength(1);
  after.child.kill('SIGTERM');
  expect((await after.end).code).toBe(0);
});

test('a mail server that is down ends neither the service nor its answers', async () => {
  const service = await serve([], { SMTP_URL: 'smtp://127.0.0.1:1' });
  const id = await message('third@example.net');
  const failed = () =>
    inReal(
      async ({ sql }) => (await sql`SELECT reason FROM alert_messages WHERE id = ${id}`)[0]?.reason ?? '',
    );
  await until(async () => (await failed()).includes('mail server cannot be reached'));
  await until(() => /^No message has reached a user since /m.test(service.said()));
  const url = /API: (http:\/\/127\.0\.0\.1:\d+)/.exec(service.said())?.[1];
  expect((await fetch(`${url}/v1/health`)).status).toBe(200);
  expect(await stateOf(id)).toBe('pending');
  service.child.kill('SIGTERM');
  expect((await service.end).code).toBe(0);
});
