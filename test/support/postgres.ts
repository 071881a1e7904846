import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openInstallation } from '../../local/installation/installation.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of the one real Postgres server that all tests share. */
    dataDir: string;
  }
}

/** Starts one Postgres server for the whole test run, in which each test file makes its own databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-test-'));
  const installation = await openInstallation({ dataDir, database: 'first', owner: true });
  project.provide('dataDir', dataDir);
  return async () => {
    await installation.close();
    await removeCluster(join(dataDir, 'postgres'));
    await rm(dataDir, { recursive: true, force: true });
  };
}
