import * as ort from 'onnxruntime-node';
import { ModelError } from '../shared/errors.ts';
import { baseline, contributionsOf, parseTrees, type TreeEnsemble } from './contributions.ts';
import type { Manifest, Release } from './manifest.ts';

/** What the model says of one row. */
export interface Prediction {
  /** Calibrated probabilities of SELL, HOLD and BUY; they sum to 1. */
  probabilities: [number, number, number];
  /** Expected return over the horizon, as a fraction. */
  expectedReturn: number;
  /** The expected return before any feature is known; with the contributions it sums to the expected return. */
  baseReturn: number;
  /** What each feature adds to the expected return, in the manifest's order; empty where they were not asked for. */
  contributions: number[];
}

/** What to compute beside the predictions. */
export interface PredictOptions {
  /** Whether to compute each row's contributions (default true), which takes longer than all the rest. */
  contributions?: boolean;
}

/** Rows in one call of the runtime: enough to keep it busy, few enough to keep memory flat. */
const ROWS_PER_CALL = 1024;

/**
 * One thread: with more, the order in which trees are summed depends on how many rows and cores there are, and
 * an instrument's score on which others are scored with it. It is no slower for models of this size.
 */
const SESSION_OPTIONS: ort.InferenceSession.SessionOptions = { intraOpNumThreads: 1 };

/** A release, loaded: two ONNX sessions and the regressor's trees. */
export class Model {
  readonly manifest: Manifest;
  readonly #classifier: ort.InferenceSession;
  readonly #regressor: ort.InferenceSession;
  readonly #trees: TreeEnsemble;

  private constructor(
    manifest: Manifest,
    classifier: ort.InferenceSession,
    regressor: ort.InferenceSession,
    trees: TreeEnsemble,
  ) {
    this.manifest = manifest;
    this.#classifier = classifier;
    this.#regressor = regressor;
    this.#trees = trees;
  }

  /** @throws ModelError if the runtime cannot load a file of the release */
  static async load(release: Release): Promise<Model> {
    const session = async (name: 'classifier.onnx' | 'regressor.onnx') => {
      try {
        return await ort.InferenceSession.create(release.files[name], SESSION_OPTIONS);
      } catch (cause) {
        throw new ModelError(`model ${release.manifest.version}/${name}: cannot be loaded`, { cause });
      }
    };
    const trees = parseTrees(release.files['trees.json'], release.manifest.features);
    return new Model(
      release.manifest,
      await session('classifier.onnx'),
      await session('regressor.onnx'),
      trees,
    );
  }

  /**
   * Scores rows.
   *
   * @param rows - one array a row, in the order of the manifest's features; every value finite
   */
  async predict(rows: number[][], { contributions = true }: PredictOptions = {}): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let i = 0; i < rows.length; i += ROWS_PER_CALL) {
      predictions.push(...(await this.#predictSome(rows.slice(i, i + ROWS_PER_CALL), contributions)));
    }
    return predictions;
  }

  async #predictSome(rows: number[][], explain: boolean): Promise<Prediction[]> {
    const width = this.manifest.features.length;
    const values = Float32Array.from(rows.flat());
    const input = new ort.Tensor('float32', values, [rows.length, width]);
    const feeds = { input };
    // Only plain tensors are fetched: the classifier's other output is a label that nobody needs.
    const classified = await this.#classifier.run(feeds, ['probabilities']);
    const regressed = await this.#regressor.run(feeds);
    const probabilities = classified.probabilities?.data as Float32Array;
    const returns = regressed[this.#regressor.outputNames[0] ?? '']?.data as Float32Array;
    const baseReturn = baseline(this.#trees);
    return rows.map((_, i) => ({
      probabilities: calibrate(probabilities.subarray(i * 3, i * 3 + 3), this.manifest.calibration),
      expectedReturn: returns[i] ?? Number.NaN,
      baseReturn,
      contributions: explain ? contributionsOf(this.#trees, values.subarray(i * width, (i + 1) * width)) : [],
    }));
  }
}

/**
 * Vector scaling: softmax of each class's log-probability, scaled and shifted (Guo et al. 2017, section 4.2).
 *
 * @param raw - the classifier's own probabilities of SELL, HOLD and BUY
 */
export function calibrate(
  raw: ArrayLike<number>,
  { scale, bias }: Manifest['calibration'],
): [number, number, number] {
  const logit = (i: 0 | 1 | 2) => scale[i] * Math.log(Math.max(raw[i] ?? 0, 1e-12)) + bias[i];
  const logits = [logit(0), logit(1), logit(2)] as const;
  const top = Math.max(...logits);
  const [sell, hold, buy] = [
    Math.exp(logits[0] - top),
    Math.exp(logits[1] - top),
    Math.exp(logits[2] - top),
  ] as const;
  const sum = sell + hold + buy;
  return [sell / sum, hold / sum, buy / sum];
}
