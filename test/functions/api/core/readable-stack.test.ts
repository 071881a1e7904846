import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readableStack } from '../../../../functions/api/core/readable-stack.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-stack-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The stack of an error in a bundle that is built like those of the API. */
async function stackOf(name: string, sourcemap: boolean): Promise<string> {
  const outfile = join(folder, name);
  const contents = 'export function fail() {\n\n  throw new Error("here");\n}\n';
  await build({
    stdin: { contents, sourcefile: 'functions/failing.ts', loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    sourcemap,
    sourcesContent: false,
    outfile,
  });
  try {
    createRequire(import.meta.url)(outfile).fail();
  } catch (error) {
    if (error instanceof Error) return error.stack ?? '';
  }
  throw new Error('it did not fail');
}

test('maps positions of a bundle to the sources', async () => {
  const stack = await stackOf('mapped.js', true);
  expect(stack).toMatch(/mapped\.js:1:\d+/);
  expect(readableStack(stack)).toMatch(/functions\/failing\.ts:3:9/);
  expect(readableStack(stack)).not.toContain('mapped.js:1:');
});

test('leaves a stack without a source map unchanged', async () => {
  const stack = await stackOf('unmapped.js', false);
  expect(readableStack(stack)).toBe(stack);
  expect(readableStack('')).toBe('');
});
