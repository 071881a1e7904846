import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeCluster } from '../../local/installation/postgres-server.ts';
import { BUNDLED_RELEASE } from '../../local/installation/release-folder.ts';
import { passingMeasures } from '../functions/infer/registry-support.ts';

const local = (name: string) => fileURLToPath(new URL(`../../local/commands/${name}`, import.meta.url));

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
  /** Runs the pipeline as of an earlier day, so that there is history; for some stocks where they are named. */
  runAsOf: (day: string, symbols?: string[]) => Promise<void>;
  /** Registers the bundled release under another version, which the gate lets pass after `incumbent` alone. */
  registerModel: (version: string, incumbent?: string) => Promise<void>;
  close(): Promise<void>;
}

/** What the service is started on, instead of its sample. */
export interface Ground {
  /** Options of `npm start`. */
  args: string[];
  /** Where they lead to another database. */
  database: string;
}

/** Starts the service as `npm start` does, and makes an administrator. */
export async function openWorld({ args, database }: Partial<Ground> = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-browser-'));
  const place = ['--data-dir', dataDir, ...(database ? ['--database', database] : [])];
  const options = ['--port', '0', '--data-dir', dataDir, ...(args ?? [])];
  const service = spawn(process.execPath, [local('start.ts'), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  });
  const close = async () => {
    await ended(service, 'SIGTERM');
    await removeCluster(join(dataDir, 'postgres'));
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(service);
    const admin = { email: 'admin@example.com', password: 'a lantern over wet cobbles' };
    await command('admin.ts', ['create', admin.email, ...place], `${admin.password}\n`);
    const ask = await asking(url, admin);
    const runAsOf = async (day: string, symbols?: string[]) => {
      const { id } = (await ask('POST', '/v1/admin/runs', { to: day, ...(symbols && { symbols }) })) as {
        id: string;
      };
      await until(async () => {
        const run = (await ask('GET', `/v1/admin/runs/${id}`).catch(() => undefined)) as { status?: string };
        if (run?.status === 'failed') throw new Error(`the run as of ${day} failed`);
        return run?.status === 'succeeded';
      });
    };
    const registerModel = async (version: string, incumbent?: string) => {
      const folder = join(dataDir, `release-${version}`);
      await cp(BUNDLED_RELEASE, folder, { recursive: true });
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
      const changed = { ...manifest, version, ...passingMeasures(incumbent) };
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(changed));
      await command('model.ts', ['register', folder, ...place]);
    };
    return { url, admin, ask, runAsOf, registerModel, close };
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

/** Runs a command beside the service. */
function command(file: string, args: string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [local(file), ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin?.end(input);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} ${args[0]} ended with ${code}`)),
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
