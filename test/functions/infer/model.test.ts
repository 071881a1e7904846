import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Release, readRelease } from '../../../functions/infer/manifest.ts';
import { calibrate, Model, type Prediction } from '../../../functions/infer/model.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';

/** Real rows with the predictions of the Python trainer. */
interface Fixture {
  version: string;
  features: string[];
  rows: number[][];
  calibratedProbabilities: number[][];
  regressorPredictions: number[];
  /** One column per feature, then the expected value. */
  regressorContributions: number[][];
}

describe('calibrate', () => {
  const IDENTITY = { method: 'vector-scaling', scale: [1, 1, 1], bias: [0, 0, 0] } as const;
  const calibration = (scale: [number, number, number], bias: [number, number, number]) => ({
    method: 'vector-scaling' as const,
    scale,
    bias,
  });
  const close = (actual: number[], expected: number[]) =>
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 12);
    });

  test('keeps probabilities with scale 1 and bias 0', () => {
    close(calibrate([0.2, 0.5, 0.3], calibration([...IDENTITY.scale], [...IDENTITY.bias])), [0.2, 0.5, 0.3]);
  });

  test('squares and normalises probabilities with scale 2', () => {
    // 0.04, 0.25 and 0.09 of 0.38.
    close(calibrate([0.2, 0.5, 0.3], calibration([2, 2, 2], [0, 0, 0])), [4 / 38, 25 / 38, 9 / 38]);
  });

  test('triples the weight of a class with a bias of log 3', () => {
    // 0.2, 0.5 and 0.9 of 1.6.
    close(calibrate([0.2, 0.5, 0.3], calibration([1, 1, 1], [0, 0, Math.log(3)])), [0.125, 0.3125, 0.5625]);
  });

  test('scales each class by its own scale', () => {
    // 0.25 squared, the root of 0.25, and 0.5 unchanged: 0.0625, 0.5 and 0.5 of 1.0625.
    close(calibrate([0.25, 0.25, 0.5], calibration([2, 0.5, 1], [0, 0, 0])), [1 / 17, 8 / 17, 8 / 17]);
  });

  test.each([[[0, 0.4, 0.6]], [[0, 0, 1]], [[1e-30, 0.5, 0.5]], [[1, 0, 0]]])(
    'of %j stays finite and sums to 1',
    (raw) => {
      const result = calibrate(raw, calibration([1.7, 0.9, 1.2], [0.3, -0.2, 5]));
      expect(result.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      for (const value of result) expect(value).toBeGreaterThanOrEqual(0);
    },
  );

  test('does not overflow with a large bias', () => {
    close(calibrate([0.2, 0.5, 0.3], calibration([1, 1, 1], [0, 2000, 0])), [0, 1, 0]);
  });
});

describe('Model', () => {
  let release: Release;
  let model: Model;
  let fixture: Fixture;
  let predictions: Prediction[];
  beforeAll(async () => {
    release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
    model = await Model.load(release);
    fixture = JSON.parse(await readFile(new URL('fixture.json', import.meta.url), 'utf8'));
    predictions = await model.predict(fixture.rows);
  });

  const largest = (differences: number[]) => Math.max(...differences.map(Math.abs));

  test('has the version of the fixture', () => {
    expect(fixture.version).toBe(release.manifest.version);
    expect(fixture.features).toEqual(release.manifest.features);
    expect(fixture.rows.length).toBeGreaterThanOrEqual(32);
    expect(predictions).toHaveLength(fixture.rows.length);
  });

  test('predicts the probabilities recorded by the trainer', () => {
    predictions.forEach(({ probabilities }, i) => {
      const expected = fixture.calibratedProbabilities[i] as number[];
      expect(largest(probabilities.map((p, c) => p - (expected[c] as number))), `row ${i}`).toBeLessThan(
        2e-6,
      );
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    });
  });

  test('predicts the expected returns recorded by the trainer', () => {
    const differences = predictions.map(
      ({ expectedReturn }, i) => expectedReturn - (fixture.regressorPredictions[i] as number),
    );
    // Returns are about 0.01, where a float32 is exact to nine decimals.
    expect(largest(differences)).toBeLessThan(2e-7);
    expect(new Set(fixture.regressorPredictions).size).toBeGreaterThan(8);
  });

  test('computes the contributions recorded by the trainer', () => {
    predictions.forEach(({ contributions, baseReturn }, i) => {
      const expected = fixture.regressorContributions[i] as number[];
      expect(expected).toHaveLength(contributions.length + 1);
      const differences = [...contributions, baseReturn].map((value, f) => value - (expected[f] as number));
      expect(largest(differences), `row ${i}`).toBeLessThan(1e-6);
    });
  });

  test('computes contributions that sum to the expected return', () => {
    const differences = predictions.map(
      ({ contributions, baseReturn, expectedReturn }) =>
        contributions.reduce((a, b) => a + b, baseReturn) - expectedReturn,
    );
    expect(largest(differences)).toBeLessThan(1e-5);
  });

  test('predicts a row alone as among other rows', async () => {
    for (const i of [0, 7, 31]) {
      expect(await model.predict([fixture.rows[i] as number[]])).toEqual([predictions[i]]);
    }
  });

  test('predicts more rows than one call takes, in order', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => fixture.rows[i % fixture.rows.length] as number[]);
    const answers = await model.predict(many);
    expect(answers).toHaveLength(many.length);
    for (const i of [0, 1023, 1024, 1099]) expect(answers[i]).toEqual(predictions[i % fixture.rows.length]);
  });

  test('returns no predictions without rows', async () => {
    expect(await model.predict([])).toEqual([]);
  });

  test.each(['classifier.onnx', 'regressor.onnx'] as const)(
    'refuses a %s that the runtime cannot load',
    async (name) => {
      const loading = Model.load({
        ...release,
        files: { ...release.files, [name]: Buffer.from('not a model') },
      });
      await expect(loading).rejects.toBeInstanceOf(ModelError);
      await expect(loading).rejects.toThrow(`model ${release.manifest.version}/${name}: cannot be loaded`);
    },
  );

  test('rejects trees of other features', async () => {
    const manifest = { ...release.manifest, features: [...release.manifest.features].reverse() };
    await expect(Model.load({ ...release, manifest })).rejects.toThrow(/^model trees\.json: its features/);
  });
});
