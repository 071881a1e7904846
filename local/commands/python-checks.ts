import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { databaseUrl } from '../installation/database-url.ts';
import { openScratchInstallation } from '../installation/scratch-installation.ts';
import { uv } from '../installation/uv.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run test:python

Checks training/: format, lint, types and tests, the tests with a scratch Postgres. Needs python3 with pip.

  -h, --help   print this text
`;

const TRAINING = fileURLToPath(new URL('../../training/', import.meta.url));

const CHECKS = [['ruff', 'format', '--check'], ['ruff', 'check'], ['mypy'], ['pytest', '-q']];

async function main(): Promise<void> {
  if (readCommandLine({ options: HELP_OPTION }).values.help) {
    process.stdout.write(HELP);
    return;
  }
  const installation = await openScratchInstallation('boursomatic-python-', 'training_tests');
  try {
    const url = databaseUrl(installation.login(DATABASE_ROLES.migrator));
    const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', TEST_DATABASE_URL: url };
    for (const check of CHECKS) {
      const { status } = spawnSync(uv(), ['run', '--frozen', ...check], {
        cwd: TRAINING,
        stdio: 'inherit',
        env,
      });
      if (status !== 0) throw new BoursomaticError('python_checks', `${check.join(' ')} failed in training/`);
    }
  } finally {
    await installation.close();
  }
}

await exitOnError(main);
