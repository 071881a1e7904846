import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildSync } from 'esbuild';
import { GROUPS } from '../functions/api/core/groups.ts';
import { defined } from '../functions/shared/invariant.ts';
import { ApiFunction, OWN_ARCHITECTURE } from '../lib/constructs/api-function.ts';
import { BUNDLE, CODE_CACHE } from '../lib/constructs/code-cache.ts';
import { ONNXRUNTIME } from '../lib/constructs/onnxruntime.ts';
import { NetworkStack } from '../lib/stacks/network.ts';
import { BUNDLED_RELEASE } from '../local/installation/release-folder.ts';
import { Progress } from '../local/terminal/progress.ts';
import { median, rounded } from './quantile.ts';

/** The libraries alone: a lower limit for every bundle that contains them. */
const LIBRARIES = fileURLToPath(new URL('coldstart-libraries.ts', import.meta.url));

/** Infer with the loading of its model. */
const INFER = fileURLToPath(new URL('coldstart-infer.ts', import.meta.url));
const MODELS = fileURLToPath(BUNDLED_RELEASE);
const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

const SDK = 'node_modules/@aws-sdk/client-secrets-manager/index.js';

/** Fresh processes for each bundle, alternating between bundles; the results are medians. */
const ROUNDS = 11;

/**
 * Measures only the import of the bundle, after Node has started: processor time, which other processes hardly affect,
 * and elapsed time.
 */
const IMPORT = `
  const began = performance.now();
  const before = process.cpuUsage();
  require(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ processor: (user + system) / 1000, elapsed: performance.now() - began }));
  process.exit(0);
`;

/** Measures the import of Infer and the loading of its model likewise. */
const IMPORT_AND_LOAD = `
  const began = performance.now();
  const before = process.cpuUsage();
  require(process.argv[1]).load(process.argv[2]).then(() => {
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(JSON.stringify({ processor: (user + system) / 1000, elapsed: performance.now() - began }));
    process.exit(0);
  });
`;

interface Import {
  processor: number;
  elapsed: number;
}

/**
 * Bundles each API function as the stack does for this machine's processor, and times the import of each bundle in fresh
 * processes, alternating with a bundle of only Middy, zod, jose and postgres. Each bundle is imported with its code
 * cache and, as where Lambda's Node differs from the one that built it, without.
 *
 * @returns the ratio of the slowest bundle's processor time to that of the libraries; kilobytes and milliseconds of each
 *   bundle
 */
export async function benchColdstart(): Promise<Record<string, number>> {
  const progress = new Progress();
  const folder = mkdtempSync(join(tmpdir(), 'boursomatic-coldstart-'));
  try {
    progress.update('Bundling…');
    const bundles = bundle(folder);
    const imports = new Map<string, Import[]>();
    for (let round = 0; round <= ROUNDS; round++) {
      progress.update(`Round ${round} of ${ROUNDS}…`);
      for (const [name, file] of Object.entries(bundles)) {
        const measured = name === 'infer' ? loadInfer(file) : importBundle(file);
        // The first round reads the files from the disk, later ones from the cache, as Lambda does.
        if (round > 0) imports.set(name, [...(imports.get(name) ?? []), measured]);
      }
    }
    const medianOf = (name: string, figure: keyof Import) =>
      median(defined(imports.get(name), name).map((measured) => measured[figure]));
    const slowest = (suffix: string) =>
      Math.max(...GROUPS.map((group) => medianOf(`${group}${suffix}`, 'processor')));
    const libraries = medianOf('libraries', 'processor');
    const figures = Object.entries(bundles).flatMap(([name, file]) => [
      ...(name.endsWith(UNCACHED) ? [] : [[`${name}Kb`, Math.round(sizeOf(file) / 1000)]]),
      [`${name}ProcessorMs`, rounded(medianOf(name, 'processor'))],
      [`${name}Ms`, rounded(medianOf(name, 'elapsed'))],
    ]);
    return {
      vsLibraries: rounded(slowest('') / libraries),
      vsLibrariesUncached: rounded(slowest(UNCACHED) / libraries),
      ...Object.fromEntries(figures),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const LIKE_A_FUNCTION = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
} as const;

/** Ends the name of a bundle without its code cache. */
const UNCACHED = 'Uncached';

/** @returns the path of each bundle by name */
function bundle(folder: string): Record<string, string> {
  const app = new App({ outdir: folder, context: { architecture: OWN_ARCHITECTURE } });
  const stack = new Stack(app, 'stack');
  const { placement } = new NetworkStack(app, 'network', { size: 'small' });
  for (const group of GROUPS)
    new ApiFunction(stack, group, { name: group, onnxruntime: group === 'replay', ...placement });
  app.synth();
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const files: Record<string, string> = {};
  for (const [id, { Properties }] of Object.entries(functions)) {
    const key: string = Properties.Code.S3Key;
    const group = GROUPS.find((name) => id.startsWith(name));
    if (!group) continue;
    const asset = join(folder, `asset.${key.replace(/\.zip$/, '')}`);
    const uncached = join(folder, group);
    cpSync(asset, uncached, { recursive: true });
    rmSync(join(uncached, CODE_CACHE));
    files[group] = join(asset, 'index.js');
    files[`${group}${UNCACHED}`] = join(uncached, 'index.js');
  }
  const libraries = join(folder, 'libraries.js');
  buildSync({ ...LIKE_A_FUNCTION, entryPoints: [LIBRARIES], outfile: libraries });
  const infer = join(folder, 'infer.js');
  buildSync({
    ...LIKE_A_FUNCTION,
    entryPoints: [INFER],
    outfile: infer,
    external: [ONNXRUNTIME],
    mainFields: ['module', 'main'],
  });
  return { ...files, libraries, infer };
}

/** Bytes of the script that a function reads until its first answer: its bundle and the SDK, without the code cache. */
function sizeOf(file: string): number {
  const folder = dirname(file);
  return [file, join(folder, BUNDLE), join(folder, SDK)]
    .map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, bytes) => sum + bytes);
}

function loadInfer(file: string): Import {
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_OPTIONS: '',
    NODE_PATH: NODE_MODULES,
    LOG_LEVEL: 'silent',
  };
  const args = ['--expose-gc', '-e', IMPORT_AND_LOAD, file, MODELS];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as Import;
}

function importBundle(file: string): Import {
  const env = { PATH: process.env.PATH ?? '', NODE_OPTIONS: '', LOG_LEVEL: 'silent' };
  // Lambda starts Node with this flag, and V8 reads a code cache only under the flags that wrote it.
  const out = execFileSync(process.execPath, ['--expose-gc', '-e', IMPORT, file], { env, encoding: 'utf8' });
  return JSON.parse(out) as Import;
}
