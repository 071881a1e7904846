import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { refused } from './command-support.ts';
import { active, here, release } from './model-support.ts';

describe('a release that cannot be', () => {
  beforeAll(async () => {
    expect((await here('register', await release('v1.0.0'))).code).toBe(0);
  });
  const json = (directory: string) => join(directory, 'manifest.json');
  async function edit(directory: string, change: (text: string) => string): Promise<void> {
    await writeFile(json(directory), change(await readFile(json(directory), 'utf8')));
  }
  /** Puts another body in a file's place, and its hash in the manifest. */
  async function replace(directory: string, name: string, body: Uint8Array): Promise<void> {
    await writeFile(join(directory, name), body);
    const manifest = JSON.parse(await readFile(json(directory), 'utf8'));
    const sha256 = createHash('sha256').update(body).digest('hex');
    manifest.files[name] = { sha256, bytes: body.length };
    await writeFile(json(directory), JSON.stringify(manifest));
  }
  /** Its features as they are, changed, in the manifest and in the trees. */
  async function rename(directory: string, change: (features: string[]) => string[], trees: boolean) {
    const parsed = JSON.parse(await readFile(join(directory, 'trees.json'), 'utf8'));
    const features = change([...parsed.features]);
    if (trees) await replace(directory, 'trees.json', Buffer.from(JSON.stringify({ ...parsed, features })));
    await edit(directory, (text) => JSON.stringify({ ...JSON.parse(text), features }));
  }

  test.each<[string, (directory: string) => Promise<unknown>, RegExp]>([
    ['no manifest', (d) => rm(json(d)), /manifest\.json: is missing/],
    ['another file', (d) => writeFile(join(d, 'trees.json'), '{}'), /trees\.json: is not the file that/],
    ['NaN in its metrics', (d) => edit(d, (t) => t.replace('"ece":0.01', '"ece":NaN')), /is not JSON/],
    [
      'a number beyond all numbers',
      (d) => edit(d, (t) => t.replace('"ece":0.01', '"ece":1e999')),
      /metrics\.ece: is Infinity, not a finite number/,
    ],
    [
      'a feature that is no input',
      (d) => rename(d, ([, ...rest]) => ['ret_2d', ...rest], true),
      /needs inputs that the view model_inputs lacks: ret_2d/,
    ],
    [
      'a feature twice',
      (d) => rename(d, ([first = '', , ...rest]) => [first, first, ...rest], true),
      /features: names a feature twice/,
    ],
    [
      'features in another order than its trees',
      (d) => rename(d, ([a = '', b = '', ...rest]) => [b, a, ...rest], false),
      /features are not the manifest.s, or in another order/,
    ],
    [
      'a feature less than its models take',
      (d) => rename(d, (features) => features.slice(1), true),
      /cannot score a row of its \d+ features/,
    ],
    [
      'a model that is none',
      (d) => replace(d, 'regressor.onnx', Buffer.from('none')),
      /regressor\.onnx: cannot be loaded/,
    ],
    [
      'the version of another training',
      (d) => edit(d, (t) => JSON.stringify({ ...JSON.parse(t), version: 'v1.0.0', paramsHash: 'x' })),
      /model v1\.0\.0 is already registered from another training/,
    ],
  ])('with %s exits 2 with one line, and leaves the active model as it was', async (_, spoil, message) => {
    const directory = await release('v2.0.0');
    await spoil(directory);
    const answer = await here('register', directory);
    expect(answer).toMatchObject({ code: 2, out: '' });
    expect(answer.error.trimEnd().split('\n')).toHaveLength(1);
    expect(answer.error).toMatch(message);
    expect(await active()).toEqual(['v1.0.0']);
  });

  test.each(['nowhere', '.'])('in %s exits 2', async (directory) => {
    expect((await here('register', directory)).code).toBe(2);
  });

  test('in a file exits 2', async () => {
    const message = `register: ${import.meta.filename} is not a folder`;
    expect(await here('register', import.meta.filename)).toEqual(refused(message));
  });
});
