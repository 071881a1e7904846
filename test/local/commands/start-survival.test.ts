import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../functions/shared/database.ts';
import { openInstallation } from '../../../local/installation/installation.ts';
import { PostgresCluster } from '../../../local/installation/postgres-server.ts';
import { closeEndedRuns } from '../../../local/pipeline/run-lock.ts';
import { ANNOUNCED_START, dataDir, ended, launch, start } from './start-support.ts';

/** Reads everything that a process prints, and waits for texts in it. */
function listen(child: ChildProcess) {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  return {
    said: () => said,
    until: async (pattern: RegExp): Promise<string> => {
      for (let ms = 0; ms < 60_000; ms += 20) {
        const found = pattern.exec(said);
        if (found) return found[1] ?? found[0];
        if (child.exitCode !== null) break;
        await wait(20);
      }
      throw new Error(`not printed: ${pattern}\n${said}`);
    },
  };
}

const isPostgresRunning = () => new PostgresCluster(join(dataDir, 'postgres'), '').isRunning();

async function expectNothingLeft(): Promise<void> {
  expect(await readdir(dataDir)).not.toContain('owner.pid');
  expect(await isPostgresRunning()).toBe(false);
}

async function postmaster(): Promise<number> {
  const elsewhere = await readFile(join(dataDir, 'postgres', 'cluster-is-at'), 'utf8').catch(() => '');
  const data = elsewhere.trim() || join(dataDir, 'postgres', 'cluster');
  return Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
}

const SERVING = /API: (http:\/\/127\.0\.0\.1:\d+)/;

describe('a stop', () => {
  test.each([
    ['SIGINT', 'the creation of the cluster', /Starting Postgres/],
    ['SIGHUP', 'the migrations', /Applying database migrations/],
    ['SIGTERM', 'the load', /Load 0\/1/],
    ['SIGINT', 'the features', /Features 0\/1/],
    ['SIGHUP', 'the inference', /Infer/],
  ] as const)(
    'by %s during %s ends within 3 s and leaves nothing running',
    async (signal, _step, announced) => {
      const child = launch(['--port', '0', '--run-now'], {}, ANNOUNCED_START);
      const end = ended(child);
      // A step is announced before it begins.
      await listen(child).until(announced);
      await wait(200);
      const began = Date.now();
      child.kill(signal);
      child.kill(signal);
      expect((await end).code).toBe(0);
      expect(Date.now() - began).toBeLessThan(3_000);
      await expectNothingLeft();
    },
  );

  test('that SIGHUP asks for while serving ends within 3 s', async () => {
    const child = launch(['--port', '0']);
    const end = ended(child);
    await listen(child).until(SERVING);
    const began = Date.now();
    child.kill('SIGHUP');
    expect((await end).code).toBe(0);
    expect(Date.now() - began).toBeLessThan(3_000);
    await expectNothingLeft();
  });
});

test('restarts a Postgres that was killed, on the same port, and answers 503 meanwhile', async () => {
  const child = launch(['--port', '0']);
  const end = ended(child);
  const output = listen(child);
  const url = await output.until(SERVING);
  process.kill(await postmaster(), 'SIGKILL');
  await output.until(/Postgres ended unexpectedly\. Starting it again/);
  const statuses: number[] = [];
  do {
    statuses.push((await fetch(`${url}/v1/health`)).status);
    await wait(50);
  } while (!output.said().includes('Postgres is running again.') || statuses.at(-1) !== 200);
  expect(statuses.filter((status) => ![200, 503].includes(status))).toEqual([]);
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
  await expectNothingLeft();
});

test('serves what is published if the run fails', async () => {
  const provider = ['--provider', 'sample', '--replay', 'a-run-that-does-not-exist'];
  const child = launch(['--port', '0', ...provider]);
  const end = ended(child);
  const output = listen(child);
  const url = await output.until(SERVING);
  await output.until(/The run failed: .*a-run-that-does-not-exist/);
  expect((await fetch(`${url}/v1/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
});

test('fails with --once if the run fails', async () => {
  expect((await start(['--once', '--replay', 'a-run-that-does-not-exist'])).code).not.toBe(0);
});

describe('a run that was killed', () => {
  test('is closed by the next run, and a run of a living process stays open', async () => {
    const installation = await openInstallation({ dataDir, database: 'boursomatic_sample' });
    const sql = connect(installation.login('boursomatic_pipeline'));
    const living = connect(installation.login('boursomatic_pipeline'));
    try {
      for (const id of ['killed', 'living'])
        await sql`INSERT INTO pipeline_runs (id, status, input) VALUES (${id}, 'running', '{}')`;
      await living`SELECT pg_advisory_lock(hashtext('pipeline_run'), hashtext('living'))`;
      await closeEndedRuns(sql);
      expect(
        await sql`SELECT id, status, error, finished_at IS NOT NULL AS finished FROM pipeline_runs
          WHERE id IN ('killed', 'living') ORDER BY id`,
      ).toEqual([
        {
          id: 'killed',
          status: 'failed',
          error: 'stopped: the process that ran it ended before the run did',
          finished: true,
        },
        { id: 'living', status: 'running', error: null, finished: false },
      ]);
    } finally {
      await sql.end();
      await living.end();
      await installation.close();
    }
  });

  test('by SIGKILL is failed in the ledger after the next run', async () => {
    const child = launch(['--port', '0', '--mode', 'backfill'], {}, ANNOUNCED_START);
    const end = ended(child);
    await listen(child).until(/Batches done: Fetch 1/);
    child.kill('SIGKILL');
    await end;
    expect((await start(['--once'])).code).toBe(0);
    const installation = await openInstallation({ dataDir, database: 'boursomatic_sample' });
    const sql = connect(installation.login('boursomatic_pipeline'));
    try {
      expect(await sql`SELECT id FROM pipeline_runs WHERE status = 'running'`).toEqual([]);
    } finally {
      await sql.end();
      await installation.close();
    }
  });
});
