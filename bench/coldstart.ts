import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GROUPS, type Group } from '../functions/api/groups.ts';
import { ApiFunction } from '../lib/constructs/api-function.ts';
import { NetworkStack } from '../lib/stacks/network.ts';
import { Progress } from '../local/progress.ts';
import { median, rounded } from './quantile.ts';

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
 * Bundles each function of the API as the stack does, and times the import of each bundle in fresh processes.
 *
 * @returns for each group the kilobytes of its bundle and the milliseconds of its import
 */
export async function benchColdstart(): Promise<Record<string, number>> {
  const progress = new Progress();
  const folder = mkdtempSync(join(tmpdir(), 'boursomatic-coldstart-'));
  try {
    progress.update('Bundling…');
    const bundles = bundle(folder);
    const times = new Map<Group, number[]>(GROUPS.map((group) => [group, []]));
    for (let round = 0; round <= ROUNDS; round++) {
      progress.update(`Round ${round} of ${ROUNDS}…`);
      for (const group of GROUPS) {
        const milliseconds = importTime(bundles[group]);
        // The first finds the file on the disk, the others in memory, as a function does.
        if (round > 0) times.get(group)?.push(milliseconds);
      }
    }
    const figures = GROUPS.map((group) => [
      [`${group}Kb`, Math.round(statSync(bundles[group]).size / 1000)],
      [`${group}Ms`, rounded(median(times.get(group) ?? []))],
    ]);
    return Object.fromEntries(figures.flat());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns the file of each group's bundle */
function bundle(folder: string): Record<Group, string> {
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
  return Object.fromEntries(files) as Record<Group, string>;
}

function importTime(file: string): number {
  const env = { PATH: process.env.PATH ?? '', NODE_OPTIONS: '', LOG_LEVEL: 'silent' };
  return Number(execFileSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' }));
}
