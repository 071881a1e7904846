import { selectRunStarter } from '../../functions/api/admin/selected-run-starter.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { pipelineDatabase } from '../../functions/shared/pipeline-context.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { BUNDLED_RELEASE, installRelease } from '../installation/release-folder.ts';
import { storeSampleUniverses } from '../installation/sample-universes.ts';
import { openScratchInstallation } from '../installation/scratch-installation.ts';
import { openSource } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { prepareAdding } from '../service/adding.ts';
import { serve } from '../serving/serve.ts';
import type { Progress } from '../terminal/progress.ts';

/** Levels of access: signed out, a user without the risk consent, a user with it, and an administrator. */
const LEVELS = ['nobody', 'plain', 'consented', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

const PASSWORD = 'correct horse battery staple';

/** The API on a scratch database with the bundled sample's recommendations in it. */
export interface FuzzWorld {
  url: string;
  /** Registers a user of the level and returns an access token; undefined for `nobody`. */
  token(level: Level): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Starts a server, runs the pipeline on the sample, and serves the API on a free loopback port. */
export async function openFuzzWorld(progress: Progress): Promise<FuzzWorld> {
  const source = await openSource({ provider: ['sample'] });
  progress.update('Starting Postgres…');
  const installation = await openScratchInstallation('boursomatic-fuzz-', source.database);
  const closeAll = async () => {
    await closeDatabases();
    await installation.close();
  };
  try {
    const sql = await prepareRun(installation, source, progress);
    await installRelease(installation, BUNDLED_RELEASE);
    await storeSampleUniverses(sql);
    await runPipeline(source.asOf ? { to: source.asOf } : {}, progress);
    prepareAdding(source, {});
    const service = await serve({ port: 0 });
    // The fuzzer starts hundreds of runs: record each and do nothing.
    const pipeline = await pipelineDatabase();
    selectRunStarter({
      start: async (runId, input) => {
        await pipeline`INSERT INTO pipeline_runs (id, mode, input) VALUES (${runId}, ${input.mode ?? null}, ${pipeline.json(input)})`;
      },
    });
    service.open();
    return {
      url: service.url,
      token: (level) => tokenOf(service.url, installation, level),
      close: async () => {
        await service.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

let registered = 0;

async function tokenOf(url: string, installation: Installation, level: Level): Promise<string | undefined> {
  if (level === 'nobody') return undefined;
  registered += 1;
  const login = { email: `${level}-${registered}@example.com`, password: PASSWORD };
  await withLogin(installation, 'migrator', async (sql) => {
    // The fuzzer's earlier attempts must not slow this login down.
    await sql`DELETE FROM login_attempts`;
    await send(url, 'POST', '/v1/auth/register', login);
    if (level === 'admin') await sql`UPDATE users SET is_admin = true WHERE email = ${login.email}`;
  });
  const { accessToken } = await send<{ accessToken: string }>(url, 'POST', '/v1/auth/login', login);
  if (level !== 'plain') {
    const { version } = await send<{ version: string }>(url, 'GET', '/v1/consent');
    await send(url, 'POST', '/v1/me/consent', { version }, accessToken);
  }
  return accessToken;
}

async function send<T>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new BoursomaticError('fuzz', `${method} ${path} failed with status ${answer.status}`);
  return (await answer.json()) as T;
}
