import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { freePort } from '../../local/installation/postgres-server.ts';
import { installPythonPackages } from '../../local/installation/python-venv.ts';
import { ROOT } from './cdk.ts';

/** The Python environment of the emulator and of the AWS CLI, and the file that pins its packages. */
export const VENV = join(ROOT, '.cache/emulator');
export const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:port`. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts ministack on a free port. It first installs ministack from PyPI if necessary, pinned by hash. Its state is in
 * memory only.
 *
 * @param logFile - file for its log, which includes the functions' logs
 */
export async function startMinistack(logFile: string): Promise<Emulator> {
  installPythonPackages(VENV, REQUIREMENTS);
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
      // The functions run on the Node of this script.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      // Lambda's Node also finds the SDK there, and the CDK's own functions need it.
      NODE_PATH: join(ROOT, 'node_modules'),
      AWS_ENDPOINT_URL: url,
    },
  });
  const stop = () => terminate(child).finally(() => log.close());
  try {
    await waitUntilReady(`${url}/_ministack/health`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new BoursomaticError(
    'emulator',
    `the emulator does not respond at ${url}: see .cache/emulator-logs/ministack.log`,
  );
}

function terminate(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}
