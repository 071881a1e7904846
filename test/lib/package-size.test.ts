import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertPackagesFit } from '../../lib/package-size.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-assembly-'));
  await mkdir(join(folder, 'asset.1/node_modules'), { recursive: true });
  await writeFile(join(folder, 'asset.1/index.mjs'), Buffer.alloc(600_000));
  await writeFile(join(folder, 'asset.1/node_modules/library.so'), Buffer.alloc(500_000));
  const Metadata = { 'aws:asset:path': 'asset.1' };
  const Resources = {
    InferFunction: { Type: 'AWS::Lambda::Function', Metadata },
    NotBundled: { Type: 'AWS::Lambda::Function', Metadata: { 'aws:asset:path': '/nowhere' } },
    Inline: { Type: 'AWS::Lambda::Function' },
    Layer: { Type: 'AWS::Lambda::LayerVersion', Metadata },
  };
  await writeFile(join(folder, 'stage-pipeline.template.json'), JSON.stringify({ Resources }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('accepts packages within the limit', () => {
  assertPackagesFit(folder);
  assertPackagesFit(folder, 1_100_000);
});

test('refuses a package above the limit, and names function, stack and size', () => {
  expect(() => assertPackagesFit(folder, 1_099_999)).toThrow(
    /^function InferFunction of stage-pipeline: its unpacked package has 2 MiB, and Lambda's limit is 2 MiB\./,
  );
});
