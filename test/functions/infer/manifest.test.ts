import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RELEASE_FILES, readFiles, readRelease, SERVING_FILES } from '../../../functions/infer/manifest.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { MemoryObjects } from './support.ts';

const FILES = {
  'score.onnx': Buffer.from('a score'),
  'move.onnx': Buffer.from('a move'),
  'trees.json': Buffer.from('{}'),
  'predictions.csv.gz': Buffer.from('predictions'),
};

const entries = Object.entries(FILES).map(([name, body]) => [
  name,
  { sha256: createHash('sha256').update(body).digest('hex'), bytes: body.length },
]);
const MANIFEST = {
  format: 2,
  version: 'v1.2.3',
  trainedAt: '2026-03-01T10:00:00+00:00',
  horizonDays: 20,
  features: ['ret_1d', 'vol_20d', 'vol_60d'],
  neutralTo: ['vol_20d', 'vol_60d'],
  classes: ['SELL', 'HOLD', 'BUY'],
  baseRates: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 },
  paramsHash: 'abc',
  calibration: { move: { scale: 1, bias: 0 }, direction: { slope: 0.05 }, excess: { slope: 0.001 } },
  metrics: { logLoss: 1.05 },
  files: Object.fromEntries(entries),
  libraries: { lightgbm: '4.6.0' },
};

/** A release in the folder `r`, with some files changed, or left out if undefined. */
function store(changes: Record<string, Uint8Array | string | undefined> = {}): MemoryObjects {
  const objects = new MemoryObjects();
  const all = { ...FILES, 'manifest.json': JSON.stringify(MANIFEST), ...changes };
  for (const [name, body] of Object.entries(all)) {
    if (body !== undefined) objects.bodies.set(`r/${name}`, Buffer.from(body));
  }
  return objects;
}

async function fault(changes: Record<string, Uint8Array | string | undefined>): Promise<string> {
  const error = await readRelease(store(changes), 'r').then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelError);
  return error.message;
}

describe('readRelease', () => {
  test('returns the manifest and its files', async () => {
    const { manifest, files } = await readRelease(store(), 'r');
    expect(manifest).toEqual(MANIFEST);
    expect(files).toEqual(FILES);
  });

  test('reads the files that are asked for, without the others', async () => {
    const { files } = await readFiles(store({ 'predictions.csv.gz': undefined }), 'r', SERVING_FILES);
    const { 'predictions.csv.gz': _, ...served } = FILES;
    expect(files).toEqual(served);
  });

  test.each(['manifest.json', ...RELEASE_FILES])('rejects a release without %s', async (name) => {
    expect(await fault({ [name]: undefined })).toBe(`model r/${name}: is missing`);
  });

  test.each(RELEASE_FILES)('rejects a flipped bit in %s', async (name) => {
    const body = Buffer.from(FILES[name]);
    body[1] = (body[1] as number) ^ 1;
    const sha256 = createHash('sha256').update(body).digest('hex').slice(0, 12);
    expect(await fault({ [name]: body })).toBe(
      `model r/${name}: is not the file that the manifest names (sha256 ${sha256}…)`,
    );
  });

  test('rejects a manifest that is not JSON', async () => {
    expect(await fault({ 'manifest.json': '{"version":' })).toBe('model r/manifest.json: is not JSON');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a malformed version', { version: '1.2.3' }, 'version'],
    ['a time without a zone', { trainedAt: '2026-03-01T10:00:00' }, 'trainedAt'],
    ['a horizon of 0 days', { horizonDays: 0 }, 'horizonDays'],
    ['no features', { features: [] }, 'features'],
    ['another order of classes', { classes: ['BUY', 'HOLD', 'SELL'] }, 'classes.0'],
    ['too few classes', { classes: ['SELL', 'HOLD'] }, 'classes'],
    ['a base rate of 0', { baseRates: { SELL: 0, HOLD: 0.7, BUY: 0.3 } }, 'baseRates.SELL'],
    ['too few base rates', { baseRates: { SELL: 0.3, HOLD: 0.7 } }, 'baseRates.BUY'],
    [
      'a calibration without a bias',
      { calibration: { ...MANIFEST.calibration, move: { scale: 1 } } },
      'calibration.move.bias',
    ],
    [
      'a slope below 0',
      { calibration: { ...MANIFEST.calibration, excess: { slope: -0.001 } } },
      'calibration.excess.slope',
    ],
    ['a score neutral to one input', { neutralTo: ['vol_20d'] }, 'neutralTo'],
    ['a score neutral to an unknown input', { neutralTo: ['vol_20d', 'rsi_14'] }, 'neutralTo'],
    [
      'a file without an entry',
      { files: { ...MANIFEST.files, 'trees.json': undefined } },
      'files.trees.json',
    ],
    [
      'a malformed digest',
      { files: { ...MANIFEST.files, 'trees.json': { sha256: 'ab', bytes: 2 } } },
      'files.trees.json.sha256',
    ],
  ])('rejects a manifest with %s and names the key', async (_, change, key) => {
    const message = await fault({ 'manifest.json': JSON.stringify({ ...MANIFEST, ...change }) });
    expect(message).toMatch(/^model r\/manifest\.json: /);
    expect(message).toContain(` ${key}: `);
  });

  test.each([
    [undefined, '1'],
    [3, '3'],
  ])('refuses a release of format %s, and names the format that it loads', async (format, named) => {
    const manifest = JSON.stringify({ ...MANIFEST, format, classes: undefined });
    expect(await fault({ 'manifest.json': manifest })).toBe(
      `model r/manifest.json: is of release format ${named}, which this version cannot load; train a release of format 2`,
    );
  });

  test('names every fault of a manifest at once', async () => {
    const message = await fault({
      'manifest.json': JSON.stringify({ ...MANIFEST, version: 'x', horizonDays: 1.5 }),
    });
    expect(message).toMatch(/version: .*; horizonDays: /);
  });
});
