import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { EDGE_HEADERS } from '../../../functions/shared/constants.ts';
import { listPage } from '../../../functions/web/page-files.ts';
import { VIEWER_CODE, VIEWS_CODE } from '../../../lib/constructs/edge-functions.ts';
import { usePageServer } from '../../support/page-server.ts';

interface Request {
  uri: string;
  headers: Record<string, { value: string; multiValue?: { value: string }[] }>;
}

/** Runs a function's code as CloudFront does: as a script without any API. */
function run(code: string, uri: string, headers: Request['headers'] = {}): Request {
  const event = { viewer: { ip: '192.0.2.7' }, request: { method: 'GET', uri, querystring: {}, headers } };
  return runInNewContext(`${code};handler(event)`, { event }) as Request;
}

const FILES = ['index.html', 'theme.js', 'favicon.svg', 'assets/app-1a2b.js', '.vite/manifest.json'];
const VIEWS = [
  '/',
  '//',
  '/recommendations',
  '/recommendations/01a2064d-cf1e-7c0b-9190-291d986f647d',
  '/admin/runs/api-2013.03',
  '/admin/runs/a%20run',
  '/theme.js/',
  '/THEME.JS',
  '/v1beta',
  '/mcps',
  '/V1/health',
  '/.git/config',
];
const ERRORS = [
  '/v1',
  '/mcp',
  '/.well-known',
  '/assets/',
  '/assets/gone.js',
  '/%61ssets/gone',
  '/gone.js',
  '/gone%2ejs',
  '/gone.png',
  '/.js',
  '/.vite/manifest.json',
  '/%zz',
];

describe('the views function', () => {
  const page = usePageServer(Object.fromEntries(FILES.map((file) => [file, file])));
  let keys: string[];
  beforeAll(async () => {
    keys = (await listPage(page.folder)).map(({ path }) => path.slice(1));
  });

  /** The bucket's file for a path after the function. A file's content is its name here. */
  const throughCloudFront = (path: string): string | undefined => {
    const { uri } = run(VIEWS_CODE, path);
    return keys.find((key) => `/${key}` === uri);
  };
  const locally = async (path: string): Promise<string | undefined> => {
    const response = await fetch(`${page.origin}${path}`);
    return response.ok ? response.text() : undefined;
  };

  test.each(VIEWS)('serves the document for the view %s, like the local server', async (path) => {
    expect(throughCloudFront(path)).toBe('index.html');
    expect(await locally(path)).toBe('index.html');
  });

  test.each(ERRORS)('serves nothing for %s, like the local server', async (path) => {
    expect(throughCloudFront(path)).toBeUndefined();
    expect(await locally(path)).toBeUndefined();
  });

  test.each(FILES.filter((file) => !file.startsWith('.')))(
    'serves the file %s from the bucket',
    async (file) => {
      expect(throughCloudFront(`/${file}`)).toBe(file);
      expect(await locally(`/${file}`)).toBe(file);
    },
  );
});

test('the viewer function replaces a client address that the client sends', () => {
  const { headers, uri } = run(VIEWER_CODE, '/v1/auth/login', {
    accept: { value: 'application/json' },
    [EDGE_HEADERS.viewer]: { value: '10.0.0.1', multiValue: [{ value: '10.0.0.1' }, { value: '10.0.0.2' }] },
  });
  expect(headers).toEqual({
    accept: { value: 'application/json' },
    [EDGE_HEADERS.viewer]: { value: '192.0.2.7' },
  });
  expect(uri).toBe('/v1/auth/login');
});

test.each([
  ['views', VIEWS_CODE],
  ['viewer', VIEWER_CODE],
])('the %s function is within the size limit of CloudFront', (_, code) => {
  expect(Buffer.byteLength(code)).toBeLessThan(10_240);
});
