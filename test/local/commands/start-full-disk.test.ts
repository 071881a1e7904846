import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDisk, noDisk, type SmallDisk } from '../../support/small-disk.ts';
import { request, signUp } from '../../survival/client-load.ts';
import {
  createAdmin,
  launchService,
  removeData,
  type ServiceProcess,
  startService,
} from '../../survival/service.ts';

const ADMIN = { email: 'admin@example.com', password: 'a lantern over wet cobbles' };

let disk: SmallDisk;
let dataDir: string;
let service: ServiceProcess | undefined;
beforeEach(async ({ skip }) => {
  skip(noDisk !== undefined, noDisk);
  disk = await makeDisk(500);
  dataDir = join(disk.folder, 'data');
  await mkdir(dataDir, { mode: 0o755 });
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  if (noDisk) return;
  await removeData(dataDir);
  await disk.remove();
});

test('a service whose disk fills answers readers, refuses what it cannot save, and recovers', {
  timeout: 180_000,
}, async () => {
  service = await startService(dataDir);
  const { url, output } = service;
  const until = async (text: RegExp) => {
    for (const end = Date.now() + 60_000; !text.test(output()); await wait(50))
      if (Date.now() > end) throw new Error(`not printed: ${text}\n${output()}`);
  };
  await until(/Recommendations as of 2013-03-01/);
  await createAdmin(dataDir, ADMIN);
  const { accessToken } = await signUp(url, ADMIN.email);
  await disk.fill();

  for (const path of ['/', '/v1/health', '/v1/recommendations', '/v1/track-record'])
    expect((await request(url, 'GET', path, undefined, accessToken)).status, path).toBe(200);

  // Pages of the database that have room take a few more accounts.
  let refused: Response | undefined;
  for (let n = 0; n < 100 && !refused; n++) {
    const email = `user${n}@example.com`;
    const answer = await request(url, 'POST', '/v1/auth/register', { ...ADMIN, email });
    if (answer.status !== 202) refused = answer;
  }
  expect(refused?.status).toBe(503);
  expect(refused?.headers.get('retry-after')).toBe('60');
  expect(await refused?.json()).toMatchObject({ type: '/problems/storage-full' });

  const started = await request(url, 'POST', '/v1/admin/runs', {}, accessToken);
  expect([202, 503]).toContain(started.status);
  if (started.status === 202)
    await until(/the disk of .* has \d+ MB left, and 128 MB are needed: free some space/);
  expect((await request(url, 'GET', '/v1/health')).status).toBe(200);
  expect(output()).not.toContain('Postgres ended');

  await disk.free();
  const email = 'last@example.com';
  expect((await request(url, 'POST', '/v1/auth/register', { ...ADMIN, email })).status).toBe(202);
  await service.stop();
  expect(service.ended()).toBe('exit 0');
});

test('a start in a read-only folder exits with one line that says what to do', async () => {
  disk.setReadOnly(true);
  const launched = launchService(dataDir, ['--port', '0']);
  const end = await launched.end;
  disk.setReadOnly(false);
  expect(end).toBe('exit 1');
  const lines = launched
    .output()
    .split('\n')
    .filter((line) => line.startsWith('boursomatic: '));
  expect(lines).toEqual([
    expect.stringMatching(
      /^boursomatic: cannot write .*: its file system is read-only: make it writable, or use another folder$/,
    ),
  ]);
});
