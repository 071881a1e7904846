import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { freePort } from '../../local/installation/postgres-server.ts';
import { uv } from '../../local/installation/uv.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VENV = join(ROOT, '.cache/emulator');
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** An emulator that answers. */
export interface Emulator {
  /** `http://127.0.0.1:port`. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts ministack on a free port, installing it first where it is not: from PyPI, pinned by hash. Its state is in
 * memory, and ends with it.
 *
 * @param logFile - where its log goes; functions' logs are in it
 */
export async function startMinistack(logFile: string): Promise<Emulator> {
  await install();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'w');
  const child = spawn(join(VENV, 'bin/ministack'), [], {
    cwd: dirname(logFile),
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...process.env,
      GATEWAY_PORT: String(port),
      // The node that runs this script runs the functions too.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      // As Lambda's own Node does, with which CDK's own functions are content.
      NODE_PATH: join(ROOT, 'node_modules'),
      AWS_ENDPOINT_URL: url,
    },
  });
  const stop = () => stopped(child).finally(() => log.close());
  try {
    await answering(`${url}/_ministack/health`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function install(): Promise<void> {
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const stamp = join(VENV, 'installed.txt');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never' };
  const commands = [
    ['venv', '--quiet', '--clear', VENV],
    ['pip', 'sync', '--quiet', '--require-hashes', '--python', join(VENV, 'bin/python'), REQUIREMENTS],
  ];
  for (const args of commands) {
    const { status } = spawnSync(uv(), args, { cwd: ROOT, stdio: ['ignore', 2, 2], env });
    if (status !== 0) throw new BoursomaticError('emulator', `uv ${args[0]}: could not install the emulator`);
  }
  await writeFile(stamp, wanted);
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new BoursomaticError('emulator', `the emulator does not answer at ${url}: its log says why`);
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}
