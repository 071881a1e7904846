import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildSync } from 'esbuild';
import { GROUPS, type Group } from '../functions/api/core/groups.ts';
import { ApiFunction } from '../lib/constructs/api-function.ts';
import { NetworkStack } from '../lib/stacks/network.ts';
import { Progress } from '../local/terminal/progress.ts';
import { median, rounded } from './quantile.ts';

/** The libraries alone: what no bundle of these can be imported faster than. */
const LIBRARIES = fileURLToPath(new URL('coldstart-libraries.ts', import.meta.url));

const SDK = 'node_modules/@aws-sdk/client-secrets-manager/index.js';

/** Fresh processes a bundle, in turn with those of the other bundles; the medians count. */
const ROUNDS = 11;

/** Times nothing but the bundle: Node itself has started. */
const IMPORT = `
  const began = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - began));
  process.exit(0);
`;

/**
 * Bundles each function of the API as the stack does, and times the import of each bundle in fresh processes, beside a
 * bundle of Middy, zod, jose and postgres alone.
 *
 * @returns the ratio of the slowest bundle to the libraries, and for each the kilobytes and the milliseconds
 */
export async function benchColdstart(): Promise<Record<string, number>> {
  const progress = new Progress();
  const folder = mkdtempSync(join(tmpdir(), 'boursomatic-coldstart-'));
  try {
    progress.update('Bundling…');
    const bundles = bundle(folder);
    const names = [...GROUPS, 'libraries'] as const;
    const times = new Map<Bundle, number[]>(names.map((name) => [name, []]));
    for (let round = 0; round <= ROUNDS; round++) {
      progress.update(`Round ${round} of ${ROUNDS}…`);
      for (const name of names) {
        const milliseconds = importTime(bundles[name]);
        // The first finds the file on the disk, the others in memory, as a function does.
        if (round > 0) times.get(name)?.push(milliseconds);
      }
    }
    const took = (name: Bundle) => median(times.get(name) ?? []);
    const slowest = Math.max(...GROUPS.map(took));
    const figures = names.map((name) => [
      [`${name}Kb`, Math.round(sizeOf(bundles[name]) / 1000)],
      [`${name}Ms`, rounded(took(name))],
    ]);
    return { vsLibraries: rounded(slowest / took('libraries')), ...Object.fromEntries(figures.flat()) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Bundle = Group | 'libraries';

/** @returns the file of each bundle */
function bundle(folder: string): Record<Bundle, string> {
  const app = new App({ outdir: folder });
  const stack = new Stack(app, 'stack');
  const { placement } = new NetworkStack(app, 'network');
  for (const group of GROUPS) new ApiFunction(stack, group, { group, ...placement });
  app.synth();
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const files = Object.entries(functions).flatMap(([id, { Properties }]) => {
    const key: string = Properties.Code.S3Key;
    const group = GROUPS.find((name) => id.startsWith(name));
    return group ? [[group, join(folder, `asset.${key.replace(/\.zip$/, '')}`, 'index.js')]] : [];
  });
  const libraries = join(folder, 'libraries.js');
  buildSync({
    entryPoints: [LIBRARIES],
    outfile: libraries,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  });
  return { ...(Object.fromEntries(files) as Record<Group, string>), libraries };
}

/** The bytes of a bundle, and of the SDK beside it. */
function sizeOf(file: string): number {
  const sdk = statSync(join(dirname(file), SDK), { throwIfNoEntry: false });
  return statSync(file).size + (sdk?.size ?? 0);
}

function importTime(file: string): number {
  const env = { PATH: process.env.PATH ?? '', NODE_OPTIONS: '', LOG_LEVEL: 'silent' };
  return Number(execFileSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' }));
}
