import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sql } from '../../functions/shared/database.ts';
import { SAMPLE_DATABASE } from '../../local/installation/chosen-data.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';
import { BUNDLED_RELEASE } from '../../local/installation/release-folder.ts';
import { storeSampleUniverses } from '../../local/installation/sample-universes.ts';
import { defined } from '../../web/src/defined.ts';
import { passingMeasures } from '../functions/infer/registry-support.ts';
import { inDatabase } from '../support/installation.ts';

const local = (name: string) => fileURLToPath(new URL(`../../local/commands/${name}`, import.meta.url));

/** The credentials of a user. */
export interface Login {
  email: string;
  password: string;
}

/** A running service with its own database. */
export interface TestService {
  url: string;
  admin: Login;
  /** Sends a request to the API as the administrator, and returns the response's JSON. */
  request: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Runs the pipeline as of an earlier day, for all stocks or the given symbols. */
  runAsOf: (day: string, symbols?: string[]) => Promise<void>;
  /** Stores the bundled universes of the sample, with which a few stocks can be compared. */
  storeUniverses: () => Promise<void>;
  /** Registers the bundled release as another version, which the gate refuses. */
  registerModel: (version: string) => Promise<void>;
  /** Works as the owner of the database, which alone may date calls and add to the record. */
  asOwner: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;
  /** Makes the last entry of the password in every session eleven minutes older, so that the API requires it again. */
  expireConfirmations: () => Promise<void>;
  /** Resets the password of a user, as an operator does, and returns the one-time password. */
  resetPassword: (email: string) => Promise<string>;
  close(): Promise<void>;
}

/** Options that replace the sample data. */
export interface ServiceOptions {
  /** Arguments of `npm start`. */
  args: string[];
  /** The name of the database that these arguments lead to. */
  database: string;
  /** Further variables of the service. */
  environment?: Readonly<Record<string, string>>;
  /** The module to run, `npm start`'s own by default. */
  program?: string;
}

/** Starts the service as `npm start` does, and creates an administrator. */
export async function startService({
  args,
  database = SAMPLE_DATABASE,
  environment = {},
  program = local('start.ts'),
}: Partial<ServiceOptions> = {}): Promise<TestService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-browser-'));
  const place = ['--data-dir', dataDir, '--database', database];
  const options = ['--port', '0', '--data-dir', dataDir, ...(args ?? [])];
  const service = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'error', ...environment },
  });
  const close = async () => {
    await stop(service, 'SIGTERM');
    await removeCluster(join(dataDir, 'postgres'));
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(service);
    const admin = { email: 'admin@example.com', password: 'a lantern over wet cobbles' };
    await runCommand('admin.ts', ['create', admin.email, ...place], `${admin.password}\n`);
    const request = await makeRequest(url, admin);
    const runAsOf = async (day: string, symbols?: string[]) => {
      const { id } = (await request('POST', '/v1/admin/runs', { to: day, ...(symbols && { symbols }) })) as {
        id: string;
      };
      await waitUntil(async () => {
        const run = (await request('GET', `/v1/admin/runs/${id}`).catch(() => undefined)) as {
          status?: string;
        };
        if (run?.status === 'failed') throw new Error(`The run as of ${day} failed.`);
        return run?.status === 'succeeded';
      });
    };
    const storeUniverses = () => inDatabase({ dataDir, database }, 'pipeline', storeSampleUniverses);
    const registerModel = async (version: string) => {
      const folder = join(dataDir, `release-${version}`);
      await cp(BUNDLED_RELEASE, folder, { recursive: true });
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
      const changed = { ...manifest, version, ...passingMeasures() };
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(changed));
      await runCommand('model.ts', ['register', folder, ...place]);
    };
    const asOwner: TestService['asOwner'] = (work) => inDatabase({ dataDir, database }, 'migrator', work);
    const expireConfirmations = async () => {
      await asOwner((sql) => sql`UPDATE sessions SET confirmed_at = confirmed_at - interval '11 minutes'`);
    };
    const resetPassword = async (email: string) => {
      const text = await runCommand('admin.ts', ['reset-password', email, ...place]);
      return defined(/^password: (.+)$/m.exec(text)?.[1], 'one-time password');
    };
    return {
      url,
      admin,
      request,
      runAsOf,
      storeUniverses,
      registerModel,
      asOwner,
      expireConfirmations,
      resetPassword,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Accepts the risk notice as the administrator. */
export async function acceptConsentAsAdmin({ request }: TestService): Promise<void> {
  const { version } = (await request('GET', '/v1/consent')) as { version: string };
  await request('POST', '/v1/me/consent', { version });
}

/** Polls until a condition holds. */
async function waitUntil(holds: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`The condition did not hold within ${timeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function addressOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk;
      const found = /API: (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      // The run of the start has ended.
      if (found && /^Next run: /m.test(output)) resolve(found);
    };
    service.stdout?.on('data', listen);
    service.stderr?.on('data', listen);
    service.once('close', (code) => reject(new Error(`The service exited with code ${code}:\n${output}`)));
  });
}

/** Runs a command of the project next to the service. */
function runCommand(file: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [local(file), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stdin.end(input);
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${file} ${args[0]} exited with code ${code}`)),
    );
  });
}

async function makeRequest(url: string, login: Login): Promise<TestService['request']> {
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

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null) return;
  await new Promise((resolve) => {
    child.once('close', resolve);
    child.kill(signal);
  });
}
