import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const UV_FOLDER = fileURLToPath(new URL('../../.cache/uv', import.meta.url));
const CACHED_UV = fileURLToPath(new URL('../../.cache/uv/bin/uv', import.meta.url));

/**
 * Finds uv, the Python package manager: the machine's own, or one that the first call installs with pip.
 *
 * @returns the path or name of the program
 * @throws BoursomaticError if neither uv nor python3 with pip is on the machine
 */
export function uv(): string {
  if (spawnSync('uv', ['--version'], { stdio: 'ignore' }).status === 0) return 'uv';
  if (existsSync(CACHED_UV)) return CACHED_UV;
  const pip = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', UV_FOLDER, 'uv'], {
    stdio: ['ignore', 2, 2],
  });
  if (pip.status !== 0 || !existsSync(CACHED_UV)) {
    throw new BoursomaticError(
      'python',
      'cannot install uv: install python3 with pip, or uv itself, and try again',
    );
  }
  return CACHED_UV;
}
