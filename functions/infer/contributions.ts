import * as z from 'zod';
import { ModelError } from '../shared/errors.ts';

/**
 * One tree as arrays, by internal node and by leaf. A child of 0 or more is an internal node; a negative child is the
 * leaf ~child. `cover` and `leafCover` are the numbers of training rows that passed.
 */
const Tree = z
  .object({
    feature: z.array(z.int()),
    threshold: z.array(z.number()),
    left: z.array(z.int()),
    right: z.array(z.int()),
    cover: z.array(z.number()),
    leafValue: z.array(z.number()).min(1),
    leafCover: z.array(z.number()),
  })
  .refine(({ feature, threshold, left, right, cover, leafValue, leafCover }) => {
    const nodes = feature.length;
    const exists = (child: number) => (child < 0 ? ~child < leafValue.length : child < nodes);
    const sameLength = [threshold, left, right, cover].every(({ length }) => length === nodes);
    return sameLength && leafCover.length === leafValue.length && [...left, ...right].every(exists);
  });
type Tree = z.output<typeof Tree>;

const TreeEnsemble = z.object({
  format: z.literal(1),
  features: z.array(z.string()),
  baseScore: z.number(),
  trees: z.array(Tree),
});
export type TreeEnsemble = z.output<typeof TreeEnsemble>;

/** @throws ModelError if the file is not an ensemble over these features in this order */
export function parseTrees(body: Uint8Array, features: string[]): TreeEnsemble {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ModelError('model trees.json: is not JSON', { cause });
  }
  const parsed = TreeEnsemble.safeParse(value);
  if (!parsed.success) throw new ModelError('model trees.json: is not a tree ensemble of format 1');
  if (parsed.data.features.join() !== features.join()) {
    throw new ModelError('model trees.json: its features are not those of the manifest in the same order');
  }
  return parsed.data;
}

/** The prediction without any feature: the average over the training rows. */
export function baseline(ensemble: TreeEnsemble): number {
  let sum = ensemble.baseScore;
  for (const tree of ensemble.trees) sum += expectedValue(tree);
  return sum;
}

/**
 * The prediction of one row.
 *
 * @param row - one value per feature, in single precision like the trees' thresholds
 */
export function predictionOf(ensemble: TreeEnsemble, row: ArrayLike<number>): number {
  let sum = ensemble.baseScore;
  for (const tree of ensemble.trees) {
    let node = tree.feature.length > 0 ? 0 : -1;
    while (node >= 0) {
      const goesLeft = (row[tree.feature[node] as number] as number) <= (tree.threshold[node] as number);
      node = (goesLeft ? tree.left[node] : tree.right[node]) as number;
    }
    sum += tree.leafValue[~node] as number;
  }
  return sum;
}

/**
 * Each feature's share in the prediction of one row: exact Shapley values of the trees' conditional expectations
 * (TreeSHAP, algorithm 2 of Lundberg, Erion and Lee 2018). Together with {@link baseline} they sum to the prediction.
 *
 * @param row - one value per feature, in single precision like the trees' thresholds
 */
export function contributionsOf(ensemble: TreeEnsemble, row: ArrayLike<number>): number[] {
  const result = new Array<number>(ensemble.features.length).fill(0);
  for (const tree of ensemble.trees) {
    if (tree.feature.length > 0) descend(tree, row, result, 0, [], 1, 1, -1);
  }
  return result;
}

/** A feature on the path from the root: the share of rows that pass without it, and whether this row passes. */
interface PathElement {
  feature: number;
  zero: number;
  one: number;
  weight: number;
}

/** Walks both branches with the weights of the feature subsets, and adds each leaf's value to the path's features. */
function descend(
  tree: Tree,
  row: ArrayLike<number>,
  result: number[],
  node: number,
  parentPath: PathElement[],
  zero: number,
  one: number,
  feature: number,
): void {
  const path = extend(parentPath, zero, one, feature);
  if (node < 0) {
    const value = tree.leafValue[~node] as number;
    for (let i = 1; i < path.length; i++) {
      const element = path[i] as PathElement;
      const index = element.feature;
      result[index] =
        (result[index] as number) + unwoundWeight(path, i) * (element.one - element.zero) * value;
    }
    return;
  }
  const split = tree.feature[node] as number;
  const left = tree.left[node] as number;
  const right = tree.right[node] as number;
  const goesLeft = (row[split] as number) <= (tree.threshold[node] as number);
  const [hot, cold] = goesLeft ? [left, right] : [right, left];
  const cover = coverOf(tree, node);
  // A feature that is already on the path leaves it, so that it occurs once, with both of its conditions.
  const met = path.findIndex((element, i) => i > 0 && element.feature === split);
  const before = met > 0 ? (path[met] as PathElement) : { zero: 1, one: 1 };
  const onward = met > 0 ? unwind(path, met) : path;
  descend(tree, row, result, hot, onward, (before.zero * coverOf(tree, hot)) / cover, before.one, split);
  descend(tree, row, result, cold, onward, (before.zero * coverOf(tree, cold)) / cover, 0, split);
}

function extend(path: PathElement[], zero: number, one: number, feature: number): PathElement[] {
  const depth = path.length;
  const result = path.map((element) => ({ ...element }));
  result.push({ feature, zero, one, weight: depth === 0 ? 1 : 0 });
  for (let i = depth - 1; i >= 0; i--) {
    const current = result[i] as PathElement;
    const next = result[i + 1] as PathElement;
    next.weight += (one * current.weight * (i + 1)) / (depth + 1);
    current.weight = (zero * current.weight * (depth - i)) / (depth + 1);
  }
  return result;
}

function unwind(path: PathElement[], index: number): PathElement[] {
  const depth = path.length - 1;
  const result = path.map((element) => ({ ...element }));
  const { one, zero } = result[index] as PathElement;
  let carried = (result[depth] as PathElement).weight;
  for (let i = depth - 1; i >= 0; i--) {
    const current = result[i] as PathElement;
    if (one !== 0) {
      const weight = current.weight;
      current.weight = (carried * (depth + 1)) / ((i + 1) * one);
      carried = weight - (current.weight * zero * (depth - i)) / (depth + 1);
    } else {
      current.weight = (current.weight * (depth + 1)) / (zero * (depth - i));
    }
  }
  for (let i = index; i < depth; i++) {
    const next = result[i + 1] as PathElement;
    result[i] = { ...(result[i] as PathElement), feature: next.feature, zero: next.zero, one: next.one };
  }
  result.pop();
  return result;
}

/** The sum of the weights that {@link unwind} would leave, without building the path. */
function unwoundWeight(path: PathElement[], index: number): number {
  const depth = path.length - 1;
  const { one, zero } = path[index] as PathElement;
  let carried = (path[depth] as PathElement).weight;
  let total = 0;
  for (let i = depth - 1; i >= 0; i--) {
    const weight = (path[i] as PathElement).weight;
    if (one !== 0) {
      const unwound = (carried * (depth + 1)) / ((i + 1) * one);
      total += unwound;
      carried = weight - (unwound * zero * (depth - i)) / (depth + 1);
    } else {
      total += (weight * (depth + 1)) / (zero * (depth - i));
    }
  }
  return total;
}

function coverOf(tree: Tree, node: number): number {
  return (node < 0 ? tree.leafCover[~node] : tree.cover[node]) as number;
}

function expectedValue(tree: Tree): number {
  let rows = 0;
  let sum = 0;
  for (const [i, value] of tree.leafValue.entries()) {
    const cover = tree.leafCover[i] as number;
    rows += cover;
    sum += value * cover;
  }
  return rows > 0 ? sum / rows : (tree.leafValue[0] as number);
}
