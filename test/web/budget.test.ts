import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Most script, gzipped, that the list may load before it is there. */
const BUDGET_BYTES = 200_000;

interface Chunk {
  file: string;
  imports?: string[];
}

let folder: string;
let manifest: Record<string, Chunk>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-web-'));
  // A test's own NODE_ENV would build React for developers, which is three times as large.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const configFile = new URL('../../web/vite.config.ts', import.meta.url).pathname;
  await build({ configFile, logLevel: 'error', build: { outDir: folder } });
  process.env.NODE_ENV = environment;
  manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the browser loads for a chunk: itself, and all that it imports. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) withImports(imported, seen);
  return seen;
}

test('the list loads less than 200 KB of script', async () => {
  const files = [...withImports('index.html'), 'theme.js'];
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(join(folder, file))).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(BUDGET_BYTES);
});

test('what draws charts is loaded with the chart, and not before', async () => {
  const first = withImports('index.html');
  const detail = withImports('src/detail/DetailPage.tsx');
  const chart = manifest['src/detail/PriceChart.tsx']?.file ?? '';
  expect(await readFile(join(folder, chart), 'utf8')).toContain('Candlestick');
  expect(first.has(chart) || detail.has(chart)).toBe(false);
});

test('nothing is written into the page itself, which the policy would not run', async () => {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
});
