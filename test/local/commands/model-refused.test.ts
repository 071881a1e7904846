import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { refused } from './command-support.ts';
import { active, here, release } from './model-support.ts';

describe('registering an invalid release', () => {
  beforeAll(async () => {
    expect((await here('register', await release('v1.0.0'))).code).toBe(0);
    expect((await here('promote', 'v1.0.0', '--force', 'the first')).code).toBe(0);
  });
  const json = (directory: string) => join(directory, 'manifest.json');
  async function edit(directory: string, change: (text: string) => string): Promise<void> {
    await writeFile(json(directory), change(await readFile(json(directory), 'utf8')));
  }
  /** Replaces a file and its hash in the manifest. */
  async function replace(directory: string, name: string, body: Uint8Array): Promise<void> {
    await writeFile(join(directory, name), body);
    const manifest = JSON.parse(await readFile(json(directory), 'utf8'));
    const sha256 = createHash('sha256').update(body).digest('hex');
    manifest.files[name] = { sha256, bytes: body.length };
    await writeFile(json(directory), JSON.stringify(manifest));
  }
  /** Changes the feature names in the manifest and, on request, in the trees. */
  async function rename(directory: string, change: (features: string[]) => string[], trees: boolean) {
    const parsed = JSON.parse(await readFile(join(directory, 'trees.json'), 'utf8'));
    const features = change([...parsed.features]);
    if (trees) await replace(directory, 'trees.json', Buffer.from(JSON.stringify({ ...parsed, features })));
    await edit(directory, (text) => JSON.stringify({ ...JSON.parse(text), features }));
  }

  test.each<[string, (directory: string) => Promise<unknown>, RegExp]>([
    ['a release without a manifest', (d) => rm(json(d)), /manifest\.json: is missing/],
    [
      'a file that differs from its hash',
      (d) => writeFile(join(d, 'trees.json'), '{}'),
      /trees\.json: is not the file that/,
    ],
    [
      'a metric of NaN',
      (d) => edit(d, (t) => t.replace('"ece":{"value":0.01', '"ece":{"value":NaN')),
      /is not JSON/,
    ],
    [
      'an infinite metric',
      (d) => edit(d, (t) => t.replace('"ece":{"value":0.01', '"ece":{"value":1e999')),
      /metrics\.ece\.value: is Infinity, not a finite number/,
    ],
    [
      'an unknown feature',
      (d) => rename(d, ([, ...rest]) => ['ret_2d', ...rest], true),
      /needs inputs that the view model_inputs lacks: ret_2d/,
    ],
    [
      'a repeated feature',
      (d) => rename(d, ([first = '', , ...rest]) => [first, first, ...rest], true),
      /features: names a feature twice/,
    ],
    [
      'features in another order than in the trees',
      (d) => rename(d, ([a = '', b = '', ...rest]) => [b, a, ...rest], false),
      /features are not those of the manifest in the same order/,
    ],
    [
      'one feature fewer than the models expect',
      (d) => rename(d, (features) => features.slice(1), true),
      /cannot score a row of its \d+ features/,
    ],
    [
      'a file that is not a model',
      (d) => replace(d, 'score.onnx', Buffer.from('none')),
      /score\.onnx: cannot be loaded/,
    ],
    [
      'a registered version with another training',
      (d) => edit(d, (t) => JSON.stringify({ ...JSON.parse(t), version: 'v1.0.0', paramsHash: 'x' })),
      /model v1\.0\.0 is already registered from another training/,
    ],
  ])('rejects %s with one line and exit 2, and keeps the active model', async (_, spoil, message) => {
    const directory = await release('v2.0.0');
    await spoil(directory);
    const answer = await here('register', directory);
    expect(answer).toMatchObject({ code: 2, out: '' });
    expect(answer.error.trimEnd().split('\n')).toHaveLength(1);
    expect(answer.error).toMatch(message);
    expect(await active()).toEqual(['v1.0.0']);
  });

  test.each(['nowhere', '.'])('rejects the folder %s with exit 2', async (directory) => {
    expect((await here('register', directory)).code).toBe(2);
  });

  test('rejects a file instead of a folder with exit 2', async () => {
    const message = `register: ${import.meta.filename} is not a folder`;
    expect(await here('register', import.meta.filename)).toEqual(refused(message));
  });
});
