import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { closeDatabases, connect } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { pipelineDatabase } from '../../functions/shared/pipeline-context.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { PostgresCluster } from '../installation/postgres-server.ts';
import { prepare } from '../installation/prepare.ts';
import { BUNDLED_RELEASE, installRelease } from '../installation/release.ts';
import { openSource } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import type { Progress } from '../terminal/progress.ts';

/** Who asks: nobody, somebody who has not accepted the consent, somebody who has, and an administrator. */
export const LEVELS = ['nobody', 'plain', 'consented', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

const PASSWORD = 'correct horse battery staple';

/** The API on a scratch database with the bundled sample's recommendations in it. */
export interface FuzzWorld {
  url: string;
  /** A fresh access token of somebody of a level; undefined for nobody. */
  token(level: Level): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Starts a server, runs the pipeline on the sample, and serves the API on a free loopback port. */
export async function openFuzzWorld(progress: Progress): Promise<FuzzWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-fuzz-'));
  const source = await openSource({ provider: ['sample'] });
  progress.update('Starting Postgres…');
  const installation = await openInstallation({ dataDir, database: source.database, owner: true });
  const closeAll = async () => {
    await closeDatabases();
    await installation.close();
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await prepare(installation, source, progress);
    await installRelease(installation, BUNDLED_RELEASE);
    await runPipeline(source.asOf ? { to: source.asOf } : {}, progress);
    // The functions read the level of their log when they are loaded.
    const { serve } = await import('../serving/serve.ts');
    const { selectRunStarter } = await import('../../functions/api/admin/selected-run-starter.ts');
    const service = await serve(0);
    // Runs that were started stand in the ledger and do nothing: there are hundreds.
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
  const sql = connect(installation.login(DATABASE_ROLES.migrator));
  try {
    // What the fuzzer tried before must not hold this up.
    await sql`DELETE FROM login_attempts`;
    await ask(url, 'POST', '/v1/auth/register', login);
    if (level === 'admin') await sql`UPDATE users SET is_admin = true WHERE email = ${login.email}`;
  } finally {
    await sql.end();
  }
  const { accessToken } = await ask<{ accessToken: string }>(url, 'POST', '/v1/auth/login', login);
  if (level !== 'plain') {
    const { version } = await ask<{ version: string }>(url, 'GET', '/v1/consent');
    await ask(url, 'POST', '/v1/me/consent', { version }, accessToken);
  }
  return accessToken;
}

async function ask<T>(url: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new BoursomaticError('fuzz', `${method} ${path} was answered with ${answer.status}`);
  return (await answer.json()) as T;
}
