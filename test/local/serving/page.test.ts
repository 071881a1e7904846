import { expect, test } from 'vitest';
import { usePageServer } from '../../support/page-server.ts';

const page = usePageServer({
  'index.html': `<!doctype html>${' '.repeat(2000)}`,
  'assets/app-1a2b.js': 'export {};',
  '.vite/manifest.json': '{}',
});

test.each(['/', '/recommendations', '/recommendations/01a2?label=BUY', '/admin/runs/api-2013.03'])(
  'answers %s with the document',
  async (path) => {
    const response = await fetch(`${page.origin}${path}`);
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
])('answers 404 to %s', async (path) => {
  expect((await fetch(`${page.origin}${path}`)).status).toBe(404);
});

test('answers only GET and HEAD', async () => {
  expect((await fetch(page.origin, { method: 'POST' })).status).toBe(404);
  const head = await fetch(page.origin, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('sends a policy that forbids inline scripts and styles and other origins', async () => {
  const policy = (await fetch(page.origin)).headers.get('content-security-policy') ?? '';
  for (const directive of [
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ])
    expect(policy).toContain(directive);
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test('lets browsers keep hashed files for a year, and revalidates the document by its ETag', async () => {
  const file = await fetch(`${page.origin}/assets/app-1a2b.js`);
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const etag = (await fetch(page.origin)).headers.get('etag') ?? '';
  expect((await fetch(page.origin, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('compresses the document only for clients that accept gzip', async () => {
  const size = async (encoding: string) =>
    Number(
      (await fetch(page.origin, { headers: { 'accept-encoding': encoding } })).headers.get('content-length'),
    );
  expect(await size('gzip')).toBeLessThan(await size('identity'));
  expect(await size('gzip;q=0')).toBe(await size('identity'));
});
