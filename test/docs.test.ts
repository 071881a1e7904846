import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { HELP } from '../local/commands/start-options.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function documents(): Promise<string[]> {
  const inDocs = await readdir(join(ROOT, 'docs'), { recursive: true });
  const files = inDocs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'local/sample/README.md',
    'training/README.md',
    ...files,
  ];
}

const scripts = async () => JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).scripts;

test.each(await documents())('%s names only npm scripts, links and paths that exist', async (name) => {
  const text = await readFile(join(ROOT, name), 'utf8');
  const known = Object.keys(await scripts());
  for (const [, script = ''] of text.matchAll(/npm run ([a-z][\w:-]*)/g)) expect(known).toContain(script);
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    expect(existsSync(join(ROOT, dirname(name), target)), `${name} links to ${target}`).toBe(true);
  }
  const folders = /`((?:bin|lib|functions|sql|training|models|local|web|bench|test|docs)\/[\w./-]*)`/g;
  for (const [, path = ''] of text.matchAll(folders)) {
    expect(existsSync(join(ROOT, path)), `${name} names ${path}`).toBe(true);
  }
});

/** Scripts that npm or other scripts start, and nobody by hand. */
const INTERNAL = /^pre|^localstack:script$/;

test('docs/commands.md lists every npm script and no other', async () => {
  const text = await readFile(join(ROOT, 'docs', 'commands.md'), 'utf8');
  const named = [...text.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, script]) => script);
  const known = Object.keys(await scripts()).filter((script) => !INTERNAL.test(script));
  expect([...new Set(named)].sort()).toEqual(known.sort());
});

test('docs/commands.md lists every option of npm start', async () => {
  const text = await readFile(join(ROOT, 'docs', 'commands.md'), 'utf8');
  for (const [, option = ''] of HELP.matchAll(/^ {2}(--[a-z-]+)/gm)) expect(text).toContain(`| \`${option}`);
});

test('the README uses only options of npm start that its help lists', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const used = [...readme.matchAll(/npm start -- ([^`\n]*)/g)].flatMap(
    ([, args = '']) => args.match(/--[a-z-]+/g) ?? [],
  );
  expect(used).toContain('--once');
  for (const option of used) expect(HELP).toContain(option);
});
