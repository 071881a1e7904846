import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined } from '../../functions/shared/invariant.ts';
import { apiKeyOf, signedInUser } from '../functions/api/api-client.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../functions/api/recommendations/support.ts';
import { useApi } from '../functions/api/use-api.ts';
import { useService } from '../functions/api/use-service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** More than two pages of the examples. */
const SYMBOLS = Array.from({ length: 203 }, (_, i) => `S${String(i).padStart(3, '0')}`);

const db = useApi(() => ({ CLOCK: NOW.toISOString() }));
const service = useService();

let proxy: Server;
/** The targets of the requests, and the statuses of the answers. */
let log: { target: string; status: number }[];
let env: NodeJS.ProcessEnv;
let blocks: Record<string, string>;
let folder: string;
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  for (const symbol of SYMBOLS) await seedRecommendation(db.sql, { symbol });
  const { key } = await apiKeyOf(db, await signedInUser(db, { consented: true }));
  proxy = createServer(async ({ url = '', headers }, response) => {
    // Refuses the first page and the CSV once.
    const isRefused = !url.includes('cursor=') && !log.some(({ target }) => target === url);
    const answer = isRefused ? undefined : await fetch(`${service.url}${url}`, { headers: headers as never });
    log.push({ target: url, status: answer?.status ?? 429 });
    if (!answer) {
      const problem = { type: '/problems/too-many-requests', title: 'Too many requests', status: 429 };
      response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '1' });
      response.end(JSON.stringify(problem));
      return;
    }
    const { 'content-encoding': _, 'content-length': __, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  env = { PATH: process.env.PATH, URL: url, KEY: key };
  const text = await readFile(join(ROOT, 'docs/api.md'), 'utf8');
  const section = /^## Examples\n([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
  blocks = Object.fromEntries(
    [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, code]) => [language, code]),
  ) as Record<string, string>;
});
afterAll(() => new Promise((resolve) => proxy.close(resolve)));
beforeEach(async () => {
  log = [];
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-example-'));
  return () => rm(folder, { recursive: true });
});

const blockOf = (language: string) => defined(blocks[language], `the example in ${language}`);

/** Expects that the example read three pages and the CSV, and waited after each refusal. */
async function expectWhole(): Promise<void> {
  expect(log.map(({ status }) => status)).toEqual([429, 200, 200, 200, 429, 200]);
  expect(new Set(log.map(({ target }) => target)).size).toBe(4);
  const csv = await readFile(join(folder, 'recommendations.csv'));
  const rows = parse(csv, { columns: true }) as { symbol: string }[];
  expect(rows.map(({ symbol }) => symbol).sort()).toEqual(SYMBOLS);
}

describe('the example of docs/api.md', () => {
  test('for curl reads all pages and saves the list as CSV', async () => {
    await run('bash', ['-euo', 'pipefail', '-c', blockOf('bash')], { cwd: folder, env });
    const pages = [1, 2, 3].map((page) => readFile(join(folder, `page-${page}.json`), 'utf8'));
    const symbols = (await Promise.all(pages)).flatMap((page) =>
      JSON.parse(page).items.map(({ symbol }: { symbol: string }) => symbol),
    );
    expect(symbols.sort()).toEqual(SYMBOLS);
    await expectWhole();
  });

  test('for Python reads all pages and saves the list as CSV', async () => {
    const { stdout } = await run('python3', ['-c', blockOf('python')], { cwd: folder, env });
    expect(stdout).toBe('203 recommendations\n');
    await expectWhole();
  });

  test('for TypeScript compiles and runs with the packed client in an empty project', async () => {
    await run('npm', ['pack', '--workspace', '@boursomatic/client', '--pack-destination', folder], {
      cwd: ROOT,
    });
    const { version } = JSON.parse(await readFile(join(ROOT, 'clients/typescript/package.json'), 'utf8'));
    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
    // The client's dependencies, without the registry.
    const own = ['openapi-fetch', 'openapi-typescript-helpers'].map((name) =>
      join(ROOT, 'node_modules', name),
    );
    const client = join(folder, `boursomatic-client-${version}.tgz`);
    const flags = ['--offline', '--install-links', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', ...flags, client, ...own], { cwd: folder });
    for (const name of ['@types', 'undici-types'])
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    await writeFile(join(folder, 'example.ts'), blockOf('ts'));
    const options =
      '--strict --exactOptionalPropertyTypes --target es2024 --module nodenext --types node'.split(' ');
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    await run(tsc, [...options, 'example.ts'], { cwd: folder });
    const { stdout } = await run(process.execPath, ['example.js'], { cwd: folder, env });
    expect(stdout).toBe('203 recommendations\n');
    await expectWhole();
  });
});
