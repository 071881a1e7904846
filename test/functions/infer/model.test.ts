import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { DayScores, type Prediction, probabilitiesOf } from '../../../functions/infer/day-scores.ts';
import { type Release, readRelease } from '../../../functions/infer/manifest.ts';
import { Model, type RawScore } from '../../../functions/infer/model.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';

/** Real rows, taken as a whole day, with the results of the Python trainer for every step. */
interface Fixture {
  version: string;
  features: string[];
  rows: number[][];
  scores: number[];
  /** One column per feature, then the expected value. */
  contributions: number[][];
  neutralScores: number[];
  moves: number[];
  probabilities: number[][];
  excessReturns: number[];
}

let release: Release;
let model: Model;
let fixture: Fixture;
beforeAll(async () => {
  release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
  model = await Model.load(release);
  fixture = JSON.parse(await readFile(new URL('fixture.json', import.meta.url), 'utf8'));
});

const largest = (differences: number[]) => Math.max(...differences.map(Math.abs));
const apart = (actual: number[], expected: number[] | undefined) => {
  expect(expected).toHaveLength(actual.length);
  return largest(actual.map((value, i) => value - (expected?.[i] as number)));
};

describe('Model', () => {
  let scores: RawScore[];
  beforeAll(async () => {
    scores = await model.score(fixture.rows);
  });

  test('has the version of the fixture', () => {
    expect(fixture.version).toBe(release.manifest.version);
    expect(fixture.features).toEqual(release.manifest.features);
    expect(fixture.rows.length).toBeGreaterThanOrEqual(32);
  });

  test('scores the rows as the trainer did', () => {
    expect(
      apart(
        scores.map(({ score }) => score),
        fixture.scores,
      ),
    ).toBeLessThan(2e-6);
    expect(
      apart(
        scores.map(({ move }) => move),
        fixture.moves,
      ),
    ).toBeLessThan(1e-6);
    expect(new Set(fixture.scores).size).toBeGreaterThan(32);
  });

  test('computes the contributions recorded by the trainer, which sum to the score', () => {
    fixture.rows.forEach((row, i) => {
      const contributions = model.contributions(row);
      expect(apart([...contributions, model.baseScore], fixture.contributions[i]), `row ${i}`).toBeLessThan(
        1e-6,
      );
      const sum = contributions.reduce((a, b) => a + b, model.baseScore);
      expect(Math.abs(sum - (scores[i]?.score ?? Number.NaN)), `row ${i}`).toBeLessThan(1e-5);
    });
  });

  test('scores a row alone as among other rows', async () => {
    for (const i of [0, 7, 31]) {
      expect(await model.score([fixture.rows[i] as number[]])).toEqual([scores[i]]);
    }
  });

  test('scores more rows than one call takes, in order', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => fixture.rows[i % fixture.rows.length] as number[]);
    const answers = await model.score(many);
    expect(answers).toHaveLength(many.length);
    for (const i of [0, 1023, 1024, 1099]) expect(answers[i]).toEqual(scores[i % fixture.rows.length]);
  });

  test('returns no scores without rows', async () => {
    expect(await model.score([])).toEqual([]);
  });

  test.each(['score.onnx', 'move.onnx'] as const)(
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

describe('DayScores', () => {
  let day: DayScores;
  let predictions: Prediction[];
  beforeAll(async () => {
    ({ day, predictions } = await DayScores.of(model, fixture.rows));
  });

  test('equals the trainer in every step', () => {
    // The score is a float32 sum of 150 trees, divided by a deviation of about 1.
    expect(
      apart(
        predictions.map(({ score }) => score),
        fixture.neutralScores,
      ),
    ).toBeLessThan(5e-6);
    predictions.forEach(({ probabilities }, i) => {
      expect(apart(probabilities, fixture.probabilities[i]), `row ${i}`).toBeLessThan(2e-6);
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    });
    expect(
      apart(
        predictions.map(({ expectedExcess }) => expectedExcess),
        fixture.excessReturns,
      ),
    ).toBeLessThan(1e-8);
    expect(day.scores).toHaveLength(fixture.rows.length);
  });

  test('explains an expected excess fully', () => {
    fixture.rows.forEach((row, i) => {
      const { contributions, neutral } = day.explain(row);
      const sum = contributions.reduce((a, b) => a + b, neutral);
      expect(sum, `row ${i}`).toBeCloseTo(predictions[i]?.expectedExcess ?? Number.NaN, 7);
      expect(neutral).not.toBe(0);
    });
  });

  test('places the stocks of the day by their scores', () => {
    const n = predictions.length;
    const sorted = [...predictions].sort((a, b) => b.score - a.score);
    expect(new Set(sorted.map(({ score }) => score)).size).toBe(n);
    sorted.forEach(({ place }, i) => {
      expect(place).toBeCloseTo((i + 0.5) / n, 12);
    });
  });

  test('gives equal stocks the middle of their places', async () => {
    const [a = [], b = []] = fixture.rows;
    const { predictions: places } = await DayScores.of(model, [a, a, a, b]);
    const [first, second, third, other] = places.map(({ place }) => place);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect([first, other]).toEqual((first ?? 1) < (other ?? 0) ? [0.375, 0.875] : [0.625, 0.125]);
  });

  test('places another stock as if it was added to those of the day', async () => {
    const [row = []] = fixture.rows;
    const [own] = predictions;
    const placed = async (scores: number[]) => {
      const [prediction] = await new DayScores(model, day.fit, scores).predict([row]);
      expect(prediction).toEqual({ ...own, place: expect.any(Number) });
      return prediction?.place;
    };
    const z = own?.score ?? Number.NaN;
    expect(await placed([z - 3, z - 2, z - 1])).toBeCloseTo(0.5 / 4, 12);
    expect(await placed([z - 1, z + 1, z + 2])).toBeCloseTo(2.5 / 4, 12);
    expect(await placed([z + 1, z + 2, z + 3])).toBeCloseTo(3.5 / 4, 12);
    expect(await placed([z - 1, z, z + 1])).toBeCloseTo(1.5 / 3, 12);
  });

  test('depends on the whole day', async () => {
    const { predictions: half } = await DayScores.of(model, fixture.rows.slice(0, 32));
    expect(half[0]?.score).not.toBeCloseTo(predictions[0]?.score ?? Number.NaN, 3);
  });
});

describe('probabilitiesOf', () => {
  const calibration = { move: { scale: 1, bias: 0 }, direction: { slope: 0 }, excess: { slope: 0 } };

  test('splits the chance of a large move evenly without direction', () => {
    const [sell, hold, buy] = probabilitiesOf(calibration, 3, 0.6);
    expect(sell).toBeCloseTo(0.3, 12);
    expect(hold).toBeCloseTo(0.4, 12);
    expect(buy).toBeCloseTo(0.3, 12);
  });

  test('scales and shifts the log odds of a large move, and tilts it by the score', () => {
    // Odds of 3 squared and doubled are 18. A tilt of log 3 makes up three times as likely as down.
    const tilted = {
      move: { scale: 2, bias: Math.log(2) },
      direction: { slope: Math.log(3) / 2 },
      excess: { slope: 0 },
    };
    const [sell, hold, buy] = probabilitiesOf(tilted, 2, 0.75);
    expect(hold).toBeCloseTo(1 / 19, 12);
    expect(buy).toBeCloseTo((18 / 19) * 0.75, 12);
    expect(sell).toBeCloseTo((18 / 19) * 0.25, 12);
  });

  test.each([0, 1, 1e-30])('stays finite and sums to 1 for a probability of %d', (move) => {
    const all = probabilitiesOf({ ...calibration, move: { scale: 1.7, bias: 0.3 } }, 2, move);
    expect(all.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    for (const value of all) expect(value).toBeGreaterThanOrEqual(0);
  });
});

describe('the runtime', () => {
  const modules = ['functions/infer/manifest.ts', 'functions/infer/model.ts', 'functions/shared/objects.ts'];
  const LOAD = `
    const [{ readRelease }, { Model }, { openObjects }] = await Promise.all(process.argv.slice(2).map((url) => import(url)));
    const release = await readRelease(openObjects(process.argv[1]), '.');
    await Model.load(release);
    const damaged = release.files['score.onnx'];
    damaged[damaged.length >> 1] ^= 0x10;
    await Model.load(release).catch((error) => console.log(error.message));`;

  test('gathers no telemetry, and prints nothing about a file that it cannot load', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'boursomatic-model-'));
    const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env;
    const urls = modules.map((path) => new URL(`../../../${path}`, import.meta.url).href);
    const args = ['--input-type=module', '-e', LOAD, BUNDLED_RELEASE.href, ...urls];
    const options = { env: { ...inherited, TMPDIR: temporary } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
    expect(stdout).toBe(`model ${release.manifest.version}/score.onnx: cannot be loaded\n`);
    expect(stderr).toBe('');
    expect(await readdir(temporary)).toEqual([]);
    await rm(temporary, { recursive: true });
  });
});
