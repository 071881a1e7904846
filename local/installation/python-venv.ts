import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { uv } from './uv.ts';

/**
 * Installs Python packages into a virtual environment of their own, unless it has exactly these already.
 *
 * @param folder - the folder of the environment
 * @param requirements - the file that pins each package by its hash
 * @throws BoursomaticError if a package cannot be installed; the output of uv is then above
 */
export function installPythonPackages(folder: string, requirements: string): void {
  const pins = readFileSync(requirements, 'utf8');
  const stamp = join(folder, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pins) return;
  const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never' };
  const commands = [
    ['venv', '--quiet', '--clear', folder],
    ['pip', 'sync', '--quiet', '--require-hashes', '--python', join(folder, 'bin/python'), requirements],
  ];
  for (const args of commands) {
    const { status } = spawnSync(uv(), args, { stdio: ['ignore', 2, 2], env });
    if (status !== 0)
      throw new BoursomaticError(
        'python',
        `could not install ${requirements}: uv ${args[0]} failed, and its output is above`,
      );
  }
  writeFileSync(stamp, pins);
}
