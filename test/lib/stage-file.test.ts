import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchitecture, readSettings, reservesConcurrency } from '../../lib/settings.ts';
import { STAGE, StageFile } from '../../lib/settings-schema.ts';
import { describeOverrides, useStageFile } from '../../lib/stage-file.ts';

const SCALE = {
  size: 'scale',
  proxy: 'on',
  replica: 'on',
  budget: 400,
  concurrency: 'account',
  architecture: 'x86_64',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stages-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function nodeOf(context: Record<string, unknown>, file: unknown = SCALE) {
  writeFileSync(join(folder, 'prod.json'), typeof file === 'string' ? file : JSON.stringify(file));
  return new App({ context: { stage: 'prod', ...context } }).node;
}

describe('useStageFile', () => {
  test('gives a command with only the stage every setting of the file', () => {
    const node = nodeOf({});
    expect(useStageFile(node, folder)).toEqual([]);
    expect(readSettings(node)).toMatchObject({
      stage: 'prod',
      size: 'scale',
      proxy: 'on',
      replica: 'on',
      budget: 400,
    });
    expect(reservesConcurrency(node)).toBe(false);
    expect(readArchitecture(node)).toBe('x86_64');
  });

  test('reads a file with a byte order mark, as some editors write it', () => {
    const node = nodeOf({}, `\uFEFF${JSON.stringify(SCALE)}`);
    expect(useStageFile(node, folder)).toEqual([]);
    expect(readSettings(node)).toMatchObject({ size: 'scale', budget: 400 });
  });

  test('prefers a setting of the command, and reports how it differs from the file', () => {
    const node = nodeOf({ budget: '500', intraday: 'on', size: 'scale' });
    const overrides = useStageFile(node, folder);
    expect(describeOverrides('prod', overrides)).toBe(
      'This command overrides stages/prod.json: intraday=on (the file does not set it), budget=500 (the file has 400)',
    );
    expect(readSettings(node)).toMatchObject({ size: 'scale', budget: 500, intraday: 'on' });
  });

  test.each([
    ['a value', { size: 'huge' }, 'stages/prod.json: setting "size" is "huge": use one of small, scale'],
    ['a key', { sise: 'small' }, 'stages/prod.json has the unknown setting "sise": use one of size, region'],
    ['the stage', { stage: 'prod' }, 'stages/prod.json has the unknown setting "stage"'],
    ['a list', [], 'stages/prod.json must be one JSON object with settings'],
    ['JSON', '{"size": }', 'stages/prod.json is not JSON'],
  ])('refuses a file in which %s is wrong', (_, file, message) => {
    expect(() => useStageFile(nodeOf({}, file), folder)).toThrow(message);
  });

  test('refuses a stage without a file, because the defaults could shrink it', () => {
    const { node } = new App({ context: { stage: 'staging' } });
    expect(() => useStageFile(node, folder)).toThrow('stages/staging.json cannot be read: create it');
  });
});

describe('the files in stages/', () => {
  const stages = join(import.meta.dirname, '../../stages');

  test('exist for every stage, and are valid', () => {
    expect(readdirSync(stages).sort()).toEqual([...STAGE.options].sort().map((stage) => `${stage}.json`));
    for (const stage of STAGE.options) {
      const { node } = new App({ context: { stage } });
      expect(useStageFile(node)).toEqual([]);
      expect(readSettings(node, undefined)).toMatchObject({ stage, size: 'small' });
    }
  });

  test('have valid examples in the runbook', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const examples = [...text.matchAll(/```json stages\/prod\.json\n([\s\S]*?)```/g)].map(([, json = '']) =>
      JSON.parse(json),
    );
    expect(examples.map(({ size }) => size)).toEqual(['small', 'scale']);
    for (const example of examples) {
      expect(StageFile.safeParse(example).error).toBeUndefined();
      expect(() => readSettings(new App({ context: example }).node, undefined)).not.toThrow();
    }
  });
});
