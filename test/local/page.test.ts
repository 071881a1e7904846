import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage } from '../../local/page.ts';

let folder: string;
let server: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-page-'));
  await mkdir(join(folder, 'assets'));
  await mkdir(join(folder, '.vite'));
  await writeFile(join(folder, 'index.html'), `<!doctype html>${' '.repeat(2000)}`);
  await writeFile(join(folder, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(join(folder, '.vite/manifest.json'), '{}');
  const page = await openPage(folder);
  server = createServer((request, response) => {
    if (!page(request, response)) response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test.each(['/', '/recommendations', '/recommendations/01a2?label=BUY', '/admin/runs/api-2013.03'])(
  '%s is the page',
  async (path) => {
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<!doctype html>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  },
);

test.each([
  '/v1',
  '/v1/nothing',
  '/.well-known/nothing',
  '/assets/gone.js',
  '/gone.js',
  '/.vite/manifest.json',
  '/%zz',
])('%s is not', async (path) => {
  expect((await fetch(`${url}${path}`)).status).toBe(404);
});

test('only reading is answered', async () => {
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  const head = await fetch(url, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('no script and no style that is written into the page runs, and nothing is loaded from elsewhere', async () => {
  const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test('a file with a hash in its name is kept for good, and the page is asked for with its tag', async () => {
  const file = await fetch(`${url}/assets/app-1a2b.js`);
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('the page is packed for who takes it so', async () => {
  const size = async (encoding: string) =>
    Number((await fetch(url, { headers: { 'accept-encoding': encoding } })).headers.get('content-length'));
  expect(await size('gzip')).toBeLessThan(await size('identity'));
});
