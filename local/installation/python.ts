import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHED_UV = fileURLToPath(new URL('../../.cache/uv/bin/uv', import.meta.url));

/**
 * Runs the Python trainer in its locked environment, which the first call installs.
 *
 * @param args - arguments of `python -m boursomatic_training`
 * @param databaseUrl - login of the training role, passed in the environment and never on the command line
 * @throws BadInputError if the trainer refuses its input, BoursomaticError if it fails; it has said why itself
 */
export async function runTraining(args: string[], databaseUrl: string): Promise<void> {
  const status = await run(
    ['run', '--frozen', '--project', 'training', 'python', '-m', 'boursomatic_training', ...args],
    {
      DATABASE_URL: databaseUrl,
    },
  );
  if (status === 2) throw new BadInputError('training refused its input');
  if (status !== 0) throw new BoursomaticError('training', `training ended with code ${status}`);
}

/** Runs uv from the project's root with its output on standard error. */
async function run(args: string[], environment: Record<string, string>): Promise<number> {
  const child = spawn(uv(), args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    // The machine's Python serves; uv must not look for one to download.
    env: { ...process.env, UV_PYTHON_DOWNLOADS: 'never', ...environment },
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done(code ?? (signal ? 1 : 0)));
  });
}

/** The uv on the machine, or one of the project's own, installed with pip. */
export function uv(): string {
  if (spawnSync('uv', ['--version'], { stdio: 'ignore' }).status === 0) return 'uv';
  if (existsSync(CACHED_UV)) return CACHED_UV;
  const target = fileURLToPath(new URL('../../.cache/uv', import.meta.url));
  const pip = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, 'uv'], {
    stdio: ['ignore', 2, 2],
  });
  if (pip.status !== 0 || !existsSync(CACHED_UV)) {
    throw new BoursomaticError('python', 'training needs python3 with pip, to install uv');
  }
  return CACHED_UV;
}
