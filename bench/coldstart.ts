import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildSync } from 'esbuild';
import { GROUPS, type Group } from '../functions/api/core/groups.ts';
import { defined } from '../functions/shared/invariant.ts';
import { ApiFunction } from '../lib/constructs/api-function.ts';
import { NetworkStack } from '../lib/stacks/network.ts';
import { Progress } from '../local/terminal/progress.ts';
import { median, rounded } from './quantile.ts';

/** The libraries alone: a lower limit for every bundle that contains them. */
const LIBRARIES = fileURLToPath(new URL('coldstart-libraries.ts', import.meta.url));

const SDK = 'node_modules/@aws-sdk/client-secrets-manager/index.js';

/** Fresh processes for each bundle, alternating between bundles; the results are medians. */
const ROUNDS = 11;

/** Times only the import of the bundle, after Node has started. */
const IMPORT = `
  const began = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - began));
  process.exit(0);
`;

/**
 * Bundles each API function as the stack does, and times the import of each bundle in fresh processes, alternating with
 * a bundle of only Middy, zod, jose and postgres.
 *
 * @returns the ratio of the slowest bundle to the libraries, and kilobytes and milliseconds of each
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
        // The first round reads the files from the disk, later ones from the cache, as Lambda does.
        if (round > 0) times.get(name)?.push(milliseconds);
      }
    }
    const medianOf = (name: Bundle) => median(defined(times.get(name), name));
    const slowest = Math.max(...GROUPS.map(medianOf));
    const figures = names.map((name) => [
      [`${name}Kb`, Math.round(sizeOf(bundles[name]) / 1000)],
      [`${name}Ms`, rounded(medianOf(name))],
    ]);
    return { vsLibraries: rounded(slowest / medianOf('libraries')), ...Object.fromEntries(figures.flat()) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Bundle = Group | 'libraries';

/** @returns the path of each bundle */
function bundle(folder: string): Record<Bundle, string> {
  const app = new App({ outdir: folder });
  const stack = new Stack(app, 'stack');
  const { placement } = new NetworkStack(app, 'network', { size: 'small' });
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

/** Bytes of a bundle and of the SDK next to it. */
function sizeOf(file: string): number {
  const sdk = statSync(join(dirname(file), SDK), { throwIfNoEntry: false });
  return statSync(file).size + (sdk?.size ?? 0);
}

function importTime(file: string): number {
  const env = { PATH: process.env.PATH ?? '', NODE_OPTIONS: '', LOG_LEVEL: 'silent' };
  return Number(execFileSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' }));
}
