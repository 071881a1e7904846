import * as ort from 'onnxruntime-node';
import { ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { baseline, contributionsOf, parseTrees, type TreeEnsemble } from './contributions.ts';
import type { Manifest, Release } from './manifest.ts';

/** The model's output for one row. */
export interface Prediction {
  /** Calibrated probabilities of SELL, HOLD and BUY; they sum to 1. */
  probabilities: [number, number, number];
  /** Expected return over the horizon, as a fraction. */
  expectedReturn: number;
  /** The expected return without any feature. Base return and contributions sum to the expected return. */
  baseReturn: number;
  /** Each feature's share in the expected return, in the manifest's order; empty if not requested. */
  contributions: number[];
}

/** Options of {@link Model.predict}. */
export interface PredictOptions {
  /** Whether to compute each row's contributions (default true), the slowest part. */
  contributions?: boolean;
}

/** Rows in one call of the runtime: enough for speed, few enough for constant memory. */
const ROWS_PER_CALL = 1024;

/**
 * One thread. With more, the order in which trees are summed depends on the number of rows and cores, so that an
 * instrument's prediction would depend on the others. One thread is no slower for models of this size.
 */
const SESSION_OPTIONS: ort.InferenceSession.SessionOptions = { intraOpNumThreads: 1 };

/** A loaded release: two ONNX sessions and the regressor's trees. */
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
   * Predicts rows.
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
    const values = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries()) values.set(row, i * width);
    const input = new ort.Tensor('float32', values, [rows.length, width]);
    const feeds = { input };
    // The classifier's other output, a label, is not a tensor and not used.
    const classified = await this.#classifier.run(feeds, ['probabilities']);
    const regressed = await this.#regressor.run(feeds);
    const probabilities = tensorOf(classified, 'probabilities');
    const returns = tensorOf(regressed, defined(this.#regressor.outputNames[0], 'output of the regressor'));
    const baseReturn = baseline(this.#trees);
    return rows.map((_, i) => ({
      probabilities: calibrate(probabilities.subarray(i * 3, i * 3 + 3), this.manifest.calibration),
      expectedReturn: defined(returns[i], 'expected return'),
      baseReturn,
      contributions: explain ? contributionsOf(this.#trees, values.subarray(i * width, (i + 1) * width)) : [],
    }));
  }
}

function tensorOf(outputs: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  return defined(outputs[name], `output ${name} of the model`).data as Float32Array;
}

/**
 * Vector scaling: softmax of each class's log-probability, scaled and shifted (Guo et al. 2017, section 4.2).
 *
 * @param raw - the classifier's uncalibrated probabilities of SELL, HOLD and BUY
 */
export function calibrate(
  raw: ArrayLike<number>,
  { scale, bias }: Manifest['calibration'],
): [number, number, number] {
  const logit = (i: 0 | 1 | 2) =>
    scale[i] * Math.log(Math.max(defined(raw[i], 'probability'), 1e-12)) + bias[i];
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
