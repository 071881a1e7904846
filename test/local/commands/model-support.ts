import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { passingMeasures } from '../../functions/infer/registry-support.ts';
import { type Answer, lastLine, newDatabase, runCommand } from './command-support.ts';

const MODELS = fileURLToPath(BUNDLED_RELEASE);

let database: string;
let folder: string;
beforeAll(async () => {
  database = await newDatabase();
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-releases-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs `npm run model` in a temporary folder. */
export function run(args: string[], env: Record<string, string> = {}): Promise<Answer> {
  return runCommand('model.ts', args, { cwd: folder, env });
}

/** Runs `npm run model` in this test file's database of the shared server, which it must not stop. */
export function here(...args: string[]): Promise<Answer> {
  return run([...args, '--data-dir', inject('dataDir'), '--database', database]);
}

/** Copies the bundled release with another version and other metrics. */
export async function release(version: string, change: object = {}): Promise<string> {
  const directory = await mkdtemp(join(folder, `${version}-`));
  for (const file of await readdir(MODELS)) await copyFile(join(MODELS, file), join(directory, file));
  const manifest = JSON.parse(await readFile(join(MODELS, 'manifest.json'), 'utf8'));
  const changed = { ...manifest, version, ...passingMeasures(), ...change };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(changed));
  return directory;
}

/** Lists the active versions. */
export async function active(): Promise<string[]> {
  const { out } = await here('list', '--json');
  const all = lastLine(out) as { version: string; isActive: boolean }[];
  return all.filter(({ isActive }) => isActive).map(({ version }) => version);
}
