import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyContext, readStages } from './dockerfile.ts';

const read = (name: string) => readFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');

test('the image has the Node of the project', async () => {
  const { dependencies } = JSON.parse(await read('package.json'));
  expect(await read('Dockerfile')).toContain(`ARG NODE_VERSION=${dependencies.node}\n`);
});

test('the image runs without rights, in the folder that the compose file mounts', async () => {
  const [, final = []] = readStages(await read('Dockerfile'));
  const one = (wanted: string) => final.find(({ name }) => name === wanted)?.text;
  expect(one('USER')).toMatch(/^[1-9]\d*$/);
  expect(one('ENV')).toContain(`BOURSOMATIC_DATA_DIR=${one('VOLUME')}`);
  expect(await read('compose.yaml')).toContain(`volumes: ["data:${one('VOLUME')}"]`);
});

test('the compose file opens its port to this machine only', async () => {
  const ports = [...(await read('compose.yaml')).matchAll(/^ *ports: (.*)$/gm)].map(([, list]) => list);
  expect(ports).toEqual(['["127.0.0.1:8787:8787"]']);
});

describe('the files that Docker sends', () => {
  let folder: string;
  const sent = async () =>
    (await readdir(join(folder, 'to'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'to/').length))
      .sort();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-context-'));
    const files = [
      '.env',
      '.boursomatic/secrets/passwords.json',
      '.git/config',
      '.npmrc',
      'clients/typescript/dist/client.js',
      'clients/typescript/package.json',
      'functions/api/auth.lambda.ts',
      'local/commands/start.ts',
      'local/openapi-types/node_modules/typescript/package.json',
      'node_modules/zod/package.json',
      'notes.txt',
      'package.json',
      'stages/prod.json',
      'test/x.ts',
      'web/dist/index.html',
      'web/src/main.tsx',
    ];
    for (const file of files) {
      const path = join(folder, 'from', file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, 'x');
    }
    await mkdir(join(folder, 'to'));
    await copyContext(join(folder, 'from'), join(folder, 'to'), await read('.dockerignore'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are the sources of the service, without secrets, packages and built files', async () => {
    expect(await sent()).toEqual([
      '.npmrc',
      'clients/typescript/package.json',
      'functions/api/auth.lambda.ts',
      'local/commands/start.ts',
      'package.json',
      'web/src/main.tsx',
    ]);
  });
});

test('a Dockerfile is read stage by stage, with continued lines', () => {
  expect(readStages('ARG A=1\n\nFROM a AS b\nRUN one && \\\n    two\n# note\nFROM c\nUSER 1\n')).toEqual([
    [{ name: 'RUN', text: 'one &&      two' }],
    [{ name: 'USER', text: '1' }],
  ]);
});
