import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { databaseUrl } from '../installation/database-url.ts';
import type { Installation } from '../installation/installation.ts';
import { uv } from '../installation/uv.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The version of the release to train, and the arguments that the trainer gets unchanged. */
export interface TrainingJob {
  version: string;
  trainer: string[];
}

/**
 * Trains a release into a folder next to `out`, then swaps the two, so that `out` is never half a release.
 *
 * @throws BadInputError if the trainer refuses the data; `out` keeps its files
 */
export async function trainInto(
  out: string,
  { version, trainer }: TrainingJob,
  installation: Installation,
): Promise<void> {
  const url = databaseUrl(installation.login(DATABASE_ROLES.training));
  const fresh = `${out}.new-${process.pid}`;
  const old = `${out}.old-${process.pid}`;
  try {
    await runTrainer(['train', '--out', fresh, '--version', version, ...trainer], url);
    if (existsSync(out)) await rename(out, old);
    await rename(fresh, out);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/**
 * Checks that training may replace a folder: it must be missing, empty, or a release.
 *
 * @throws BadInputError for any other folder, because its files may be somebody's work
 */
export function assertReplaceable(out: string): void {
  if (!existsSync(out) || existsSync(join(out, 'manifest.json')) || readdirSync(out).length === 0) return;
  throw new BadInputError(
    `--out ${out}: is neither empty nor a release (no manifest.json); name another folder`,
  );
}

/**
 * Runs the Python trainer in its locked environment, which the first call installs. Its output goes to standard
 * error.
 *
 * @param args - arguments of `python -m boursomatic_training`
 * @param url - login of the training role, passed in the environment and never on the command line
 * @throws BadInputError if the trainer refuses its input, BoursomaticError if it fails; it has printed the reason
 */
async function runTrainer(args: string[], url: string): Promise<void> {
  const python = ['run', '--frozen', '--project', 'training', 'python', '-m', 'boursomatic_training'];
  const child = spawn(uv(), [...python, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    // uv must use the machine's Python and not download another.
    env: { ...process.env, UV_PYTHON_DOWNLOADS: 'never', DATABASE_URL: url },
  });
  const [code] = await once(child, 'exit');
  if (code === 2) throw new BadInputError('the trainer refused its input; see its message above');
  if (code !== 0) {
    throw new BoursomaticError(
      'training',
      `the trainer failed with exit code ${code}; see its message above`,
    );
  }
}
