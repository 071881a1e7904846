import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { passingMeasures } from '../../functions/infer/registry-support.ts';
import { type Answer, runCommand } from './command-support.ts';

const MODELS = fileURLToPath(BUNDLED_RELEASE);
const DATABASE = `test_${randomBytes(6).toString('hex')}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-releases-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command in a folder of its own. */
export function run(args: string[], env: Record<string, string> = {}): Promise<Answer> {
  return runCommand('model.ts', args, { cwd: folder, env });
}

/** Runs the command in a database of this file's own, in the shared server, which it joins and must not stop. */
export function here(...args: string[]): Promise<Answer> {
  return run([...args, '--data-dir', inject('dataDir'), '--database', DATABASE]);
}

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
