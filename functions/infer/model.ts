import * as ort from 'onnxruntime-node';
import { ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { baseline, contributionsOf, parseTrees, predictionOf, type TreeEnsemble } from './contributions.ts';
import type { Manifest, Release } from './manifest.ts';

/** The models' output for one row. */
export interface RawScore {
  /** Orders the stocks of a day before it is made neutral. */
  score: number;
  /** Probability of a large move, up or down, before calibration. */
  move: number;
}

// The runtime reads this when it creates its first session. Otherwise it collects data about its use for its vendor, and
// leaves files of it in the folder for temporary files.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** Rows in one call of the runtime: enough for speed, few enough for constant memory. */
const ROWS_PER_CALL = 1024;

/**
 * One thread. With more, the order in which trees are summed depends on the number of rows and cores, so that an
 * instrument's prediction would depend on the others. One thread is no slower for models of this size. The runtime
 * prints nothing (4), because it also throws its errors.
 */
const SESSION_OPTIONS: ort.InferenceSession.SessionOptions = { intraOpNumThreads: 1, logSeverityLevel: 4 };

/** A loaded release: two ONNX sessions and the trees of the score. */
export class Model {
  readonly manifest: Manifest;
  /** The sha256 of its release; see {@link Release}. */
  readonly sha256: string;
  /** The score without any feature. It and a row's contributions sum to the row's score. */
  readonly baseScore: number;
  readonly #score: ort.InferenceSession;
  readonly #move: ort.InferenceSession;
  readonly #trees: TreeEnsemble;

  private constructor(
    { manifest, sha256 }: Pick<Release, 'manifest' | 'sha256'>,
    score: ort.InferenceSession,
    move: ort.InferenceSession,
    trees: TreeEnsemble,
  ) {
    this.manifest = manifest;
    this.sha256 = sha256;
    this.baseScore = baseline(trees);
    this.#score = score;
    this.#move = move;
    this.#trees = trees;
  }

  /** @throws ModelError if the runtime cannot load a file of the release */
  static async load(release: Release): Promise<Model> {
    const { manifest, files } = release;
    const session = async (name: 'score.onnx' | 'move.onnx') => {
      try {
        return await ort.InferenceSession.create(files[name], SESSION_OPTIONS);
      } catch (cause) {
        throw new ModelError(`model ${manifest.version}/${name}: cannot be loaded`, { cause });
      }
    };
    const trees = parseTrees(files['trees.json'], manifest.features);
    return new Model(release, await session('score.onnx'), await session('move.onnx'), trees);
  }

  /**
   * Runs both models.
   *
   * @param rows - one array a row, in the order of the manifest's features; every value finite
   */
  async score(rows: readonly (readonly number[])[]): Promise<RawScore[]> {
    const scores: RawScore[] = [];
    for (let i = 0; i < rows.length; i += ROWS_PER_CALL) {
      scores.push(...(await this.#scoreSome(rows.slice(i, i + ROWS_PER_CALL))));
    }
    return scores;
  }

  /** Each feature's share in the score of a row, in the manifest's order: exact TreeSHAP, the slowest part. */
  contributions(row: readonly number[]): number[] {
    return contributionsOf(this.#trees, Float32Array.from(row));
  }

  /** The score of a row by the trees instead of ONNX. */
  scoreOfTrees(row: readonly number[]): number {
    return predictionOf(this.#trees, Float32Array.from(row));
  }

  async #scoreSome(rows: readonly (readonly number[])[]): Promise<RawScore[]> {
    const width = this.manifest.features.length;
    const values = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries()) values.set(row, i * width);
    const feeds = { input: new ort.Tensor('float32', values, [rows.length, width]) };
    const scores = tensorOf(await this.#score.run(feeds, ['variable']), 'variable');
    // The other output of move.onnx, a label, is not used.
    const moves = tensorOf(await this.#move.run(feeds, ['probabilities']), 'probabilities');
    return rows.map((_, i) => ({
      score: defined(scores[i], 'score of a row'),
      move: defined(moves[2 * i + 1], 'probability of a large move'),
    }));
  }
}

function tensorOf(outputs: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  return defined(outputs[name], `output ${name} of the model`).data as Float32Array;
}
