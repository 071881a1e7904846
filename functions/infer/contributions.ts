import { z } from 'zod';
import { ModelError } from '../shared/errors.ts';

/**
 * One tree as arrays. A child index at or above 0 is an internal node, below 0 the leaf ~index; `cover` and
 * `leafCover` count the training rows that passed.
 */
const Tree = z.object({
  feature: z.array(z.int()),
  threshold: z.array(z.number()),
  left: z.array(z.int()),
  right: z.array(z.int()),
  cover: z.array(z.number()),
  leafValue: z.array(z.number()).min(1),
  leafCover: z.array(z.number()),
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
    throw new ModelError('model trees.json: its features are not the manifest’s, or in another order');
  }
  return parsed.data;
}

/** The prediction before any feature is known: the average over the training rows. */
export function baseline(ensemble: TreeEnsemble): number {
  let sum = ensemble.baseScore;
  for (const tree of ensemble.trees) sum += expectedValue(tree);
  return sum;
}

/**
 * What each feature adds to the prediction of one row: exact Shapley values of the trees' conditional
 * expectations (TreeSHAP, algorithm 2 of Lundberg, Erion and Lee 2018). With {@link baseline} they sum to the
 * prediction.
 *
 * @param row - one value a feature, single precision as the trees' thresholds are
 */
export function contributionsOf(ensemble: TreeEnsemble, row: ArrayLike<number>): number[] {
  const result = new Array<number>(ensemble.features.length).fill(0);
  for (const tree of ensemble.trees) {
    if (tree.feature.length > 0) descend(tree, row, result, 0, [], 1, 1, -1);
  }
  return result;
}

/** One feature on the way from the root: the share of rows that pass without it, whether this row passes. */
interface PathElement {
  feature: number;
  zero: number;
  one: number;
  weight: number;
}

/** Walks both branches, carrying how many feature subsets lead here, and settles the account at each leaf. */
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
    const value = tree.leafValue[~node] ?? 0;
    for (let i = 1; i < path.length; i++) {
      const element = path[i] as PathElement;
      const index = element.feature;
      result[index] = (result[index] ?? 0) + unwoundWeight(path, i) * (element.one - element.zero) * value;
    }
    return;
  }
  const split = tree.feature[node] ?? 0;
  const left = tree.left[node] ?? 0;
  const right = tree.right[node] ?? 0;
  const goesLeft = (row[split] ?? Number.NaN) <= (tree.threshold[node] ?? 0);
  const [hot, cold] = goesLeft ? [left, right] : [right, left];
  const cover = coverOf(tree, node);
  // A feature met before is taken out of the path: it counts once, with both of its conditions.
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

/** The sum of weights that {@link unwind} would leave, without building the path. */
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
  return (node < 0 ? tree.leafCover[~node] : tree.cover[node]) ?? 0;
}

function expectedValue(tree: Tree): number {
  let rows = 0;
  let sum = 0;
  tree.leafValue.forEach((value, i) => {
    const cover = tree.leafCover[i] ?? 0;
    rows += cover;
    sum += value * cover;
  });
  return rows > 0 ? sum / rows : (tree.leafValue[0] ?? 0);
}
