import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';

/** Largest size of the gzipped scripts that every view loads first, and of all scripts of a first view. */
const FIRST_BYTES = 130_000;
const VIEW_BYTES = 210_000;

interface Chunk {
  file: string;
  imports?: string[];
}

let folder: string;
let manifest: Record<string, Chunk>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-web-'));
  // Vitest sets NODE_ENV to test, which would bundle React's development build, three times the size.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const configFile = new URL('../../web/vite.config.ts', import.meta.url).pathname;
  await build({ configFile, logLevel: 'error', build: { outDir: folder } });
  process.env.NODE_ENV = environment;
  manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files that the browser loads for a chunk: its own and those of its static imports. */
function listFiles(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) listFiles(imported, seen);
  return seen;
}

/** The gzipped size of the files that the browser loads for some chunks. */
async function sizeOf(...names: string[]): Promise<number> {
  const files = new Set(names.flatMap((name) => [...listFiles(name)]));
  const sizes = await Promise.all(
    [...files].map(async (file) => gzipSync(await readFile(join(folder, file))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('loads less than 130 KB of scripts before it knows the view', async () => {
  const size = await sizeOf('index.html');
  expect(size).toBeGreaterThan(50_000);
  expect(size).toBeLessThan(FIRST_BYTES);
});

test.each([
  ['the list', 'src/recommendations/ListPage.tsx'],
  ['the sign-in', 'src/account/SignIn.tsx'],
])('loads less than 210 KB of scripts for %s', async (_view, chunk) => {
  const size = await sizeOf('index.html', chunk);
  expect(size).toBeGreaterThan(await sizeOf('index.html'));
  expect(size).toBeLessThan(VIEW_BYTES);
});

test('loads the charting library with the chart and not before', async () => {
  const first = listFiles('index.html');
  const detail = listFiles('src/detail/DetailPage.tsx');
  const chart = defined(manifest['src/detail/PriceChart.tsx'], 'chunk of the chart').file;
  expect(await readFile(join(folder, chart), 'utf8')).toContain('Candlestick');
  expect(first.has(chart) || detail.has(chart)).toBe(false);
});

test('loads the code that draws QR codes with the settings and not before', async () => {
  const settings = defined(manifest['src/settings/SettingsPage.tsx'], 'chunk of the settings').file;
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  expect(await read(settings)).toContain('qr-code');
  for (const file of listFiles('index.html')) expect(await read(file)).not.toContain('qr-code');
});

test('has no inline scripts or styles in the HTML, which the policy would block', async () => {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
});
