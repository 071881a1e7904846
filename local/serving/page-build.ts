import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

/** Folder of the built page. */
export const PAGE_FOLDER = join(WEB, 'dist');

/** Whether the page is missing, or older than its sources. */
export async function isPageOutdated(): Promise<boolean> {
  const built = await modified(join(PAGE_FOLDER, 'index.html'));
  if (built === 0) return true;
  const places = [join(WEB, 'index.html'), join(WEB, 'vite.config.ts'), join(WEB, '..', 'package-lock.json')];
  for (const folder of ['src', 'public']) {
    for (const entry of await readdir(join(WEB, folder), { recursive: true, withFileTypes: true })) {
      places.push(join(entry.parentPath, entry.name));
    }
  }
  const times = await Promise.all(places.map(modified));
  return times.some((time) => time > built);
}

/**
 * Builds the page, as `npm run build:web` does. Vite runs in a process of its own, whose memory ends with it.
 *
 * @param signal - kills the build
 * @throws BoursomaticError with the output of a failed build
 */
export async function buildPage(signal?: AbortSignal): Promise<void> {
  const output: string[] = [];
  const child = spawn(process.execPath, [VITE, 'build', '--logLevel', 'error', WEB], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal, killSignal: 'SIGKILL' }),
    // Vite builds for NODE_ENV, which is `test` under Vitest.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0)
    throw new BoursomaticError('page_build', `building the page failed: ${output.join('').trim()}`);
}

async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
