import { pathToFileURL } from 'node:url';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES, ENV } from '../functions/shared/constants.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import { withLogin } from '../local/installation/installation.ts';
import { openScratchInstallation } from '../local/installation/scratch-installation.ts';
import type { Progress } from '../local/terminal/progress.ts';
import { type Sizes, seed } from './api-seed.ts';

/** Day of the last run; the benchmark's clock is at its end. */
const LAST_DAY = '2026-03-02';

/** A seeded database in a scratch server. */
export interface World {
  /** Login of the API's role. */
  login: DatabaseSecret;
  /** Login of the pipeline's role. */
  pipelineLogin: DatabaseSecret;
  /** Environment variables of the API's functions. */
  environment: Record<string, string>;
  seedSeconds: number;
  remove(): Promise<void>;
}

/** Starts a scratch server and seeds its database. */
export async function makeWorld(sizes: Sizes, progress: Progress): Promise<World> {
  progress.update('Starting Postgres…');
  const installation = await openScratchInstallation('boursomatic-bench-', 'bench');
  try {
    const began = performance.now();
    await withLogin(installation, 'migrator', async (sql) => {
      await migrate(sql);
      await seed(sql, sizes, LAST_DAY, progress);
    });
    return {
      login: installation.login(DATABASE_ROLES.api),
      pipelineLogin: installation.login(DATABASE_ROLES.pipeline),
      environment: {
        [ENV.apiDatabaseSecret]: installation.secretUrl(DATABASE_ROLES.api),
        [ENV.trainingDatabaseSecret]: installation.secretUrl(DATABASE_ROLES.training),
        [ENV.modelObjectsUrl]: pathToFileURL(`${installation.objects}/models/`).href,
        [ENV.signingKeysSecret]: installation.signingKeysUrl,
        [ENV.tokenIssuer]: 'http://localhost',
        [ENV.clock]: `${LAST_DAY}T23:59:59.000Z`,
      },
      seedSeconds: (performance.now() - began) / 1000,
      remove: () => installation.close(),
    };
  } catch (error) {
    await installation.close();
    throw error;
  }
}
