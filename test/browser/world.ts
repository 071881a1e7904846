import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PostgresCluster } from '../../local/postgres-server.ts';

const local = (name: string) => fileURLToPath(new URL(`../../local/${name}`, import.meta.url));

/** A login of the service. */
export interface Login {
  email: string;
  password: string;
}

/** The real service on its sample, with its own database. */
export interface World {
  url: string;
  admin: Login;
  /** Asks the API as an administrator. */
  ask: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Runs the pipeline as of an earlier day, so that there is history. */
  runAsOf: (day: string) => Promise<void>;
  close(): Promise<void>;
}

/** Starts the service as `npm start` does, and makes an administrator. */
export async function openWorld(): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-browser-'));
  const service = spawn(process.execPath, [local('start.ts'), '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  });
  const close = async () => {
    await ended(service, 'SIGTERM');
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(service);
    const admin = { email: 'admin@example.com', password: 'a lantern over wet cobbles' };
    await makeAdmin(dataDir, admin);
    const ask = await asking(url, admin);
    const runAsOf = async (day: string) => {
      const { id } = (await ask('POST', '/v1/admin/runs', { to: day })) as { id: string };
      await until(async () => {
        const run = (await ask('GET', `/v1/admin/runs/${id}`).catch(() => undefined)) as { status?: string };
        if (run?.status === 'failed') throw new Error(`the run as of ${day} failed`);
        return run?.status === 'succeeded';
      });
    };
    return { url, admin, ask, runAsOf, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until something holds. */
export async function until(holds: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function addressOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk;
      const found = /API: (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    };
    service.stdout?.on('data', listen);
    service.stderr?.on('data', listen);
    service.once('close', (code) => reject(new Error(`the service ended with ${code}:\n${said}`)));
  });
}

function makeAdmin(dataDir: string, { email, password }: Login): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [local('admin.ts'), 'create', email, '--data-dir', dataDir], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin?.end(`${password}\n`);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`admin create ended with ${code}`)),
    );
  });
}

async function asking(url: string, login: Login): Promise<World['ask']> {
  const send = async (method: string, path: string, body?: unknown, token?: string) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const { accessToken } = (await send('POST', '/v1/auth/login', login)) as { accessToken: string };
  return (method, path, body) => send(method, path, body, accessToken);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null) return;
  await new Promise((resolve) => {
    child.once('close', resolve);
    child.kill(signal);
  });
}
