import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArchive } from '../../../local/backup/archive.ts';
import type { Manifest } from '../../../local/backup/manifest.ts';
import { removeDataFolder } from '../../../local/installation/scratch-installation.ts';
import { type ServiceProcess, startService } from '../../survival/service.ts';
import { lastLine, runCommand } from '../commands/command-support.ts';
import { folder } from './backup-support.ts';

const CREDENTIALS = { email: 'ada@example.com', password: 'correct horse battery staple' };
const command = (name: string) => fileURLToPath(new URL(`../../../local/commands/${name}`, import.meta.url));

let original: string;
let restored: string;
let file: string;
let service: ServiceProcess | undefined;
beforeAll(async () => {
  original = join(folder, 'original');
  restored = join(folder, 'restored');
  file = join(folder, 'service.tar.zst');
  const start = promisify(execFile)(process.execPath, [
    command('start.ts'),
    '--once',
    '--data-dir',
    original,
  ]);
  await start;
}, 120_000);
afterAll(async () => {
  await service?.stop();
  for (const dataDir of [original, restored]) await removeDataFolder(dataDir);
});

async function ask(path: string, body: object | undefined, token?: string) {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(`${service?.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers,
  });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, string> };
}

/** The code that an authenticator app shows some seconds from now. */
const codeOf = (secret: string, seconds = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 });

/** Registers a user with a second factor. @returns the secret of the authenticator app */
async function registerWithSecondFactor(): Promise<string> {
  await ask('/v1/auth/register', CREDENTIALS);
  const token = (await ask('/v1/auth/login', CREDENTIALS)).body.accessToken;
  const secret = (await ask('/v1/me/second-factor', undefined, token)).body.secret ?? '';
  const code = codeOf(secret, -30);
  expect((await ask('/v1/me/second-factor/activate', { code }, token)).status).toBe(200);
  return secret;
}

const equal = ({ tables, partitions }: Manifest) => ({ tables, partitions });

test('a backup of a running service is restored elsewhere, equal table by table, and users can sign in there', async () => {
  service = await startService(original);
  const secret = await registerWithSecondFactor();
  const written = await runCommand('backup.ts', [file, '--data-dir', original, '--json']);
  expect(written).toMatchObject({ code: 0 });
  const { manifest } = lastLine(written.out) as { manifest: Manifest };
  expect(manifest.tables.find(({ name }) => name === 'recommendations')?.rows).toBeGreaterThan(0);
  await service.stop();

  const done = await runCommand('restore.ts', [file, '--data-dir', restored]);
  expect(done).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Restored the backup of \S+ into boursomatic_sample: /),
  });
  const again = join(folder, 'again.tar.zst');
  expect(await runCommand('backup.ts', [again, '--data-dir', restored])).toMatchObject({ code: 0 });
  expect(equal(await readArchive(again))).toEqual(equal(manifest));
  const verified = await runCommand('ledger.ts', ['verify', '--data-dir', restored, '--json']);
  expect(lastLine(verified.out)).toMatchObject({ difference: null, copies: 1, publications: 1 });

  service = await startService(restored);
  expect((await ask('/v1/auth/login', CREDENTIALS)).body.type).toContain('second-factor-required');
  expect((await ask('/v1/auth/login', { ...CREDENTIALS, code: codeOf(secret) })).status).toBe(200);
  await service.stop();
  service = undefined;
}, 180_000);

test('a restore that was killed leaves an installation that says so, and can be repeated', async () => {
  const dataDir = join(folder, 'killed');
  const child = spawn(process.execPath, [command('restore.ts'), file, '--data-dir', dataDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await (async () => {
    for await (const line of child.stderr) if (/Loading/.test(String(line))) return;
  })();
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  expect(await readdir(dataDir)).toContain('restore-incomplete.json');
  for (const refused of ['ledger.ts verify', 'start.ts --once']) {
    const [script = '', ...args] = refused.split(' ');
    expect(await runCommand(script, [...args, '--sample', '--data-dir', dataDir])).toMatchObject({
      code: 1,
      error: expect.stringMatching(
        /is incomplete, because a restore did not finish: repeat it with npm run restore/,
      ),
    });
  }
  expect(await runCommand('restore.ts', [file, '--data-dir', dataDir])).toMatchObject({ code: 0 });
  expect(await readdir(dataDir)).not.toContain('restore-incomplete.json');
  expect((await runCommand('ledger.ts', ['verify', '--data-dir', dataDir])).code).toBe(0);

  const moved = join(folder, 'below', 'moved');
  await mkdir(join(folder, 'below'));
  expect((await runCommand('data.ts', ['move', moved, '--data-dir', dataDir])).code).toBe(0);
  expect((await runCommand('ledger.ts', ['verify', '--data-dir', moved])).code).toBe(0);
  const places = lastLine((await runCommand('data.ts', ['where', '--json', '--data-dir', moved])).out) as {
    path: string;
  }[];
  expect((await runCommand('data.ts', ['remove', '--data-dir', moved])).code).toBe(2);
  expect((await runCommand('data.ts', ['remove', '--yes', '--data-dir', moved])).code).toBe(0);
  for (const { path } of places.filter(({ path }) => !path.includes('boursomatic-postgres-')))
    await expect(readdir(path), path).rejects.toThrow(/ENOENT/);
}, 180_000);
