import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

/** Where the built page is. */
export const PAGE_FOLDER = join(WEB, 'dist');

/** Whether the page has never been built, or has changed since. */
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
 * Builds the page, as `npm run build:web` does.
 *
 * @throws BoursomaticError with what the build said
 */
export async function buildPage(): Promise<void> {
  const said: string[] = [];
  const child = spawn(process.execPath, [VITE, 'build', '--logLevel', 'error', WEB], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Vite's own choice is by NODE_ENV, which a test sets otherwise.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new BoursomaticError('page_build', `the page was not built: ${said.join('').trim()}`);
}

async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
