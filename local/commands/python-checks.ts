import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { databaseUrl, openInstallation } from '../installation/installation.ts';
import { PostgresCluster } from '../installation/postgres-server.ts';
import { uv } from '../installation/python.ts';
import { exitOnError } from '../terminal/exit.ts';

const TRAINING = fileURLToPath(new URL('../../training/', import.meta.url));

/** Format, lint, types and tests of training/, the last with a real Postgres of their own. */
const CHECKS = [['ruff', 'format', '--check'], ['ruff', 'check'], ['mypy'], ['pytest', '-q']];

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-python-'));
  const installation = await openInstallation({ dataDir, database: 'training_tests', owner: true });
  try {
    const url = databaseUrl(installation.login(DATABASE_ROLES.migrator));
    const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', TEST_DATABASE_URL: url };
    for (const check of CHECKS) {
      const { status } = spawnSync(uv(), ['run', '--frozen', ...check], {
        cwd: TRAINING,
        stdio: 'inherit',
        env,
      });
      if (status !== 0) throw new BoursomaticError('python_checks', `${check.join(' ')} failed`);
    }
  } finally {
    await installation.close();
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await exitOnError(main);
