import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { HELP } from '../local/commands/start-options.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE_FOLDERS = [
  'bench',
  'bin',
  'clients',
  'docs',
  'functions',
  'hosting',
  'lib',
  'local',
  'sql',
  'stages',
  'test',
  'training',
  'web',
];

/** Folders that commands create; documents may name files in them. Paths with a hidden folder are not matched. */
const GENERATED = /^(?:cdk\.out|node_modules)\//;

/** Matches a path with at least one folder and the ending of a file that the project keeps. */
const FILE_MENTION =
  /(?<![\w@/.-])(?:\.{1,2}\/)*((?:\w[\w.-]*\/)+[\w.-]+\.(?:css|csv|html|json|md|mjs|onnx|png|py|sql|toml|tsx?|txt|ya?ml)(?:\.gz)?)(?![\w/])/g;

const read = (name: string) => readFile(join(ROOT, name), 'utf8');

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  return names.map((name) => join(folder, name)).filter((name) => !/(?:node_modules|\/\.)/.test(name));
}

const FILES = [...(await readdir(ROOT)), ...(await Promise.all(SOURCE_FOLDERS.map(filesBelow))).flat()];
const ENDINGS = new Set(FILES.flatMap((file) => endingsOf(file)));
const DECISIONS = FILES.filter((name) => /^docs\/adr\/\d{4}-/.test(name)).sort();

/** Returns a path and each of its ends: `a/b/c.ts`, `b/c.ts`, `c.ts`. */
function endingsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(i).join('/'));
}

function documents(): string[] {
  const others = [
    'clients/typescript/README.md',
    'local/sample/README.md',
    'test/market/README.md',
    'training/README.md',
  ];
  const inDocs = FILES.filter((name) => name.startsWith('docs/') && name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...others, ...inDocs];
}

/** Returns the anchors that GitHub gives a document's headings; a repeated heading gets a number. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

const withoutFences = (markdown: string) => markdown.replace(/^```[\s\S]*?^```/gm, '');

/** Returns the decisions that a text names as "ADR 9" or "docs/adr/0009", as four digits. */
function namedDecisions(text: string): string[] {
  const names = [...text.matchAll(/\bADRs? (\d+)|docs\/adr\/(\d{4})/g)];
  return names.map(([, number, digits]) => digits ?? String(number).padStart(4, '0'));
}

const hasDecision = (digits: string) => DECISIONS.some((name) => name.startsWith(`docs/adr/${digits}-`));

test.each(documents())('%s names only npm scripts that exist', async (name) => {
  const { scripts } = JSON.parse(await read('package.json'));
  for (const [, script] of (await read(name)).matchAll(/npm run ([a-z][\w:-]*)/g)) {
    expect(Object.keys(scripts)).toContain(script);
  }
});

test.each(documents())('%s links only to files and headings that exist', async (name) => {
  const links = withoutFences(await read(name)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g);
  for (const [, target = '', anchor] of links) {
    const file = join(ROOT, target === '' ? name : join(dirname(name), target));
    expect(existsSync(file), `${name} links to ${target}`).toBe(true);
    if (anchor === undefined) continue;
    expect(anchorsOf(readFileSync(file, 'utf8')), `${name} links to ${target}#${anchor}`).toContain(anchor);
  }
});

test.each(documents())('%s names only folders and files that exist', async (name) => {
  const text = (await read(name)).replace(/https?:\/\/\S+/g, '');
  const inCode =
    /`((?:bin|clients|lib|functions|sql|stages|training|models|local|web|bench|test|docs)\/[\w./-]*)`/g;
  for (const [, path = ''] of text.matchAll(inCode)) {
    expect(existsSync(join(ROOT, path)), `${name} names ${path}`).toBe(true);
  }
  for (const [, path = ''] of text.matchAll(FILE_MENTION)) {
    if (GENERATED.test(path)) continue;
    expect(ENDINGS.has(path) || existsSync(join(ROOT, path)), `${name} names ${path}`).toBe(true);
  }
});

test.each(documents())('%s names only decisions that exist', async (name) => {
  for (const digits of namedDecisions(await read(name))) {
    expect(hasDecision(digits), `${name} names ADR ${digits}`).toBe(true);
  }
});

test('source code names only decisions that exist', async () => {
  const sources = FILES.filter((name) => /\.(?:tsx?|py|sql)$/.test(name) && name !== 'test/docs.test.ts');
  for (const name of sources) {
    for (const digits of namedDecisions(await read(name))) {
      expect(hasDecision(digits), `${name} names ADR ${digits}`).toBe(true);
    }
  }
});

test.each(DECISIONS)('%s has a title, a status with a date, and the common sections', async (name) => {
  const text = await read(name);
  expect(text).toMatch(new RegExp(`^# ${Number(name.slice('docs/adr/'.length).slice(0, 4))}\\. \\S`));
  const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(['Status', 'Context', 'Decision', 'Consequences']);
  expect(text).toMatch(/^## Status\n\n(?:Accepted|Superseded by \[ADR \d+\]\(\S+\)) on \d{4}-\d{2}-\d{2}\b/m);
});

test('docs/adr/README.md lists every decision with its title and the date of its status', async () => {
  const index = await read('docs/adr/README.md');
  for (const name of DECISIONS) {
    const text = await read(name);
    const [, number, title] = /^# (\d+)\. (.*)$/m.exec(text) ?? [];
    const [, status] = /^## Status\n\n(\S.*? on [\d-]+)/m.exec(text) ?? [];
    const file = name.slice('docs/adr/'.length);
    expect(index).toContain(`| [${number}](${file}) | ${title} | ${status}`);
  }
});

/** Scripts that npm or other scripts start, and nobody by hand. */
const INTERNAL = /^pre(?:start|test|train)$|^postinstall$|^localstack:script$/;

test('docs/commands.md lists every npm script and no other', async () => {
  const { scripts } = JSON.parse(await read('package.json'));
  const text = await read('docs/commands.md');
  const named = [...text.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, script]) => script);
  const known = Object.keys(scripts).filter((script) => !INTERNAL.test(script));
  expect([...new Set(named)].sort()).toEqual(known.sort());
});

test('docs/commands.md lists every option of npm start', async () => {
  const text = await read('docs/commands.md');
  for (const [, option = ''] of HELP.matchAll(/^ {2}(--[a-z-]+)/gm)) expect(text).toContain(`| \`${option}`);
});

test('the help describes every option that the README uses', async () => {
  const used = [...(await read('README.md')).matchAll(/npm start -- ([^`\n]*)/g)].flatMap(
    ([, args = '']) => args.match(/--[a-z-]+/g) ?? [],
  );
  expect(used).toContain('--once');
  for (const option of used) expect(HELP).toContain(option);
});
