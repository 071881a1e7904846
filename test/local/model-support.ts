import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import { BUNDLED_RELEASE } from '../../local/release.ts';
import { passingMeasures } from '../functions/infer/registry-support.ts';

/** The command's own file. */
export const SCRIPT = fileURLToPath(new URL('../../local/model.ts', import.meta.url));
const MODELS = fileURLToPath(BUNDLED_RELEASE);
const DATABASE = `test_${randomBytes(6).toString('hex')}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-releases-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** How a command ended. */
export interface Answer {
  code: number | string | null;
  out: string;
  error: string;
}

/** Runs the command in a folder of its own. */
export function run(args: string[], environment: Record<string, string> = {}): Promise<Answer> {
  const { DATABASE_URL: _, ...env } = process.env;
  return new Promise((resolve) => {
    // Compiled once for all: that is most of what a command takes.
    const cache = { NODE_COMPILE_CACHE: join(inject('dataDir'), 'compile-cache') };
    const options = { env: { ...env, ...cache, ...environment }, cwd: folder };
    execFile(process.execPath, [SCRIPT, ...args], options, (failure, out, error) => {
      resolve({ code: failure ? (failure.code ?? null) : 0, out, error });
    });
  });
}

/** Runs the command in a database of this file's own, in the shared server, which it joins and must not stop. */
export function here(...args: string[]): Promise<Answer> {
  return run([...args, '--data-dir', inject('dataDir'), '--database', DATABASE]);
}

/** The answer to bad input: one line, and nothing else. */
export const refused = (message: string) => ({ code: 2, out: '', error: `boursomatic: ${message}\n` });

/** The bundled release under another version and with other measures; the files are the same. */
export async function release(version: string, change: object = {}): Promise<string> {
  const directory = await mkdtemp(join(folder, `${version}-`));
  for (const file of await readdir(MODELS)) await copyFile(join(MODELS, file), join(directory, file));
  const manifest = JSON.parse(await readFile(join(MODELS, 'manifest.json'), 'utf8'));
  const changed = { ...manifest, version, ...passingMeasures(), ...change };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(changed));
  return directory;
}

/** The active versions. */
export async function active(): Promise<string[]> {
  const { out } = await here('list', '--json');
  const all = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as { version: string; isActive: boolean }[];
  return all.filter(({ isActive }) => isActive).map(({ version }) => version);
}
