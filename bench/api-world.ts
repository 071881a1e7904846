import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES, ENV } from '../functions/shared/constants.ts';
import { connect } from '../functions/shared/database.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import { openInstallation } from '../local/installation/installation.ts';
import { PostgresCluster } from '../local/installation/postgres-server.ts';
import type { Progress } from '../local/terminal/progress.ts';
import { type Sizes, seed } from './api-seed.ts';

/** The day of the last run; the clock of the benchmark is the next morning. */
const LAST_DAY = '2026-03-02';

/** A seeded store in a server of its own. */
export interface World {
  /** Login of the API's role. */
  login: DatabaseSecret;
  /** What the API's functions read. */
  environment: Record<string, string>;
  seedSeconds: number;
  remove(): Promise<void>;
}

/** Makes a scratch server and fills it. */
export async function makeWorld(sizes: Sizes, progress: Progress): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  progress.update('Starting Postgres…');
  const installation = await openInstallation({ dataDir, database: 'bench', owner: true });
  const remove = async () => {
    await installation.close();
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const sql = connect(installation.login(DATABASE_ROLES.migrator));
    const began = performance.now();
    try {
      await migrate(sql);
      await seed(sql, sizes, LAST_DAY, progress);
    } finally {
      await sql.end();
    }
    return {
      login: installation.login(DATABASE_ROLES.api),
      environment: {
        [ENV.apiDatabaseSecret]: installation.secretUrl(DATABASE_ROLES.api),
        [ENV.trainingDatabaseSecret]: installation.secretUrl(DATABASE_ROLES.training),
        [ENV.modelObjectsUrl]: pathToFileURL(`${installation.objects}/models/`).href,
        [ENV.signingKeysSecret]: installation.signingKeysUrl,
        [ENV.tokenIssuer]: 'http://localhost',
        [ENV.clock]: `${LAST_DAY}T23:59:59.000Z`,
      },
      seedSeconds: (performance.now() - began) / 1000,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
