import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../../functions/api/routes.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../../functions/api/recommendations/support.ts';
import { useApi } from '../../functions/api/use-api.ts';
import { useService } from '../../functions/api/use-service.ts';

const run = promisify(execFile);

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString() }));
const service = useService();
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'moderate' });
});

test('runs the commands in docs/api.md, from registration to recommendations', async () => {
  const text = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  const [, walk = ''] = /```bash\n([\s\S]*?)```/.exec(text) ?? [];
  expect(walk.trimEnd().split('\n')).toHaveLength(10);
  const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', walk], {
    env: { ...process.env, URL: service.url },
  });
  expect(stdout).toContain('"status":"accepted"');
  expect(stdout).toMatch(/risk/i);
  const answer = JSON.parse(stdout.slice(stdout.lastIndexOf('{"profile"')));
  expect(answer).toMatchObject({ profile: 'moderate', items: [{ symbol: 'AAPL', label: 'BUY' }] });
});

const README = new URL('../../../README.md', import.meta.url);

test('the commands of the README go from nothing to recommendations, as they are written', async () => {
  const [, walk = ''] = /```bash\n([\s\S]*?)```/.exec(await readFile(README, 'utf8')) ?? [];
  const { stdout } = await run('bash', [
    '-e',
    '-o',
    'pipefail',
    '-c',
    walk.replace('http://127.0.0.1:8787', service.url),
  ]);
  expect(JSON.parse(stdout.slice(stdout.lastIndexOf('{"profile"')))).toMatchObject({
    items: [{ symbol: 'AAPL', label: 'BUY' }],
  });
});

test('the README lists every endpoint, and none that is not there', async () => {
  const text = await readFile(README, 'utf8');
  const [, table = ''] = /### The API\n([\s\S]*?)\n### /.exec(text) ?? [];
  const named = [...table.matchAll(/^\| (`.*`) \|/gm)].flatMap(([, cell = '']) =>
    cell.split('; ').flatMap((part) => {
      const [, methods = ''] = /`([A-Z, ]+) /.exec(part) ?? [];
      const paths = [...part.matchAll(/`(?:[A-Z, ]+ )?([^`]+)`/g)].map(([, path]) => path);
      return paths.flatMap((path) => methods.split(', ').map((method) => `${method} ${path}`));
    }),
  );
  expect(named.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test('shows an error in docs/api.md exactly as the API returns it', async () => {
  const text = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  const credentials = { email: 'grace@example.com', password: 'correct horse battery staple' };
  const post = async (path: string, body: unknown, token = '') => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, string>;
  };
  await post('/v1/auth/register', credentials);
  const { accessToken } = await post('/v1/auth/login', credentials);
  const { version } = (await (await fetch(`${service.url}/v1/consent`)).json()) as { version: string };
  await post('/v1/me/consent', { version }, accessToken);
  const answer = await fetch(`${service.url}/v1/recommendations?limit=0`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(await answer.json()).toEqual(JSON.parse(shown));
});
