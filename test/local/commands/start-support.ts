import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';
import { migrate } from '../../../functions/migration/migrate.ts';
import { openInstallation, withLogin } from '../../../local/installation/installation.ts';
import { removeCluster } from '../../../local/installation/postgres-server.ts';
import { databaseOfFile } from '../../../local/installation/source.ts';
import { seedPeers } from '../../functions/infer/infer-support.ts';

const START = fileURLToPath(new URL('../../../local/commands/start.ts', import.meta.url));

/** Runs `npm start` and prints every step as it begins. */
export const ANNOUNCED_START = fileURLToPath(new URL('../../survival/announced-start.ts', import.meta.url));

/** Data folder of a test file's installation. */
export let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-start-'));
});
afterAll(async () => {
  await removeCluster(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `npm start`, or the given program around it, with that data folder. */
export function launch(
  args: string[],
  environment: Record<string, string> = {},
  program = START,
): ChildProcess {
  const env = { ...process.env, LOG_LEVEL: 'warn', ...environment };
  return spawn(process.execPath, [program, '--data-dir', dataDir, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for the process to end. @returns its exit code and output */
export function ended(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, ...texts })));
}

export const start = (args: string[], environment?: Record<string, string>) =>
  ended(launch(args, environment));

export const HEADER = 'symbol,date,open,high,low,close,volume';
/** CSV rows of a deterministic price path on trading days. */
export function rows(symbol: string, days: number): string[] {
  const lines: string[] = [];
  let close = 50;
  for (let day = 0, date = Date.UTC(2010, 0, 4); day < days; date += 86_400_000) {
    if ([0, 6].includes(new Date(date).getUTCDay())) continue;
    const open = close;
    close *= 1 + Math.sin(day * 1.7 + symbol.length) / 60;
    const [low, high] = [Math.min(open, close) * 0.99, Math.max(open, close) * 1.01];
    const prices = [open, high, low, close].map((price) => price.toFixed(4));
    lines.push(
      `${symbol},${new Date(date).toISOString().slice(0, 10)},${prices.join(',')},${100_000 + (day % 7) * 1000}`,
    );
    day++;
  }
  return lines;
}

/** Folder of a test file's bars files. */
export let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-bars-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a bars file, compressed if its name ends in .gz. */
export async function barsFile(name: string, lines: string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, name.endsWith('.gz') ? gzipSync(lines.join('\n')) : `${lines.join('\n')}\n`);
  return path;
}

/** Arguments for one run on a bars file. */
export const csv = (path: string) => ['--once', '--json', '--provider', 'csv', '--bars', path];

/** Stores enough stocks in the database of a bars file that its few ones can be compared with those of some days. */
export async function seedPeersOf(path: string, days: readonly string[]): Promise<void> {
  const installation = await openInstallation({ dataDir, database: await databaseOfFile(path) });
  try {
    await withLogin(installation, 'migrator', async (sql) => {
      await migrate(sql);
      await seedPeers(sql, days);
    });
  } finally {
    await installation.close();
  }
}
